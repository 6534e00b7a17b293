#!/usr/bin/env python3
"""Requests any number of jobs without a browser: by the topic as web does, or by the queue in batches of ten.

    locust/submit_jobs.py 500                          of the sandbox that runs (target/sandbox/endpoints.json)
    locust/submit_jobs.py 500 --per-minute 300         at a steady pace
    locust/submit_jobs.py 500 --owners 20              of 20 people instead of one
    locust/submit_jobs.py 500 --wait 120               waits for their ends, two minutes at most
    locust/submit_jobs.py 500 --bare --queue-url URL   messages alone, of jobs that do not exist
    locust/submit_jobs.py --purge --owners 20          removes rows, inputs and results that this has made

Each job is a real one, which an annotator works on and, on AWS, somebody pays for: a row as web writes it, an input, a
message with its owner as MessageGroupId. As with web, a person has only so many jobs requested at once; more wait for their
turn, so a long queue takes many owners. Ids begin with 10ad7e57. What fails is told, and the exit status is then 1.
"""

import argparse
import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

HERE = Path(__file__).resolve().parent
try:
    import boto3
except ImportError:
    # Started by hand: locust/run has the packages, or gets them.
    os.execv(HERE / "run", ["run", "jobs", *sys.argv[1:]])
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

import ended
import purge
import rows
from endpoints import place
from turns import Turns

BATCH = 10  # as many as SQS takes at once
AT_ONCE = 8


class Stores:
    """Clients of where jobs are written and requested."""

    def __init__(self, args):
        where, what = place(args.endpoint_url, args.endpoints, bool(args.topic_arn or args.queue_url))
        options = {"region_name": os.environ.get("AWS_REGION", "us-east-1"), **where}
        config = Config(retries={"mode": "standard"}, max_pool_connections=AT_ONCE * 2, s3={"addressing_style": "path"} if where else {})
        self.s3, self.dynamodb, self.sns, self.sqs = (
            boto3.client(name, config=config, **options) for name in ("s3", "dynamodb", "sns", "sqs"))
        self.what, self.table = what, args.table
        self.turns = Turns(self.dynamodb, args.table, args.turns_table, args.free_turns, args.premium_turns)
        self.inputs, self.results = args.inputs_bucket, args.results_bucket

    def topic(self, name):
        """The ARN of the topic of this name."""
        pages = self.sns.get_paginator("list_topics").paginate()
        found = (topic["TopicArn"] for page in pages for topic in page["Topics"])
        arn = next((arn for arn in found if arn.rsplit(":", 1)[1] == name), None)
        return arn or sys.exit(f"error: there is no topic {name} at {self.what}; --topic-arn names another")


class Requests:
    """Writes jobs and requests them."""

    def __init__(self, stores, args):
        self.stores, self.args = stores, args
        self.topic = None if args.queue_url else args.topic_arn or stores.topic("job_requests")
        self.content = args.vcf.read_bytes()
        self.failed = Counter()
        self.written, self.waiting = [], 0

    def write(self, number, owner):
        """A job of this owner, with row and input unless bare: its message, or None if it waits for its turn."""
        job = rows.job_id()
        if not self.args.bare:
            name = f"load-test-{number}.vcf"
            key, bucket = rows.input_key(owner, job), self.stores.inputs
            put = self.stores.s3.put_object(
                Bucket=bucket, Key=key, Body=self.content, Tagging=f"job={job}", Metadata={"file-name": name, "reference": "auto"})
            row = rows.pending(owner, job, name, (len(self.content), put.get("VersionId")), bucket)
            has_turn = self.stores.turns.submit(owner, row)
            self.written.append(job)
            if not has_turn:
                self.waiting += 1
                return None
        return rows.message(job), owner.user_id

    def publish(self, batch):
        """Requests these jobs: how many were. One by one on a topic, where an emulator's batches lose the group."""
        if self.topic:
            return sum(self._attempt(lambda: self.stores.sns.publish(
                TopicArn=self.topic, Message=body, MessageGroupId=group)) is not None for body, group in batch)
        entries = [{"Id": str(at), "MessageBody": body, "MessageGroupId": group} for at, (body, group) in enumerate(batch)]
        answer = self._attempt(lambda: self.stores.sqs.send_message_batch(QueueUrl=self.args.queue_url, Entries=entries))
        for failure in (answer or {}).get("Failed", []):
            self.failed[f"{failure['Code']}: {failure.get('Message', '')}"] += 1
        return len((answer or {}).get("Successful", []))

    def submit(self, numbered):
        """A batch of jobs, written and requested."""
        written = [self._attempt(lambda number=number, owner=owner: self.write(number, owner)) for number, owner in numbered]
        batch = [message for message in written if message]
        return self.publish(batch) if batch else 0

    def _attempt(self, call):
        try:
            return call()
        except (ClientError, BotoCoreError, RuntimeError) as error:
            self.failed[str(error)] += 1
            return None


def owners(args):
    """Whose jobs they are, in turn."""
    if args.user_id:
        return [rows.Owner(args.user_id, args.username, args.email, args.plan)]
    return [rows.made_up(number) for number in range(1, args.owners + 1)]


def paced(numbered, per_minute):
    """Batches, none of which is early."""
    size = max(1, min(BATCH, per_minute // 60)) if per_minute else BATCH
    begun, number = time.monotonic(), 0
    while batch := list(islice(numbered, size)):
        if per_minute:
            time.sleep(max(begun + number * 60 / per_minute - time.monotonic(), 0))
        number += len(batch)
        yield batch


def request(stores, args):
    """Requests as many jobs as were asked for; the exit status."""
    of, requests, begun = owners(args), Requests(stores, args), time.monotonic()
    print(f"{args.number} jobs of {len(of)} people to {requests.topic or args.queue_url} at {stores.what}", flush=True)
    numbered = ((number, of[number % len(of)]) for number in range(args.number))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = sum(running.result() for running in [pool.submit(requests.submit, b) for b in paced(numbered, args.per_minute)])
    print(f"{done} requested in {time.monotonic() - begun:.1f} s, {requests.waiting} wait for their turn")
    for reason, times in requests.failed.most_common(5):
        print(f"error: {times} × {reason}", file=sys.stderr)
    waited = ended.wait(stores, requests.written, args.wait) if args.wait else 0
    return waited if done + requests.waiting == args.number else 1


def parse(arguments):
    """The command line."""
    words = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("submit_jobs.py", description=__doc__, formatter_class=words)
    parser.add_argument("number", type=int, nargs="?", default=0, help="how many jobs")
    parser.add_argument("--per-minute", type=int, default=0, help="pace; without it, as fast as it goes")
    parser.add_argument("--owners", type=int, default=1, help="made-up people whose jobs they are, in turn")
    parser.add_argument("--user-id", help="one person who has an account: jobs then stand in their list")
    parser.add_argument("--username", default="load-test")
    parser.add_argument("--email", default=rows.EMAIL, help="where the mail about each job goes [%(default)s]")
    parser.add_argument("--plan", choices=["Free", "Premium"], default="Free", help="plan of --user-id")
    parser.add_argument("--bare", action="store_true", help="messages alone; annotators say that there is no such job")
    parser.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="wait until they have ended; 1 if not all are COMPLETED")
    parser.add_argument("--purge", action="store_true", help="remove what was made for these people")
    parser.add_argument("--topic-arn", help="where to request [the topic job_requests]")
    parser.add_argument("--queue-url", help="request on this queue instead, in batches")
    parser.add_argument("--endpoint-url", default=os.environ.get("GAS_AWS_ENDPOINT"), help="an emulator's endpoint")
    parser.add_argument("--endpoints", type=Path, help="endpoints.json of a sandbox that runs [target/sandbox/endpoints.json]")
    parser.add_argument("--vcf", type=Path, default=HERE / "../services/web/static/sample.vcf", help="the input")
    parser.add_argument("--table", default=os.environ.get("GAS_ANNOTATIONS_TABLE", "annotations"))
    parser.add_argument("--turns-table", default=os.environ.get("GAS_TURNS_TABLE", "turns"))
    parser.add_argument("--free-turns", type=int, default=int(os.environ.get("GAS_FREE_TURNS", 2)), help="as web has it [%(default)s]")
    parser.add_argument("--premium-turns", type=int, default=int(os.environ.get("GAS_PREMIUM_TURNS", 20)))
    parser.add_argument("--inputs-bucket", default=os.environ.get("GAS_INPUTS_BUCKET", "gas-inputs"))
    parser.add_argument("--results-bucket", default=os.environ.get("GAS_RESULTS_BUCKET", "gas-results"))
    args = parser.parse_args(arguments)
    if args.purge == (args.number > 0):
        parser.error("how many jobs? or --purge")
    if args.topic_arn and args.queue_url:
        parser.error("a topic or a queue, not both")
    if args.bare and args.wait:
        parser.error("bare messages have no jobs whose end could be waited for")
    return args


def main(arguments):
    """Exit status 0 if all went well."""
    args = parse(arguments)
    stores = Stores(args)
    try:
        return purge.everything(stores, owners(args)) if args.purge else request(stores, args)
    except (ClientError, BotoCoreError, OSError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
