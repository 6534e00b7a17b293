"""While one person has hundreds of jobs, another has one: how long that takes, beside what it takes alone.

    locust/run fair                                  500 jobs of one person, 20 times one of another's, on both plans
    locust/run fair --crowd 50 --singles 5           shorter
    locust/run fair --records 800000                 jobs of another length; some 5 s are meant
    locust/run fair --endpoints target/…/endpoints.json

Of the sandbox that runs (target/sandbox/endpoints.json), or of containers. A free person's file must be allowed to have so
many records: start the system with GAS_FREE_RECORDS=20000000 GAS_FREE_UNPACKED_BYTES=10000000000. Fails if the 95th percentile
of the single jobs is above three times what one takes alone. Removes what it has made.
"""

import argparse
import gzip
import random
import statistics
import sys
import time
from pathlib import Path

import purge
import rows
import submit_jobs

HEADER = '##fileformat=VCFv4.2\n##reference=GRCh38\n##contig=<ID=chr1,length=248956422,assembly=GRCh38>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n'
MOST_TIMES_ALONE = 3
LOOK = 0.05  # seconds between two looks at a row


def file_of(records):
    """A VCF of so many single-nucleotide variants, sorted, gzip."""
    dice = random.Random(14)
    places = sorted(dice.sample(range(10_000, 248_900_000), records))
    lines = (f"chr1\t{place}\t.\t{'ACGT'[place % 4]}\t{'CGTA'[place % 4]}\t.\tPASS\t.\n" for place in places)
    return gzip.compress((HEADER + "".join(lines)).encode(), 1)


class Person:
    """Somebody whose jobs all read the same input."""

    def __init__(self, stores, topic, owner, content):
        self.stores, self.topic, self.owner = stores, topic, owner
        self.key, self.size = rows.input_key(owner, rows.job_id()), len(content)
        put = stores.s3.put_object(Bucket=stores.inputs, Key=self.key, Body=content, Metadata={"file-name": "fair.vcf.gz", "reference": "auto"})
        self.version = put.get("VersionId")

    def submit(self):
        """Writes a job and, if it has its turn, requests it: its id."""
        job = rows.job_id()
        row = rows.pending(self.owner, job, "fair.vcf.gz", (self.size, self.version), self.stores.inputs)
        row["s3_key_input_file"] = {"S": self.key}
        if self.stores.turns.submit(self.owner, row):
            self.stores.sns.publish(TopicArn=self.topic, Message=rows.message(job), MessageGroupId=self.owner.user_id)
        return job

    def one(self):
        """Seconds from a job's submission to its end."""
        begun, job = time.monotonic(), self.submit()
        while (status := self.status(job)) not in ("COMPLETED", "FAILED"):
            time.sleep(LOOK)
        if status == "FAILED":
            sys.exit(f"error: job {job} has failed; see --help for the limits")
        return time.monotonic() - begun

    def status(self, job):
        """How far a job is."""
        found = self.stores.dynamodb.get_item(TableName=self.stores.table, Key={"job_id": {"S": job}}, ConsistentRead=True)
        return found["Item"]["job_status"]["S"]


def tried(stores, topic, plan, content, args):
    """One plan: whether it was fair."""
    people = [Person(stores, topic, rows.Owner(rows.made_up(number).user_id, plan=plan), content)
              for number in ((901, 902) if plan == "Free" else (903, 904))]
    crowd, single = people
    try:
        alone = statistics.median(single.one() for _ in range(5))
        for _ in range(args.crowd):
            crowd.submit()
        times = sorted(single.one() for _ in range(args.singles))
        p95 = times[min(len(times) - 1, round(0.95 * len(times)) - 1)]
        waiting = stores.turns.waiting(crowd.owner)
        fair = p95 <= MOST_TIMES_ALONE * alone
        print(f"{plan}: alone {alone:.1f} s; beside {args.crowd} jobs of another, of which {waiting} still wait: median "
              f"{statistics.median(times):.1f} s, p95 {p95:.1f} s, {p95 / alone:.2f} times alone: {'fair' if fair else 'NOT FAIR'}", flush=True)
        return fair and waiting > 0
    finally:
        while purge.everything(stores, [person.owner for person in people]):
            time.sleep(1)


def main(arguments):
    """The command line; the exit status."""
    words = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("fair.py", description=__doc__, formatter_class=words)
    parser.add_argument("--crowd", type=int, default=500)
    parser.add_argument("--singles", type=int, default=20)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--plan", choices=["Free", "Premium"], action="append", help="both, unless told")
    parser.add_argument("--endpoints", type=Path)
    args = parser.parse_args(arguments)
    where = ["1", *(["--endpoints", str(args.endpoints)] if args.endpoints else [])]
    stores = submit_jobs.Stores(submit_jobs.parse(where))
    content = file_of(args.records)
    topic = stores.topic("job_requests")
    return 0 if all([tried(stores, topic, plan, content, args) for plan in args.plan or ["Free", "Premium"]]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
