"""A job as web writes it at submission: its row, its input, the message that requests it.

The one place outside of the services that knows this shape, with turns.py; it follows `Jobs::to_item` and `in_turn`
(services/shared/backends/src/jobs), `keys::input` and `events::JobRequested` (services/shared/domain/src); the tests compare.
"""

import json
import time
from dataclasses import dataclass
from uuid import UUID, uuid4

MARK = "10ad7e57"  # How the ids of load tests begin: they are found again in logs, keys and lists.
SHARDS = 4
# Mails to it arrive, in a mailbox simulator that AWS runs for tests; nobody's reputation suffers.
EMAIL = "success@simulator.amazonses.com"


@dataclass(frozen=True)
class Owner:
    """Whose jobs they are. An id that no account has is as good: annotators do not ask."""

    user_id: str
    username: str = "load-test"
    email: str = EMAIL
    plan: str = "Free"


def made_up(number):
    """The owner of this number, whom no account has."""
    return Owner(f"{MARK}-0000-4000-8000-{number:012d}")


def job_id():
    """A random id that is marked."""
    return MARK + str(uuid4())[len(MARK) :]


def input_key(owner, job):
    """Where the input is, in the inputs bucket."""
    return f"{owner.user_id}/{job}/input.vcf"


def message(job):
    """What is published on `job_requests`."""
    return json.dumps({"version": 1, "job_id": job}, separators=(",", ":"))


def pending(owner, job, file_name, upload, bucket):
    """The row of a new job, in DynamoDB's own words. `upload` is size and version of the input."""
    now = str(int(time.time()))
    row = {
        "job_id": job, "user_id": owner.user_id, "username": owner.username, "email": owner.email,
        "input_file_name": file_name, "s3_inputs_bucket": bucket, "s3_key_input_file": input_key(owner, job),
        "reference_choice": "auto", "results_form": "modern", "csq_fields": "default", "csq_entries": "all", "haplotypes": "alone", "transcripts": "all", "tracks": "all", "plan": owner.plan, "job_status": "PENDING", "results_state": "LIVE",
    }
    size, version = upload
    if version:
        row["s3_input_version_id"] = version
    numbers = {"input_size": str(size), "submit_time": now, "attempt": "0"}
    return {name: {"S": text} for name, text in row.items()} | {name: {"N": number} for name, number in numbers.items()}


def in_turn(row):
    """The row of a job that is requested at once."""
    now = row["submit_time"]
    shard = {"S": str(UUID(row["job_id"]["S"]).bytes[15] % SHARDS)}
    return row | {"pending_shard": shard, "turn_time": now, "requested_at": now, "requests": {"N": "1"}}


def awaiting(row):
    """The row of a job that is requested when it is its turn."""
    return row | {"awaits_turn": {"N": "1"}}
