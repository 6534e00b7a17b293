"""What happened: clicks, requests and times, counted apart from Locust's statistics, which round and forget.

Above 100 ms Locust keeps two digits of a time, and a request that never ends is nowhere in it.
"""

import math
from array import array
from collections import Counter, defaultdict

PAGES, STORE, JOBS, MAILS = "pages", "store", "jobs", "mails"
_GROUPS = {"S3": STORE, "EVENTS": JOBS, "MAIL": MAILS}  # by the kind of request that Locust is told; the others are pages


class Click:
    """One click of a person, which makes as many requests as the plan says, or more."""

    def __init__(self, requests):
        self.requests = requests
        self.answered = 0


class Counts:
    """All of a run. Requests beyond those that a click was to make count as none, lest they hide others that are missing."""

    def __init__(self):
        self.begun = self.ended = self.cut_off = 0
        self.answered = self.failed = self.followed = 0
        self.held_up = 0.0
        self.people = Counter()
        self.times = defaultdict(lambda: array("d"))

    def come(self, kind):
        """Another person of this kind; the answer is their number."""
        number = self.people.total()
        self.people[kind] += 1
        return number

    def request(self, request_type, name, response_time, exception, context, **_):
        """Locust's event `request`."""
        self.times[request_type, name].append(response_time)
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

    def group(self, group):
        """How long everything of a group took."""
        rows = (times for (kind, _), times in self.times.items() if _GROUPS.get(kind, PAGES) == group)
        return told([time for row in rows for time in row])

    def of_jobs(self):
        """The same of the pages with jobs, behind which the stores are: where most people only look at the site, the others' pages
        would not show in what all of them took."""
        rows = (times for (kind, name), times in self.times.items() if kind not in _GROUPS and name.startswith("/annotat"))
        return told([time for row in rows for time in row])

    def rows(self):
        """The same of each page: its name, and how long it took, those asked for most often first."""
        rows = sorted(self.times.items(), key=lambda row: -len(row[1]))
        return {f"{kind} {name}": told(times) for (kind, name), times in rows}


def told(times):
    """How many there were, and within how many milliseconds 50, 95, 99 and 100 of 100 were answered; None if there were none."""
    ordered = sorted(times)
    within = {f"p{percent}": _percentile(ordered, percent) for percent in (50, 95, 99)}
    return {"count": len(ordered), **within, "longest": ordered[-1] if ordered else None}


def _percentile(ordered, percent):
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1] if ordered else None
