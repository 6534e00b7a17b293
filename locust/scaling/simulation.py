"""A day of a million jobs in a model, scaled by the policies of the templates: `locust/simulate`."""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy

from . import ROOT, costs, day, pages, policies, seed
from .farm import WORKING, Farm
from .metrics import Metrics
from .policies import House, Measure
from .scaler import Scaler

# What BacklogPerTask is made for: ecs/services/annotator.yaml.
ACCEPTABLE = 600
# MaxTasks to try beside that of the templates.
LADDERS = {"measured": [20, 30], "planned": [1000, 1500, 3000, 5000, 8000]}
# The same with the jobs that are worked on counted beside those that wait.
HANDS = {"measured": [10, 20], "planned": [3000, 5000, 8000]}
# Pages that people look at for one job: form, redirect, job, events, list, results, with their files. Our guess.
REQUESTS_OF_A_JOB = 12
# CPU seconds of a page, on the way to less (issue 14): the signed-in list of 20 jobs takes one millisecond.
PAGE = 0.001

TEMPLATES, FIRST, IN_HAND = "the templates", "the first rules", "with jobs in hand counted"


@dataclass
class Outcome:
    """Of one day: seconds of waiting of the jobs that began, the share that did, tasks, dollars."""

    label: str
    most: int
    waits: tuple
    done: float
    tasks: tuple
    dollars: float
    changes: int
    minutes: list


def farm(label, scaled, jobs, house):
    scaler = Scaler(scaled)
    concurrency = int(house.value("production", house.template("services/annotator"), "Concurrency"))
    course = Farm(scaler, Metrics(), concurrency).run(jobs.requested, jobs.takes, day.SECONDS // 60)
    waited = course.began - jobs.requested
    begun = waited[numpy.isfinite(waited)]
    tasks = [m.tasks for m in course.minutes]
    dollars = costs.of_a_day(costs.Size.of("annotator", house), scaled.least, course.seconds)
    return Outcome(label, scaled.most, tuple(numpy.percentile(begun, (50, 95, 99))), len(begun) / len(waited),
                   (numpy.mean(tasks), max(tasks)), dollars, len(scaler.changes), course.minutes)


def days(count, burst, house):
    """Outcomes by the kind of day: the first is by the templates, then one by the first rules, then more tasks at most."""
    requested = day.requests(count, burst)
    ours, first = policies.of_templates("annotator", house=house), seed.rules("annotator", house=house)
    for kind, takes in (("measured", day.measured(count)), ("planned", day.planned(count))):
        jobs = day.Day(requested, takes)
        yield kind, [farm(TEMPLATES, ours, jobs, house), farm(FIRST, first, jobs, house),
                     *(farm(TEMPLATES, replace(ours, most=most), jobs, house) for most in LADDERS[kind]),
                     *(farm(IN_HAND, replace(with_hands(ours), most=most), jobs, house) for most in HANDS[kind])]


def with_hands(scaled):
    """The tracker with jobs in hand counted, too: one that looks at what waits alone takes tasks away while they are busy."""
    (backlog,) = scaled.policies
    measure = Measure(backlog.measure.text.replace("waiting", "(waiting + working)"), (*backlog.measure.metrics, ("working", WORKING)))
    return replace(scaled, policies=(replace(backlog, measure=measure),))


def web(count, burst, house):
    """The pages of the same day: minutes, and how much of a task's processor the busiest takes. A burst comes by the queue: no person
    opens so many pages."""
    minutes = numpy.bincount((day.requests(count - burst, 0) // 60).astype(int), minlength=day.SECONDS // 60) * REQUESTS_OF_A_JOB
    course = pages.run(Scaler(policies.of_templates("web", house=house)), Metrics(), minutes.tolist())
    busiest = max(m.requests / m.tasks for m in course)
    return course, busiest, busiest / 60 * PAGE / costs.Size.of("web", house).vcpu


def span(seconds):
    """`95 s`, `12 min`, `11 h`."""
    return next(f"{seconds / unit:.0f} {name}" for unit, name, least in ((3600, "h", 7200), (60, "min", 180), (1, "s", 0)) if seconds >= least)


def table(kind, outcomes):
    titles = {"measured": "Jobs as they were measured: 0.1 s of CPU on average, 0.25 s for the stores",
              "planned": "Jobs of two minutes, for which the policy was made"}
    yield f"| {titles[kind]} | MaxTasks | begun | waited p50, p95, p99 | tasks, mean and most | a day | changes |"
    yield "|---|---|---|---|---|---|---|"
    for o in outcomes:
        p50, p95, p99 = map(span, o.waits)
        yield f"| {o.label} | {o.most:,} | {o.done:.1%} | {p50}, {p95}, {p99} | {o.tasks[0]:,.0f}, {o.tasks[1]:,} | ${o.dollars:,.2f} | {o.changes} |"
    yield ""


def holds(kind, outcomes):
    """The least MaxTasks with which a share of the jobs waits no longer than is acceptable."""
    for label in (TEMPLATES, IN_HAND):
        ladder = [o for o in outcomes if o.label == label]
        for name, at in (("19 of 20 jobs", 1), ("99 of 100 jobs", 2)):
            found = next((o for o in ladder if o.waits[at] <= ACCEPTABLE and o.done > 0.99), None)
            said = f"from MaxTasks {found.most:,} on, ${found.dollars:,.2f} a day" if found else f"not even with {ladder[-1].most:,}"
            yield f"- {kind}, {label}: {name} begin within {span(ACCEPTABLE)} {said}."


def binding(house):
    concurrency = int(house.value("production", house.template("services/annotator"), "Concurrency"))
    measured = day.CALLS + sum(s.cpu * s.share for s in day.SAMPLES)
    for seconds, name in ((day.PLANNED, "two minutes a job"), (measured, f"{measured:.2f} s a job, as measured")):
        yield f"| What binds, {name} | jobs a day | that is |"
        yield "|---|---|---|"
        for limit in costs.limits(house, seconds, concurrency):
            yield f"| {limit.name} | {limit.holds:,.0f} | {limit.says} |"
        yield ""


def draw(found, folder):
    from . import pictures

    hours = [m / 60 for m in range(day.SECONDS // 60)]
    ours, first = found["measured"][:2]

    def both(value):
        return [(o.label, list(map(value, o.minutes)), colour) for o, colour in ((ours, pictures.OURS), (first, pictures.FIRST))]

    pictures.panels(folder / "day.svg", "A day of a million jobs, as they were measured, at most 10 annotators", hours, [
        ("jobs requested in a minute (the burst of 50,000 goes beyond)", [("", [min(m.sent, 1500) for m in ours.minutes], pictures.PLAIN)], ""),
        ("jobs that wait", both(lambda m: m.waiting), "log"),
        ("tasks", both(lambda m: m.tasks), "steps")], "hour of the day")
    curves = [(label, [(o.most, o.waits[1], o.waits[2], o.dollars) for o in found["planned"] if o.label == label and o.done > 0.99], colour)
              for label, colour in ((TEMPLATES, pictures.OURS), (IN_HAND, pictures.FIRST))]
    pictures.tradeoff(folder / "most.svg", "The same day with jobs of two minutes: what more annotators at most do to it", curves, ACCEPTABLE)


def main():
    parser = argparse.ArgumentParser(prog="locust/simulate", description="Scales a model of a day by the policies of ecs/; prints tables, draws pictures.")
    parser.add_argument("--jobs", type=int, default=1_000_000, help="jobs of the day, the burst among them (%(default)s)")
    parser.add_argument("--burst", type=int, default=50_000, help="jobs that come within one minute (%(default)s)")
    parser.add_argument("--pictures", type=Path, default=ROOT / "target/scaling", help="folder for day.svg and most.svg (target/scaling)")
    chosen = parser.parse_args()
    if not 0 <= chosen.burst < chosen.jobs:
        parser.error(f"a burst of {chosen.burst:,} does not fit into {chosen.jobs:,} jobs")
    house, found = House.read(), {}
    for kind, outcomes in days(chosen.jobs, chosen.burst, house):
        found[kind] = outcomes
        print(*table(kind, outcomes), sep="\n")
    print(*[line for kind in found for line in holds(kind, found[kind])], "", sep="\n")
    course, busiest, share = web(chosen.jobs, chosen.burst, house)
    print(f"Web, {REQUESTS_OF_A_JOB} requests a job: {max(m.tasks for m in course)} tasks at most, {busiest:,.0f} requests a minute for each in the "
          f"busiest, {share:.0%} of its processor.\n")
    print(*binding(house), sep="\n")
    draw(found, chosen.pictures)


if __name__ == "__main__":
    main()
