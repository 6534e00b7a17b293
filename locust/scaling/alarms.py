"""Alarms as CloudWatch evaluates them once a minute, with its rules about missing points.

<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html>
"""

import operator

ALARM, OK, UNKNOWN = "ALARM", "OK", "INSUFFICIENT_DATA"
# CloudWatch looks at a few more periods than it is told to, in case that some are missing: five for three in its
# documentation's examples. How many exactly it does not say.
MORE = 2
COMPARISONS = {"GreaterThanThreshold": operator.gt, "GreaterThanOrEqualToThreshold": operator.ge,
               "LessThanThreshold": operator.lt, "LessThanOrEqualToThreshold": operator.le}


def points(alarm, metrics, now):
    """What an alarm looks at: a point for each period of its range, oldest first."""
    length = (alarm.periods + MORE) * alarm.minutes
    # A period of several minutes ends with the newest minute that can be seen: half a sum would be no sum.
    back = metrics.late if alarm.minutes > 1 else 0
    windows = {m: metrics.window(m, now, length, back) for _, m in alarm.measure.metrics}
    if alarm.minutes > 1:
        windows = {m: [whole(m, w[i:i + alarm.minutes]) for i in range(0, length, alarm.minutes)] for m, w in windows.items()}
    return alarm.measure.over(windows)


def whole(metric, minutes):
    """The point of a period from those of its minutes."""
    there = [p for p in minutes if p is not None]
    if not there:
        return None
    return {"Sum": sum(there), "Average": sum(there) / len(there), "Maximum": max(there), "Minimum": min(there)}[metric.stat]


def latest(points):
    """The newest point that is there: by it a policy counts."""
    return next((p for p in reversed(points) if p is not None), None)


def state(alarm, points, before=UNKNOWN):
    """What an alarm is from now on; `before` is what it was."""
    breaches = [None if p is None else COMPARISONS[alarm.comparison](p, alarm.threshold) for p in points]
    there = [b for b in breaches if b is not None][-alarm.periods:]
    lacking = alarm.periods - len(there)
    if lacking and alarm.missing in ("breaching", "notBreaching"):
        there += [alarm.missing == "breaching"] * lacking
        lacking = 0
    if sum(there) >= alarm.datapoints:
        return ALARM
    if not lacking:
        return OK
    return undecided(alarm, breaches, there, before)


def undecided(alarm, breaches, there, before):
    """Fewer points than are asked for, and what is missing counts for nothing."""
    if alarm.missing == "ignore":
        return OK if False in there and True not in there else before
    if not there:
        return UNKNOWN
    if True not in there:
        return OK
    # All that is there breaches, since long enough.
    since = len(breaches) - breaches.index(True)
    if False not in there and since >= alarm.datapoints:
        return ALARM
    return before
