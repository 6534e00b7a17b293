"""Web's tasks in a model, minute by minute: requests in, and what the load balancer tells of them."""

from dataclasses import dataclass

from .policies import Metric
from .seed import ANSWERED, LATENCY

PER_TARGET = Metric("AWS/ApplicationELB", "RequestCountPerTarget", "Sum")


@dataclass
class Minute:
    tasks: int
    requests: int


def told(requests, tasks, latency):
    """A minute's figures. Without requests a load balancer tells nothing at all."""
    if not requests:
        return {}
    return {PER_TARGET: requests / max(tasks, 1), ANSWERED: requests, LATENCY: latency}


def run(scaler, metrics, requests, latency=0.003, start=1):
    """The minutes of a load, by its requests in each. A task that is asked for takes requests `start` minutes later."""
    minutes, asked = [], [scaler.capacity] * start
    for minute, count in enumerate(requests):
        asked.append(scaler.decide(minute, metrics))
        # One that goes is gone at once, one that comes takes its time.
        tasks = min(asked[-start - 1:])
        metrics.tell(minute, told(count, tasks, latency))
        minutes.append(Minute(tasks, count))
    return minutes
