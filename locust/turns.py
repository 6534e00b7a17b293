"""Whose turn it is, as web decides it when it writes a job: only so many of a person's jobs are requested at once.

Follows services/shared/backends/src/jobs/turns.rs, entries.rs and services/shared/domain/src/turns.rs; the tests compare.
"""

import time
from uuid import UUID

import rows

HAS_ROOM = "attribute_not_exists(jobs) OR size(jobs) < :most"
MOST_CONFLICTS = 8
PAUSE = 0.01


class Turns:
    """The table of turns, beside that of jobs."""

    def __init__(self, dynamodb, jobs_table, turns_table, free, premium):
        self.dynamodb, self.jobs, self.turns = dynamodb, jobs_table, turns_table
        self.free, self.premium = free, premium

    def submit(self, owner, row):
        """Writes a new job: whether it has its turn, and is to be requested. One that waits is requested by whoever ends an
        earlier job of the owner, or by the sweep."""
        job = row["job_id"]["S"]
        at_once = {
            "Key": self._has(owner), "TableName": self.turns,
            "ConditionExpression": f"attribute_not_exists(waiting_shard) AND ({HAS_ROOM})",
            "UpdateExpression": "SET #plan = :plan ADD jobs :job", "ExpressionAttributeNames": {"#plan": "plan"},
            "ExpressionAttributeValues": {
                ":plan": {"S": owner.plan}, ":job": {"SS": [job]}, ":most": {"N": str(self.most(owner.plan))}},
        }
        if self._commit([self._new(rows.in_turn(row)), {"Update": at_once}]):
            return True
        another = {
            "Key": self._has(owner), "TableName": self.turns,
            "UpdateExpression": "SET waiting_shard = :shard, #plan = :plan ADD waited :one",
            "ExpressionAttributeNames": {"#plan": "plan"},
            "ExpressionAttributeValues": {":plan": {"S": owner.plan}, ":shard": {"S": _shard(owner.user_id)}, ":one": {"N": "1"}},
        }
        entry = {"user_id": {"S": owner.user_id}, "entry": {"S": waits(row)}, "job_id": {"S": job}}
        if not self._commit([self._new(rows.awaiting(row)), {"Put": {"TableName": self.turns, "Item": entry}}, {"Update": another}]):
            raise RuntimeError(f"the job {job} is there already")
        return False

    def most(self, plan):
        """How many turns a person of this plan has; with Premium, half of the places that annotators have."""
        return self.free if plan == "Free" else max(self.free, min(self.premium, self._places() // 2))

    def waiting(self, owner):
        """How many jobs of the owner wait for their turn."""
        return len(self._entries(owner.user_id, "waits "))

    def forget(self, owner, jobs):
        """Takes what is there of these jobs, which are gone, out of the owner's entries."""
        for entry in self._entries(owner.user_id, "waits "):
            if entry["job_id"]["S"] in jobs:
                self.dynamodb.delete_item(TableName=self.turns, Key={name: entry[name] for name in ("user_id", "entry")})
        held = self.dynamodb.get_item(TableName=self.turns, Key=self._has(owner), ConsistentRead=True).get("Item", {})
        given_up = sorted(jobs.intersection(held.get("jobs", {}).get("SS", [])))
        if given_up:
            self.dynamodb.update_item(
                TableName=self.turns, Key=self._has(owner), UpdateExpression="DELETE jobs :jobs",
                ExpressionAttributeValues={":jobs": {"SS": given_up}})

    def _new(self, row):
        return {"Put": {"TableName": self.jobs, "Item": row, "ConditionExpression": "attribute_not_exists(job_id)"}}

    def _has(self, owner):
        return {"user_id": {"S": owner.user_id}, "entry": {"S": "has"}}

    def _places(self):
        return sum(int(entry["places"]["N"]) for entry in self._entries("annotators", ""))

    def _entries(self, user, begin):
        condition = "user_id = :user" + (" AND begins_with(entry, :begin)" if begin else "")
        values = {":user": {"S": user}} | ({":begin": {"S": begin}} if begin else {})
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.turns, KeyConditionExpression=condition, ExpressionAttributeValues=values, ConsistentRead=True)
        return [entry for page in pages for entry in page["Items"]]

    def _commit(self, items):
        """Writes all or nothing; whether the conditions held. One that meets another begins anew."""
        for conflicts in range(MOST_CONFLICTS):
            try:
                self.dynamodb.transact_write_items(TransactItems=items)
                return True
            except self.dynamodb.exceptions.TransactionCanceledException as error:
                codes = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
                if "TransactionConflict" not in codes:
                    if "ConditionalCheckFailed" in codes:
                        return False
                    raise
                time.sleep(PAUSE * 2**conflicts)
        raise RuntimeError("others write the same all the time")


def _shard(user_id):
    return str(UUID(user_id).bytes[15] % rows.SHARDS)


def waits(row):
    """The name of the entry of a job that waits; those of jobs submitted first come first."""
    return f"waits {int(row['submit_time']['N']):012} {row['job_id']['S']}"
