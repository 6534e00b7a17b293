"""The two services that are scaled: what is measured of them in a minute, for the policies and for the pictures."""

import time

import boto3

from .. import farm, pages, policies
from ..seed import LATENCY
from . import containers
from .counters import Counters, total


class Web:
    """Pages behind the load balancer. Its health checks are not among what the load balancer counts."""

    name, protects, columns = "web", False, ("requests", "per_task", "latency_ms", "failed")

    def __init__(self):
        self.counters, self.target = Counters(), tracked("web")

    @staticmethod
    def pressure(row):
        return row.seen[1]

    def measure(self, replicas, _):
        """(figures for the policies, figures for the pictures) of the minute that has just ended."""
        grown = self.counters.grown([c.address for c in replicas])
        requests = total(grown, "gas_http_requests_total", not_route="/healthz")
        failed = total(grown, "gas_http_requests_total", not_route="/healthz", status="5..")
        taken = total(grown, "gas_http_request_duration_seconds_sum", not_route="/healthz")
        latency = taken / requests if requests else None
        tasks = max(sum(map(self.ready, replicas)), 1)
        told = pages.told(requests, tasks, latency)
        if requests:
            told[pages.ANSWERED] = total(grown, "gas_http_requests_total", not_route="/healthz", status="2..")
        return told, (requests, requests / tasks, told.get(LATENCY, 0) * 1000, failed)

    @staticmethod
    def ready(container):
        """A target takes requests when it is healthy."""
        return container.healthy

    def joined(self, _):
        containers.register(self.name)


class Annotators:
    """The farm behind the queue. `queue` is an address, `share` what each task has of a processor."""

    name, protects, columns = "annotator", True, ("waiting", "in_flight", "received", "age_s", "completed")

    def __init__(self, aws, queue, share):
        self.aws, self.queue, self.share, self.counters, self.waited = aws, queue, share, Counters(), 0
        self.target = tracked(self.name)

    @staticmethod
    def pressure(row):
        return row.seen[0] / max(row.tasks, 1)

    def measure(self, replicas, seconds):
        depth = self.aws.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["All"])["Attributes"]
        waiting, flying = (int(depth[f"ApproximateNumberOfMessages{kind}"]) for kind in ("", "NotVisible"))
        grown = self.counters.grown([c.address for c in replicas])
        received = total(grown, "gas_queue_receives_total", queue="job_requests")
        aged = total(grown, "gas_queue_message_age_seconds_sum", queue="job_requests")
        # Who left the queue was received; who came is what is there beyond that.
        sent, self.waited = max(waiting - self.waited + received, 0), waiting
        told = {farm.WAITING: waiting, farm.WORKING: flying, farm.RECEIVED: received, farm.SENT: sent,
                farm.RUNNING: len(replicas)}
        age = aged / received if received else 0
        return told, (waiting, flying, received, age, total(grown, "gas_jobs_total", outcome="completed"))

    @staticmethod
    def ready(_):
        """A worker works as soon as it runs."""
        return True

    def joined(self, new):
        for container in new:
            containers.limit(container, self.share)


def tracked(service):
    """What the templates' tracker aims at."""
    return next(p.target for p in policies.of_templates(service).policies if isinstance(p, policies.Tracking))


def client(name, endpoints):
    """Of the emulator, as endpoints.json has it."""
    return boto3.client(name, endpoint_url=endpoints["aws"], region_name="us-east-1", aws_access_key_id=endpoints["aws_access_key_id"],
                        aws_secret_access_key=endpoints["aws_secret_access_key"])


def until(condition, seconds, what):
    """Waits for something that must come."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} took more than {seconds} s")
        time.sleep(0.2)
