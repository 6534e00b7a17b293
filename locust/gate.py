"""Says whether a run has passed, and is its exit status.

Locust is a closed model: whoever waits for an answer asks for nothing else, so that a server that stalls is asked less, and
its statistics look fine. What still waits at the end is in no statistics at all, and a server that never answers makes a run of
0 requests, 0 failures and exit status 0. So what happened is compared with what was planned (plan.py).
"""

import json
import logging
import time
from pathlib import Path

from counts import JOBS, PAGES, STORE, Counts
from generator import Generator
from plan import Plan

BUSY = 0.9  # of a core: one process of Locust has no more
STARVED = 0.05  # of the seconds


class Gate:
    """Counts while a run goes on, and judges at its end."""

    def __init__(self, environment, stages, habits, limits, kinds):
        self.environment, self.limits, self.kinds = environment, limits, kinds
        self.plan = Plan(stages, habits)
        self.counts = Counts()
        self.generator = Generator(environment)
        self.seconds = 0.0
        self._begun = None
        events = environment.events
        events.request.add_listener(self.counts.request)
        events.test_start.add_listener(lambda **_: self._begin())
        events.test_stopping.add_listener(lambda **_: self._stop())
        events.test_stop.add_listener(lambda **_: self.generator.end())

    def _begin(self):
        self._begun = time.perf_counter()
        self.generator.begin()

    def _stop(self):
        # What is still on its way may end; the time for that is not the run's.
        self.seconds = time.perf_counter() - self._begun if self._begun else 0.0

    def measured(self):
        """What was planned and what happened, for people and as JSON."""
        counts, generator = self.counts, self.generator
        jobs = counts.group(JOBS)
        total = max(counts.people.total(), 1)
        shares = {kind: counts.people[kind.name] / total for kind in self.kinds}
        return {
            "seconds": {"planned": self.plan.seconds, "run": self.seconds},
            "people": {"planned": self.plan.people, **counts.people},
            "clicks": {"planned": self.plan.clicks, "begun": counts.begun, "ended": counts.ended, "cut_off": counts.cut_off},
            "requests": {"planned": self.plan.requests(shares), "answered": counts.answered, "failed": counts.failed},
            "pages_ms": counts.group(PAGES), "pages_with_jobs_ms": counts.of_jobs(), "store_ms": counts.group(STORE), "jobs_ms": jobs,
            "jobs": {"followed": counts.followed, "unfinished": counts.followed - jobs["count"]},
            "held_up_s": counts.held_up,
            "generator": {"cores": generator.average, "busiest": generator.busiest, "late_s": generator.late,
                          "late_seconds": generator.late_seconds, "seconds": generator.seconds},
            "rows_ms": counts.rows(),
            "failures": [f"{e.occurrences} × {e.method} {e.name}: {e.error}" for e in self.environment.stats.errors.values()],
        }

    def faults(self, seen):
        """Why the run has not passed: a sentence each, none if it has."""
        limits, clicks, requests = self.limits, seen["clicks"], seen["requests"]
        yield from _short("clicks", clicks["begun"], clicks["planned"], limits.reached)
        yield from _short("requests", requests["answered"], requests["planned"], limits.reached)
        if requests["failed"]:
            yield f"{requests['failed']} requests failed"
        if clicks["cut_off"]:
            yield f"{clicks['cut_off']} clicks still waited for an answer when the run had ended"
        if seen["jobs"]["unfinished"]:
            yield f"{seen['jobs']['unfinished']} jobs had not ended when the run had"
        yield from _slow("pages: 95 of 100", seen["pages_ms"]["p95"], limits.p95)
        yield from _slow("pages: 99 of 100", seen["pages_ms"]["p99"], limits.p99)
        yield from _slow("jobs: 95 of 100", seen["jobs_ms"]["p95"], limits.jobs * 1000)
        errors = sum(error["count"] for error in self.environment.runner.exceptions.values())
        if errors:
            yield f"{errors} errors in the suite itself"
        if self.generator.warned or seen["generator"]["busiest"] > BUSY:
            yield f"the generator took {seen['generator']['busiest']:.2f} of one core: what it measured is its own"

        late, of = seen["generator"]["late_seconds"], seen["generator"]["seconds"]
        if late > of * STARVED:
            yield f"the generator was late itself in {late} of {of} seconds: this machine has no room for it"

    def judge(self, **_):
        """Locust's event `quitting`: prints what was seen and decides on the exit status."""
        seen = self.measured()
        faults = list(self.faults(seen))
        for line in report(seen, self.limits):
            print(f"gate: {line}")
        print("gate: " + ("FAILED: " + "; ".join(faults) if faults else "PASSED"), flush=True)
        self.environment.process_exit_code = 1 if faults else 0
        self._write({**seen, "faults": faults})

    def _write(self, result):
        file = self.environment.parsed_options.gate_file
        if not file:
            return
        try:
            Path(file).write_text(json.dumps(result, indent=2) + "\n")
        except OSError as error:
            logging.error("The gate's figures could not be written: %s", error)


def report(seen, limits):
    """What was seen, in lines for people."""
    for name, times in seen["rows_ms"].items():
        yield f"{name:<40} {_told(times)}"
    yield from seen["failures"]
    clicks, requests, generator = seen["clicks"], seen["requests"], seen["generator"]
    yield f"{clicks['planned']} clicks were planned, {clicks['begun']} begun, {clicks['ended']} ended"
    yield f"{requests['planned']} requests were planned, {requests['answered']} answered, {requests['failed']} failed"
    yield f"pages: {_told(seen['pages_ms'])} (limits {limits.p95:.0f} and {limits.p99:.0f} ms)"
    yield f"of these, pages with jobs: {_told(seen['pages_with_jobs_ms'])}"
    yield f"object store: {_told(seen['store_ms'])}"
    yield f"jobs, from upload to end: {_told(seen['jobs_ms'])} (limit {limits.jobs:.0f} s)"
    yield f"the longest that a person was held up: {seen['held_up_s']:.1f} s"
    yield (
        f"the generator took {generator['cores']:.2f} of a core, {generator['busiest']:.2f} in its busiest seconds, "
        f"and was late by {generator['late_s'] * 1000:.0f} ms at most"
    )


def _told(times):
    if not times["count"]:
        return "none"
    told = ", ".join(f"{name} {times[name]:.0f}" for name in ("p50", "p95", "p99", "longest"))
    return f"{times['count']:>6}, {told} ms"


def _short(what, reached, planned, percent):
    if planned == 0:
        yield f"no {what} were planned: the run is too short"
    elif reached < planned * percent / 100:
        yield f"{reached} {what} of {planned} that were planned, {100 * reached / planned:.1f} %, not {percent:.0f} %"


def _slow(what, measured, limit):
    if measured is not None and measured > limit:
        yield f"{what} took up to {measured:.0f} ms, not {limit:.0f} ms"
