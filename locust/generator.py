"""How the generator itself was doing: a machine that is out of breath makes few requests and blames the server."""

import logging
import time

import gevent
import psutil

SECOND = 1.0
WINDOW = 10  # seconds over which the busiest stretch is told
LATE = 0.1  # seconds; whoever wakes up later than that measures the machine that it runs on


class Generator:
    """The process' share of one core, and how late it was at what it wanted to do at a certain time."""

    def __init__(self, environment):
        self.warned = False
        self.late = 0.0
        self.late_seconds = 0
        self._samples = []
        self._watching = None
        environment.events.cpu_warning.add_listener(self._warn)

    def begin(self):
        """Begins to look, once a second."""
        self._samples = [self._now()]
        self._watching = gevent.spawn(self._watch)

    def end(self):
        """Stops looking."""
        if self._watching:
            self._watching.kill()
            self._samples.append(self._now())

    @property
    def seconds(self):
        """How many times it was looked."""
        return max(len(self._samples) - 1, 1)

    @property
    def average(self):
        """Cores taken on average."""
        return _cores(self._samples[0], self._samples[-1]) if self._samples else 0.0

    @property
    def busiest(self):
        """Cores taken in the busiest ten seconds, or in all if there are not as many."""
        stretches = zip(self._samples, self._samples[WINDOW:])
        return max((_cores(*stretch) for stretch in stretches), default=self.average)

    def _watch(self):
        while True:
            due = time.perf_counter() + SECOND
            gevent.sleep(SECOND)
            late = time.perf_counter() - due
            self.late = max(self.late, late)
            self.late_seconds += late > LATE
            self._samples.append(self._now())

    def _now(self):
        times = psutil.Process().cpu_times()
        return time.perf_counter(), times.user + times.system

    def _warn(self, cpu_usage, **_):
        logging.warning("The generator takes %.0f %% of a core", cpu_usage)
        self.warned = True


def _cores(begin, end):
    seconds = end[0] - begin[0]
    return (end[1] - begin[1]) / seconds if seconds > 0 else 0.0
