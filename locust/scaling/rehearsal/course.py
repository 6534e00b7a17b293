"""One rehearsal of one service: its minutes, measured, decided and written down."""

import csv
import threading
import time
from dataclasses import dataclass, field

from ..metrics import Metrics
from ..scaler import Scaler
from .keeper import Keeper


@dataclass
class Row:
    """A minute, and what was there at its end. `seen` is what the service's columns name."""

    minute: int
    wanted: int
    tasks: int
    protected: int
    seen: tuple


@dataclass
class Course:
    """Policies on a service, until it is back at the least after a load, for `minutes` of `seconds` each at most."""

    service: object
    scaled: object
    agent: object
    seconds: float
    minutes: int
    rows: list = field(default_factory=list)
    failure: Exception = None

    def start(self):
        self.scaler, self.metrics = Scaler(self.scaled), Metrics()
        self.keeper = Keeper(self.service, self.agent, self.scaler.capacity)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.began = time.monotonic()
        self.thread.start()

    def run(self):
        try:
            # What was counted before is not of the first minute.
            self.service.measure(self.keeper.replicas, self.seconds)
            for minute in range(self.minutes):
                if self.settled():
                    return
                time.sleep(max(self.began + (minute + 1) * self.seconds - time.monotonic(), 0))
                self.step(minute)
        except Exception as failure:  # noqa: BLE001 - told at the end.
            self.failure = failure

    def settled(self):
        """Tasks came, and for three minutes there have been no more than the least."""
        least, calm = self.scaled.least, self.rows[-3:]
        return any(r.wanted > least for r in self.rows) and all(r.wanted == r.tasks == least for r in calm)

    def step(self, minute):
        replicas = list(self.keeper.replicas)
        told, seen = self.service.measure(replicas, self.seconds)
        self.metrics.tell(minute, told)
        self.keeper.wanted = self.scaler.decide(minute + 1, self.metrics)
        protected = sum(c.address in self.agent.protected for c in replicas)
        self.rows.append(Row(minute, self.keeper.wanted, sum(map(self.service.ready, replicas)), protected, seen))

    def loaded(self):
        """The first minute that was above what the templates track; the first of all if none was."""
        return next((r.minute for r in self.rows if self.service.pressure(r) > self.service.target), 0)

    def now(self):
        """The minute that runs."""
        return int((time.monotonic() - self.began) / self.seconds)

    def end(self):
        """Waits for the last minute; whatever went wrong beside is told here."""
        self.thread.join()
        self.keeper.end()
        if failure := self.failure or self.keeper.failure:
            raise failure

    def write(self, path):
        with path.open("w", newline="") as file:
            table = csv.writer(file)
            table.writerow(("minute", "wanted", "tasks", "protected", *self.service.columns))
            table.writerows((r.minute, r.wanted, r.tasks, r.protected, *(round(v, 3) for v in r.seen)) for r in self.rows)
