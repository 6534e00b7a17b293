"""Runs on the system that locust/rehearse has started."""

import argparse
import json
import sys
import time
from pathlib import Path

from .. import ROOT, policies, seed
from . import containers, loads, report, verdict
from .agent import Agent
from .counters import Counters, total
from .course import Course
from .services import Annotators, Web, client, until

QUEUE, DEAD, TABLE = "job_requests", "job_requests_dlq", "annotations"
# A job of the model takes two minutes; here, of compressed ones.
JOB_MINUTES = 2
# What the farm is measured by before: so many jobs, which two annotators do at once, with this share of a processor for each.
TRIED, TRIED_WITH = 4, 0.1
# Docker gives no less.
LEAST = 0.01
# Jobs at once: more than two tasks may leave waiting for each when the third point above the target can be seen.
BURST = 60
LOADED = 1


class Rehearsal:
    def __init__(self, chosen):
        self.chosen, self.folder = chosen, chosen.folder
        self.endpoints = json.loads(chosen.endpoints.read_text())
        self.sqs, self.dynamodb = client("sqs", self.endpoints), client("dynamodb", self.endpoints)
        self.vcf = loads.input_file(self.folder, chosen.farm_minute)

    def queue(self, name):
        return self.sqs.get_queue_url(QueueName=name)["QueueUrl"]

    def share_of_a_processor(self):
        """What makes two minutes of a job, or as many as Docker's least share makes, from how long some take with a share that is known."""
        replicas, counters = containers.running("annotator"), Counters()
        for replica in replicas:
            containers.limit(replica, TRIED_WITH)
        addresses = [c.address for c in replicas]
        counters.grown(addresses)
        who = loads.nobody()
        self.fail(loads.submit(TRIED, self.chosen.endpoints, self.vcf, self.folder, who).wait(60))
        until(lambda: verdict.jobs(self.dynamodb, TABLE, [who])[1] == TRIED, 120, "jobs that were tried")
        grown = counters.grown(addresses)
        took = total(grown, "gas_job_duration_seconds_sum") / max(total(grown, "gas_job_duration_seconds_count"), 1)
        share = min(max(TRIED_WITH * took / (JOB_MINUTES * self.chosen.farm_minute), LEAST), 1)
        minutes = TRIED_WITH * took / share / self.chosen.farm_minute
        print(f"A job takes {took:.1f} s with {TRIED_WITH} of a processor; with {share:.3f}, {minutes:.1f} minutes", flush=True)
        return share

    def rehearse(self, words, rules, house):
        """Both services under one set of policies; {service: course}, complaints about the loads."""
        print(f"{words}:", flush=True)
        web = Course(Web(), rules("web", house=house), self.agent, self.chosen.web_minute, self.minutes("web"))
        farm = Course(Annotators(self.sqs, self.queue(QUEUE), self.share), rules("annotator", house=house), self.agent, self.chosen.farm_minute, self.minutes("farm"))
        for replica in containers.running("annotator"):
            containers.limit(replica, self.share)
        web.start()
        farm.start()
        until(lambda: web.now() >= LOADED and farm.now() >= LOADED, 60, "the first minute")
        people = loads.people(self.endpoints["web"], self.chosen.hold, self.chosen.web_minute, self.chosen.people, self.folder)
        jobs = loads.submit(BURST, self.chosen.endpoints, self.vcf, self.folder)
        wrong = jobs.wait(120)
        for course in (web, farm):
            course.end()
        return {"web": web, "annotator": farm}, wrong + people.wait(300) + self.harm()

    def minutes(self, what):
        """At most: twice what the way back to the least by one task at a time takes."""
        if what == "web":
            # People go within ten seconds; five quiet minutes, then eight steps of two.
            return LOADED + int((loads.busy(self.chosen.hold) + 10) / self.chosen.web_minute) + 2 * (5 + 8 * 2)
        # Out after six, done after eight more; fifteen minutes and two late ones, then eight steps of five.
        return LOADED + 2 * (6 + 8 + 17 + 7 * 5)

    def harm(self):
        """Complaints about jobs that were lost, done twice or given up."""
        asked, done, again = verdict.jobs(self.dynamodb, TABLE, loads.owners(BURST))
        dead = self.sqs.get_queue_attributes(QueueUrl=self.queue(DEAD), AttributeNames=["All"])["Attributes"]["ApproximateNumberOfMessages"]
        print(f"  jobs: {asked} requested, {done} completed, {again} begun more than once, {dead} dead letters", flush=True)
        wrong = [] if (asked, done, again, int(dead)) == (BURST, BURST, 0, 0) else ["a job was lost, begun twice or given up"]
        return wrong + loads.purge(BURST, self.chosen.endpoints, self.folder).wait(120)

    def tell(self, words, courses, asserted):
        """Says and writes what was seen; what is wrong with it, if it is ours to be right."""
        wrong = []
        for name, course in courses.items():
            course.write(self.folder / f"{name}-{words.replace(' ', '-')}.csv")
            print(f"  {name}: " + "\n    ".join(verdict.in_words(course)), flush=True)
            wrong += [f"{name} {c}" for c in verdict.complaints(course)]
        failed = sum(r.seen[Web.columns.index("failed")] for r in courses["web"].rows)
        wrong += [f"{failed:.0f} answers 5XX"] if failed else []
        if not asserted and wrong:
            print("  not as ours has to be: " + "; ".join(wrong), flush=True)
        return wrong if asserted else []

    def run(self):
        house = policies.House.read()
        self.agent, tried, wrong = Agent(self.chosen.gateway, self.chosen.agent_port), {}, []
        self.reset()
        # Whatever a rehearsal that was stopped has left.
        loads.purge(BURST, self.chosen.endpoints, self.folder).wait(120)
        self.share = self.share_of_a_processor()
        for words, rules in self.sets():
            self.reset()
            courses, bad = self.rehearse(words, rules, house)
            tried[words] = courses
            wrong += bad + self.tell(words, courses, words == "the templates")
        for name in ("web", "annotator"):
            report.drawn(name, {words: courses[name] for words, courses in tried.items()}, self.folder)
        self.agent.close()
        return wrong

    def sets(self):
        yield "the templates", policies.of_templates
        if not self.chosen.short:
            yield "the first rules", seed.rules

    def reset(self):
        """Two of each again."""
        for name in ("web", "annotator"):
            for surplus in containers.running(name)[2:]:
                containers.leave(name, surplus)
            # With the share of a rehearsal before, they would hardly answer whether they are healthy.
            for replica in containers.running(name):
                containers.limit(replica, 1)
            containers.start(name, 2)
            until(lambda name=name: sum(c.healthy for c in containers.running(name)) == 2, 60, f"two of {name}")
            if name == "web":
                containers.register("web")

    @staticmethod
    def fail(wrong):
        if wrong:
            raise containers.Failed("\n".join(wrong))


def main():
    parser = argparse.ArgumentParser(prog="locust/rehearse", description="Scales containers by the policies of ecs/ while load comes and goes.")
    parser.add_argument("--short", action="store_true", help="the templates' policies only, in minutes of 6 s (web) and 2.4 s (annotators), under five minutes")
    parser.add_argument("--web-minute", type=float, help="seconds of a minute of web's policies (10; 6)")
    parser.add_argument("--farm-minute", type=float, help="seconds of a minute of the annotators' policies (5; 2.4)")
    parser.add_argument("--hold", type=float, help="seconds for which each step of people is held (60; 15)")
    parser.add_argument("--people", type=float, help="percent of the course's 100 and 300 people who come (100; 67)")
    parser.add_argument("--folder", type=Path, default=ROOT / "target/rehearsal", help="where CSV and pictures go (target/rehearsal)")
    for name in ("endpoints", "gateway", "agent-port"):
        parser.add_argument(f"--{name}", type=Path if name == "endpoints" else int if name == "agent-port" else str, help=argparse.SUPPRESS, required=True)
    chosen = parser.parse_args()
    # Two thirds of the people ask for ten tasks, too: they click as often in a minute, and nine tasks are for 900 requests. So a second
    # has half of the requests that it would have with all of them in minutes of 4.5 s, which is more than two processors serve while
    # ten containers begin on them.
    for name, long, short in (("web_minute", 10.0, 6.0), ("farm_minute", 5.0, 2.4), ("hold", 60.0, 15.0), ("people", 100.0, 67.0)):
        if getattr(chosen, name) is None:
            setattr(chosen, name, short if chosen.short else long)
    begun = time.monotonic()
    wrong = Rehearsal(chosen).run()
    print(f"CSV and pictures are in {chosen.folder}; {time.monotonic() - begun:.0f} s")
    print(*(f"error: {w}" for w in wrong), sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
