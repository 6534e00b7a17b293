"""The course's steps: 100 people who come five a second, then 300 who come thirty a second, then nobody."""

from plan import Stage
from shapes.stages import Stages


class Steps(Stages):
    """Each step is held for `--hold` seconds, the last as long: time to grow, time to shrink."""

    def stages(self, hold):
        return [Stage(100 / 5 + hold, 100, 5), Stage(200 / 30 + hold, 300, 30), Stage(300 / 30 + hold, 0, 30)]
