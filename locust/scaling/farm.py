"""A farm of annotators in a model: one queue, first come first served, and as many tasks as the scaler wants."""

import bisect
import heapq
from dataclasses import dataclass, field

import numpy

from .policies import Metric

WAITING = Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Sum")
WORKING = Metric("AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "Sum")
SENT = Metric("AWS/SQS", "NumberOfMessagesSent", "Sum")
RECEIVED = Metric("AWS/SQS", "NumberOfMessagesReceived", "Sum")
RUNNING = Metric("ECS/ContainerInsights", "RunningTaskCount", "Average")


@dataclass
class Minute:
    """What can be seen of a minute at its end: tasks, jobs that wait, the age of the oldest in seconds, requested, begun."""

    tasks: int
    waiting: int
    age: float
    sent: int
    received: int


@dataclass
class Course:
    """What became of it. `began` has an instant for each job, in the order of the requests; never begun is no number."""

    began: numpy.ndarray
    minutes: list = field(default_factory=list)
    # Seconds of all tasks, from their start to their stop.
    seconds: float = 0.0


class Farm:
    """Tasks work on `concurrency` jobs at once and begin `start` seconds after they were asked for. One that works is
    protected: it is not stopped before it is idle."""

    def __init__(self, scaler, metrics, concurrency, start=60):
        self.scaler, self.metrics, self.concurrency, self.start = scaler, metrics, concurrency, start
        self.slots, self.busy, self.begun, self.made = [], {}, {}, 0
        self.add(scaler.capacity, ready=0)

    def run(self, requested, takes, minutes):
        """Jobs by the second in which each is requested, ascending, and the seconds that each takes."""
        course, first = Course(numpy.full(len(requested), numpy.nan)), 0
        requested, takes = list(requested), list(takes)
        for minute in range(minutes):
            self.fit(self.scaler.decide(minute, self.metrics), minute * 60, course)
            begun = self.work(requested, takes, first, (minute + 1) * 60, course.began)
            first = self.tell(minute, requested, first, begun, course)
        for task in list(self.busy):
            self.stop(task, minutes * 60, course)
        return course

    def add(self, tasks, ready):
        for _ in range(tasks):
            self.made += 1
            self.busy[self.made] = self.begun[self.made] = ready
            for _ in range(self.concurrency):
                heapq.heappush(self.slots, (ready, self.made))

    def fit(self, wanted, now, course):
        """As many tasks as wanted; too many stay while they work. Those that have not begun yet go first, then the youngest."""
        if len(self.busy) < wanted:
            self.add(wanted - len(self.busy), now + self.start)
        idle = [t for t, until in reversed(self.busy.items()) if until <= now or self.begun[t] > now]
        for task in idle[:max(len(self.busy) - wanted, 0)]:
            self.stop(task, now, course)

    def stop(self, task, now, course):
        course.seconds += max(now - self.begun.pop(task), 0)
        del self.busy[task]

    def work(self, requested, takes, first, end, began):
        """Begins jobs until the end of the minute; gives the first that has to wait on."""
        slots, busy = self.slots, self.busy
        while first < len(requested) and requested[first] < end and slots:
            free, task = slots[0]
            if task not in busy:
                heapq.heappop(slots)
                continue
            at = max(requested[first], free)
            if at >= end:
                break
            until = at + takes[first]
            heapq.heapreplace(slots, (until, task))
            busy[task] = max(busy[task], until)
            began[first] = at
            first += 1
        return first

    def tell(self, minute, requested, before, first, course):
        end = (minute + 1) * 60
        running = sum(begun < end for begun in self.begun.values())
        arrived, earlier = self.requested(requested, end), self.requested(requested, minute * 60)
        age = end - requested[first] if first < arrived else 0.0
        seen = Minute(running, arrived - first, age, arrived - earlier, first - before)
        course.minutes.append(seen)
        working = sum(free > end for free, task in self.slots if task in self.busy)
        self.metrics.tell(minute, {WAITING: seen.waiting, WORKING: working, SENT: seen.sent, RECEIVED: seen.received, RUNNING: running})
        return first

    @staticmethod
    def requested(requested, end):
        """How many were requested before an instant."""
        return bisect.bisect_left(requested, end)
