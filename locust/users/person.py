"""Somebody with a browser: one click after the other, one connection kept open, cookies."""

import time
from contextlib import contextmanager

from gevent import GreenletExit
from gevent.event import Event
from locust import FastHttpUser, task
from locust.user.task import LOCUST_STATE_STOPPING

from browser import AGENT, Asks, Unexpected, follow_no_redirects, unverified
from plan import Kind


class Person(Asks, FastHttpUser):
    """Clicks when it is due (plan.py), and gives up what was begun when an answer makes no sense.

    `cycle` names the clicks, one after the other, and then from the begin, with the requests of each: as many as the gate asks
    for. A click that may make more, when there is something to see, names those that it always makes.
    """

    abstract = True
    insecure = True
    ssl_context_factory = staticmethod(unverified)
    concurrency = 1
    default_headers = {"User-Agent": AGENT}
    cycle = ()
    signing_in = 0
    rests = 0  # Clicks at the end of the cycle that one may begin with.
    suite = None  # What the run was made of, set before the first person comes (locustfile.py).

    @classmethod
    def kind(cls):
        """What the plan has to know."""
        return Kind(cls.__name__, tuple(requests for _, requests in cls.cycle), cls.signing_in, cls.rests)

    def __init__(self, environment):
        super().__init__(environment)
        follow_no_redirects(self.client)
        self.counts = self.suite.gate.counts
        self.current = None
        self.step = 0
        self._leaving = Event()

    def on_start(self):
        """Comes."""
        self.number = self.counts.come(type(self).__name__)
        self.step = self.kind().first(self.number)
        self._came = time.perf_counter()
        self._schedule = self.suite.habits.due(self.number)
        self._due, self._anew = next(self._schedule)

    def wait_time(self):
        """Waits for the next click. What was due while an answer was waited for is lost: nobody clicks twice as fast after."""
        now = time.perf_counter() - self._came
        self.counts.held_up = max(self.counts.held_up, now - self._due)
        while self._due <= now:
            self._due, self._anew = next(self._schedule)
        self._leaving.wait(self._due - now)
        return 0

    def stop(self, force=False):
        """Leaves, if need be after the click at hand. Locust would kill whom it has seen waiting, who may click by then."""
        if force:
            return super().stop(force)
        self._state = LOCUST_STATE_STOPPING
        self._leaving.set()
        return False

    @task
    def click(self):
        """One click: the next of the cycle, or signing in anew."""
        anew = self._anew and self.signing_in
        name, requests = ("sign_in", self.signing_in) if anew else self.cycle[self.step % len(self.cycle)]
        with self._counted(requests):
            try:
                getattr(self, name)()
                self.step += not anew
            except Unexpected:
                self.step = 0
                self.start_over()

    def sign_in(self):
        """Signs in anew; people without an account never do."""

    def start_over(self):
        """Forgets what was begun, after an answer that was not expected."""

    def context(self):
        """What Locust tells with each request."""
        return {"click": self.current}

    @contextmanager
    def _counted(self, requests):
        cut_off = False
        self.current = self.counts.begin(requests)
        try:
            yield
        except GreenletExit:
            cut_off = True
            raise
        finally:
            self.counts.end(self.current, cut_off)
            self.current = None
