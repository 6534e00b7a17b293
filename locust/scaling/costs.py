"""What tasks cost, and which limit a growing day meets first. Sources of prices and quotas: ecs/README.md, "What it costs"."""

from dataclasses import dataclass

from . import day


VCPU_HOUR, GB_HOUR = 0.04048, 0.004445
# Jobs a day beyond which a limit tells nobody anything.
FAR = 50_000_000
SPOT_VCPU_HOUR, SPOT_GB_HOUR = 0.0125, 0.0013


@dataclass(frozen=True)
class Size:
    """Of a task."""

    vcpu: float
    gb: float

    @classmethod
    def of(cls, service, house, environment="production"):
        template = house.template(f"services/{service}")
        return cls(*(int(house.value(environment, template, p)) / 1024 for p in ("Cpu", "Memory")))

    def hour(self):
        return self.vcpu * VCPU_HOUR + self.gb * GB_HOUR

    def spot_hour(self):
        return self.vcpu * SPOT_VCPU_HOUR + self.gb * SPOT_GB_HOUR


def of_a_day(size, least, seconds):
    """Dollars of a day's task seconds; what is above the least is on Spot."""
    base = least * day.SECONDS
    return (base * size.hour() + max(seconds - base, 0) * size.spot_hour()) / 3600


@dataclass(frozen=True)
class Limit:
    """`holds` jobs a day are possible with it; `says` is why."""

    name: str
    holds: float
    says: str


def limits(house, seconds_of_a_job, concurrency):
    """What stands in the way of more jobs a day, the nearest first. Rates hold at the busiest hour."""
    annotator, data = house.template("services/annotator"), house.template("data")
    most = int(house.value("production", annotator, "MaxTasks"))
    units = int(house.value("production", data, "MostRequestUnits"))
    size = Size.of("annotator", house)
    peak = 1 + day.SWING
    slots = day.SECONDS / seconds_of_a_job / peak * concurrency
    found = [
        Limit("SES, sandbox", 200, "200 mails a day, one for each job"),
        Limit("SES, daily quota", 50_000, "50,000 mails a day are what accounts often get"),
        Limit("SES, rate", 14 * day.SECONDS / peak, "14 mails a second go with such a quota (from memory)"),
        Limit("Fargate, a new account's 6 vCPU", 6 / size.vcpu * slots, f"6 annotators of {size.vcpu:g} vCPU, if nothing else ran"),
        Limit(f"MaxTasks {most}", most * slots, f"{most} tasks of {concurrency} jobs"),
        Limit("Fargate, 64 vCPU as ecs/README.md asks for", 64 / size.vcpu * slots, "32 on demand and 32 on Spot"),
        Limit("ECS, 5,000 tasks of a service", 5000 * slots, "a quota that AWS raises"),
        Limit(f"MostRequestUnits {units}", units / 10 * day.SECONDS / peak, "ten writes of 1 KB a job, into table and indexes"),
        Limit("SQS, 120,000 in flight", 120_000 / concurrency * slots, "messages that are worked on"),
    ]
    return sorted((limit for limit in found if limit.holds < FAR), key=lambda limit: limit.holds)


