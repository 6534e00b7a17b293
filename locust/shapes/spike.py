"""A link on a much-read page: from a few people to ten times as many within seconds, and back."""

from plan import Stage
from shapes.stages import Stages


class Spike(Stages):
    """30 people, 300 for `--hold` seconds, 30 again."""

    def stages(self, hold):
        return [Stage(30 / 5 + 60, 30, 5), Stage(270 / 100 + hold, 300, 100), Stage(270 / 100 + 60, 30, 100)]
