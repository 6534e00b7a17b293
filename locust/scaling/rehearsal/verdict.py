"""Whether a course had the shape that its policies promise, and whether anybody came to harm."""

from ..policies import OUT_AFTER

# From the first minute above the target to the one in which a task is asked for: three have to be, metrics are two late, and one is
# for what a machine under load is late itself.
OUT_WITHIN = OUT_AFTER + 2 + 1


def turns(changes):
    """How often out was followed by in, or in by out."""
    ways = [c.after > c.before for c in changes]
    return sum(a != b for a, b in zip(ways, ways[1:]))


def outs(changes):
    return [c for c in changes if c.after > c.before]


def complaints(course):
    """What is wrong with the shape: from the least to the most and back, in time, without going to and fro."""
    least, most = course.scaled.least, course.scaled.most
    changes, rows = course.scaler.changes, course.rows
    first = next(iter(outs(changes)), None)
    if rows[0].wanted != least:
        yield f"began with {rows[0].wanted} tasks, not with {least}"
    if first is None or first.minute - course.loaded() > OUT_WITHIN:
        yield f"asked for no task within {OUT_WITHIN} minutes of the load"
    if max(r.wanted for r in rows) != most:
        yield f"asked for {max(r.wanted for r in rows)} tasks at most, not for {most}"
    if max(r.tasks for r in rows) < most:
        yield f"had {max(r.tasks for r in rows)} healthy tasks at most, not {most}"
    if rows[-1].tasks != least:
        yield f"ended with {rows[-1].tasks} tasks, not with {least}"
    if turns(changes) > 1:
        yield f"went to and fro: {turns(changes)} turns"


def in_words(course):
    """Lines about what happened."""
    changes = course.scaler.changes
    yield f"{len(changes)} changes, {turns(changes)} turns; at most {max(r.tasks for r in course.rows)} tasks, {course.rows[-1].tasks} at the end"
    yield ", ".join(f"{c.before} → {c.after} in minute {c.minute - course.loaded()} ({c.policy})" for c in changes[:14]) + (" …" if len(changes) > 14 else "")


def jobs(dynamodb, table, owners):
    """(requested, ended well, begun more than once) of these people's jobs."""
    pages = dynamodb.get_paginator("query")
    rows = [row for owner in owners for page in pages.paginate(
        TableName=table, IndexName="user_id_index", KeyConditionExpression="user_id = :user",
        ExpressionAttributeValues={":user": {"S": owner}}, ProjectionExpression="job_id") for row in page["Items"]]
    whole = [dynamodb.get_item(TableName=table, Key={"job_id": row["job_id"]})["Item"] for row in rows]
    return len(whole), sum(w["job_status"]["S"] == "COMPLETED" for w in whole), sum(int(w["attempt"]["N"]) > 1 for w in whole)
