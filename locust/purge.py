"""Removes the jobs that submit_jobs.py has made, and nothing else: ids and keys of load tests are marked."""

from botocore.exceptions import ClientError

import rows


def everything(stores, owners):
    """Removes the marked jobs of these people; says what was left. The exit status."""
    removed = kept = objects = 0
    for owner in owners:
        jobs = set(_jobs(stores, owner))
        gone = {job for job in jobs if _drop(stores, job)}
        # Annotators take a turn of a job that is gone for what it is.
        stores.turns.forget(owner, gone)
        left = jobs - gone
        removed, kept = removed + len(gone), kept + len(left)
        objects += sum(_empty(stores, bucket, owner, left) for bucket in (stores.inputs, stores.results))
    print(f"{removed} jobs and {objects} versions of objects removed from {stores.what}")
    if kept:
        print(f"{kept} jobs were left: they run just now, or their results are in the archive")
    return 1 if kept else 0


def _jobs(stores, owner):
    pages = stores.dynamodb.get_paginator("query").paginate(
        TableName=stores.table, IndexName="user_id_index", KeyConditionExpression="user_id = :user",
        ExpressionAttributeValues={":user": {"S": owner.user_id}}, ProjectionExpression="job_id")
    found = [row["job_id"]["S"] for page in pages for row in page["Items"]]
    return [job for job in found if job.startswith(rows.MARK)]


def _drop(stores, job):
    """A job that runs would end without a row; one whose results are in the archive would leave them there for ever."""
    try:
        stores.dynamodb.delete_item(
            TableName=stores.table, Key={"job_id": {"S": job}},
            ConditionExpression="job_status <> :running AND (attribute_not_exists(results_state) OR results_state = :live)",
            ExpressionAttributeValues={":running": {"S": "RUNNING"}, ":live": {"S": "LIVE"}})
        return True
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False


def _empty(stores, bucket, owner, left):
    removed = 0
    pages = stores.s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=f"{owner.user_id}/{rows.MARK}")
    for page in pages:
        found = page.get("Versions", []) + page.get("DeleteMarkers", [])
        gone = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found if one["Key"].split("/")[1] not in left]
        if gone:
            stores.s3.delete_objects(Bucket=bucket, Delete={"Objects": gone, "Quiet": True})
        removed += len(gone)
    return removed
