"""Decides once a minute how many tasks a service has, as Application Auto Scaling does.

Out at once and by as much as the measure says; in by a tenth of the tasks at a time, or one. AWS documents no more of the latter
than that it is gradual; everything else here is as its user guide has it:
<https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html>,
<https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html>
"""

import math
from dataclasses import dataclass

from . import alarms
from .policies import Tracking


@dataclass(frozen=True)
class Change:
    """What was decided in a minute, by which policy."""

    minute: int
    before: int
    after: int
    policy: str


def proportional(capacity, value, target):
    """Tasks that bring a measure for each task to its target: 10 tasks with 150 each and a target of 100 → 15."""
    return math.ceil(capacity * value / target - 1e-9)


class Watched:
    """An alarm and what it was a minute before."""

    def __init__(self, alarm):
        self.alarm, self.state = alarm, alarms.UNKNOWN

    def value(self, metrics, now):
        """The newest point, if the alarm is true."""
        points = alarms.points(self.alarm, metrics, now)
        self.state = alarms.state(self.alarm, points, self.state)
        return alarms.latest(points) if self.state == alarms.ALARM else None


class Cooldown:
    """The time after a change in which another one waits, and how many tasks there were before it. It begins when the change
    is done, `starts` seconds after it was asked for."""

    def __init__(self, seconds, starts=0):
        self.seconds, self.until, self.base = seconds + starts, -math.inf, None

    def holds(self, now):
        return now * 60 < self.until

    def begin(self, now, before):
        # A larger step within the time counts from where the first one began.
        self.base = self.base if self.holds(now) else before
        self.until = now * 60 + self.seconds

    def end(self):
        self.until = -math.inf

    def from_(self, now, capacity):
        return self.base if self.holds(now) else capacity


class Tracker:
    def __init__(self, policy, starts):
        self.policy, self.high, self.low = policy, Watched(policy.high), Watched(policy.low)
        self.out, self.in_ = Cooldown(policy.out_cooldown, starts), Cooldown(policy.in_cooldown)

    def asks(self, now, metrics, capacity):
        """Tasks that it wants; `None` if it wants no change."""
        above, below = self.high.value(metrics, now), self.low.value(metrics, now)
        if above is not None:
            wanted = proportional(self.out.from_(now, capacity), above, self.policy.target)
            return wanted if wanted > capacity else None
        if below is None or not self.policy.scales_in:
            return None
        wanted = max(proportional(capacity, below, self.policy.target), capacity - max(1, capacity // 10))
        return wanted if wanted < capacity and not self.in_.holds(now) else None

    @property
    def forbids_in(self):
        """Trackers take tasks away when all of them agree."""
        return self.policy.scales_in and self.low.state != alarms.ALARM


class Stepper:
    def __init__(self, policy, starts):
        self.policy, self.alarm = policy, Watched(policy.alarm)
        self.out, self.in_ = Cooldown(policy.cooldown, starts), Cooldown(policy.cooldown)
        self.forbids_in = False

    def asks(self, now, metrics, capacity):
        value = self.alarm.value(metrics, now)
        change = self.policy.change(value) if value is not None else 0
        if change > 0:
            wanted = self.out.from_(now, capacity) + change
            return wanted if wanted > capacity else None
        return capacity + change if change < 0 and not self.in_.holds(now) else None


class Scaler:
    """Of one service. `capacity` is what it has decided last; a new task takes `starts` seconds until it works."""

    def __init__(self, scaled, capacity=None, starts=60):
        self.scaled, self.capacity, self.changes = scaled, capacity or scaled.least, []
        self.policies = [(Tracker if isinstance(p, Tracking) else Stepper)(p, starts) for p in scaled.policies]

    def decide(self, now, metrics):
        """Tasks from minute `now` on."""
        asked = [(p, p.asks(now, metrics, self.capacity)) for p in self.policies]
        outs = [(wanted, p) for p, wanted in asked if wanted is not None and wanted > self.capacity]
        forbidden = any(p.forbids_in for p in self.policies)
        ins = [(wanted, p) for p, wanted in asked if wanted is not None and wanted < self.capacity
               and not (forbidden and isinstance(p, Tracker))]
        # Out beats in; of several the largest capacity wins.
        if chosen := outs or ins:
            self.change(now, *max(chosen, key=lambda c: c[0]))
        return self.capacity

    def change(self, now, wanted, by):
        wanted = min(max(wanted, self.scaled.least), self.scaled.most)
        if wanted == self.capacity:
            return
        if wanted > self.capacity:
            by.out.begin(now, self.capacity)
            # Whoever scales out ends the wait for the next scale-in, whose alarm has to come anew.
            for policy in self.policies:
                policy.in_.end()
        else:
            by.in_.begin(now, self.capacity)
        self.changes.append(Change(now, self.capacity, wanted, by.policy.name))
        self.capacity = wanted
