"""How many tasks the policies of ecs/ would run: read from the templates, evaluated as Application Auto Scaling does.

`policies` reads them, `scaler` decides by them once a minute, `simulate` has them scale a model of a day and `rehearse`
containers that are there.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
