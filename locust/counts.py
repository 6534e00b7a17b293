"""What happened: clicks, requests and times, counted apart from Locust's statistics, which round and forget.

Above 100 ms Locust keeps two digits of a time, and a request that never ends is nowhere in it.
"""

import math
from array import array
from collections import Counter

PAGES, STORE, JOBS = "pages", "store", "jobs"


class Click:
    """One click of a person, which makes as many requests as the plan says, or more."""

    def __init__(self, requests):
        self.requests = requests
        self.answered = 0


class Counts:
    """All of a run. Requests beyond those that a click was to make count as none, lest they hide others that are missing."""

    def __init__(self):
        self.begun = self.ended = self.cut_off = 0
        self.answered = self.failed = self.followed = self.unfinished = 0
        self.held_up = 0.0
        self.people = Counter()
        self.times = {PAGES: array("d"), STORE: array("d"), JOBS: array("d")}

    def come(self, kind):
        """Another person of this kind; the answer is their number."""
        number = self.people.total()
        self.people[kind] += 1
        return number

    def request(self, request_type, response_time, exception, context, **_):
        """Locust's event `request`."""
        group = {"S3": STORE, "EVENTS": JOBS}.get(request_type, PAGES)
        if request_type != "MAIL":
            self.times[group].append(response_time)
        self.failed += exception is not None
        click = (context or {}).get("click")
        if click:
            click.answered += 1

    def begin(self, requests):
        """A click begins."""
        self.begun += 1
        return Click(requests)

    def end(self, click, cut_off):
        """A click has ended, or the run's end has cut it off."""
        self.answered += min(click.answered, click.requests)
        self.cut_off += cut_off
        self.ended += not cut_off

    def percentile(self, group, percent):
        """The time in milliseconds within which so many of 100 were answered; None if nothing was asked."""
        times = sorted(self.times[group])
        return times[max(math.ceil(len(times) * percent / 100), 1) - 1] if times else None

    def longest(self, group):
        """The longest time in milliseconds."""
        return max(self.times[group], default=None)
