"""What schemathesis cannot know of us: which jobs there are, and that a download's address is the object store's."""

import os
import re

import schemathesis

DELETION, *JOBS = os.environ["GAS_API_IDS"].split()


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Every second request that names a job names one that is there; those that delete make theirs up."""
    if context.operation.method.upper() != "DELETE" and is_chosen((path_parameters or {}).get("id")):
        number = int(path_parameters["id"][:8], 16)
        is_job = "/jobs/" in context.operation.path
        path_parameters["id"] = JOBS[number % len(JOBS)] if is_job else DELETION
    return path_parameters


@schemathesis.hook
def map_body(context, body):
    """Every second job is of an upload that is there."""
    is_new_job = context.operation.path == "/api/v1/jobs" and isinstance(body, dict) and set(body) == {"upload"}
    if is_new_job and is_chosen(body["upload"]):
        body["upload"] = JOBS[int(body["upload"][:8], 16) % len(JOBS)]
    return body


def is_chosen(identifier):
    """Every second UUID; what was made up to be none stays."""
    if not isinstance(identifier, str) or not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", identifier):
        return False
    return int(identifier[0], 16) % 2 == 0


@schemathesis.hook
def before_call(context, case, kwargs):
    """The document describes our answer, not what the object store says where that leads."""
    kwargs["allow_redirects"] = False
