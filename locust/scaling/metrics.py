"""Points of metrics by minute, as CloudWatch shows them to alarms: late, and only where something was told."""


class Metrics:
    """`late` is for how many minutes a point cannot be seen yet. With two, a tracker asks for tasks between five and six minutes
    after a load has come; AWS has measured 363 s (https://classmethod.jp/en/articles/ecs-high-resolution-metrics-faster-autoscaling)."""

    def __init__(self, late=2):
        self.late, self.points = late, {}

    def tell(self, minute, figures):
        """Figures of a minute by metric; `None` is no point, as a load balancer without requests gives none."""
        for metric, value in figures.items():
            if value is not None:
                self.points.setdefault(metric, {})[minute] = value

    def window(self, metric, now, minutes, back=0):
        """The points of the minutes that end `back` minutes before `now`, oldest first; what is late is missing."""
        told = self.points.get(metric, {})
        return [told.get(m) if m < now - self.late else None for m in range(now - back - minutes, now - back)]
