"""A long day in half an hour: what leaks or fills up shows after a while."""

from plan import Stage
from shapes.stages import Stages


class Soak(Stages):
    """300 people, who come thirty a second, for `--hold` seconds."""

    def stages(self, hold):
        return [Stage(300 / 30 + hold, 300, 30)]
