"""Waits until jobs have ended, and says how."""

import time
from collections import Counter

AT_ONCE = 100  # as many rows as DynamoDB reads at once
ENDED = {"COMPLETED", "FAILED", "CANCELLED"}


def wait(stores, jobs, within):
    """Looks once a second, `within` seconds at most; the exit status: 0 if all have been completed."""
    begun, left, how = time.monotonic(), list(jobs), Counter()
    while left and time.monotonic() - begun < within:
        time.sleep(1)
        states = _states(stores, left)
        how.update(state for state in states.values() if state in ENDED)
        left = [job for job in left if states.get(job) not in ENDED]
    told = ", ".join(f"{number} {state}" for state, number in sorted(how.items())) or "none ended"
    print(f"after {time.monotonic() - begun:.0f} s: {told}, {len(left)} not ended")
    return 0 if how["COMPLETED"] == len(jobs) else 1


def _states(stores, jobs):
    states = {}
    for at in range(0, len(jobs), AT_ONCE):
        keys = [{"job_id": {"S": job}} for job in jobs[at : at + AT_ONCE]]
        wanted = {stores.table: {"Keys": keys, "ProjectionExpression": "job_id, job_status"}}
        while wanted:
            answer = stores.dynamodb.batch_get_item(RequestItems=wanted)
            states |= {row["job_id"]["S"]: row["job_status"]["S"] for row in answer["Responses"].get(stores.table, [])}
            wanted = answer.get("UnprocessedKeys")
    return states
