"""A shape that is told stage by stage, so that what it is to bring can be worked out beforehand (plan.py)."""

from locust import LoadTestShape


class Stages(LoadTestShape):
    """Goes through its stages, one after the other, and ends the run."""

    abstract = True

    def stages(self, hold):
        """The stages, `hold` being how many seconds each step is to be held."""
        raise NotImplementedError

    def chosen(self, options):
        """The stages of a run with these options."""
        return [stage.with_people(options.people) for stage in self.stages(options.hold)]

    def tick(self):
        """Locust asks once a second: users and rate, or None at the end."""
        now = self.get_run_time()
        for stage in self.chosen(self.runner.environment.parsed_options):
            if now < stage.seconds:
                return stage.users, stage.rate
            now -= stage.seconds
        return None
