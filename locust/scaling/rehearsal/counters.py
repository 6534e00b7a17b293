"""What replicas count at their admin ports, minute by minute, over all of a service."""

import re
import urllib.request
from concurrent.futures import ThreadPoolExecutor

SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$", re.M)
LABEL = re.compile(r'(\w+)="([^"]*)"')
ADMIN_PORT = 9090


def read(text):
    """{(metric, its labels): value} of Prometheus' text format."""
    return {(name, frozenset(LABEL.findall(labels or ""))): float(value) for name, labels, value in SAMPLE.findall(text)}


def scrape(address):
    """Samples of a replica; none if it does not answer: it has just begun, or is about to end."""
    try:
        with urllib.request.urlopen(f"http://{address}:{ADMIN_PORT}/metrics", timeout=3) as answer:
            return read(answer.read().decode())
    except OSError:
        return {}


class Counters:
    """Growth of counters since the last look. One that is new has grown from zero; one that is gone grows no more."""

    def __init__(self):
        self.before = {}

    def grown(self, addresses):
        """{(metric, labels): growth} over these replicas."""
        with ThreadPoolExecutor(16) as pool:
            now = {(a, *key): value for a, found in zip(addresses, pool.map(scrape, addresses)) for key, value in found.items()}
        growth = {}
        for (address, name, labels), value in now.items():
            growth[name, labels] = growth.get((name, labels), 0.0) + max(value - self.before.get((address, name, labels), 0.0), 0.0)
        # Who did not answer this time may do so the next, and has then grown since it was last seen.
        self.before |= now
        return growth


def total(growth, name, **labels):
    """The sum over all label values but those given; a label that begins with `not_` must be another."""
    def fits(found):
        found = dict(found)
        return all(found.get(k.removeprefix("not_")) != v if k.startswith("not_") else re.fullmatch(v, found.get(k, "")) for k, v in labels.items())

    return sum(value for (n, found), value in growth.items() if n == name and fits(found))
