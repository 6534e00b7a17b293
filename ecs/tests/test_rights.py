"""Each service has called nothing that its role does not allow, and its role allows nothing that it has not called.

Reads what a run of the end-to-end tests has left in GAS_RIGHTS (`ecs/tests/run rights`): the policies that roles.py gave,
and logs with every call of AWS. An S3 key, a table, a queue or a topic is held against the resources of each statement.
"""

import copy
import json
import os
import re
import unittest
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import unquote

import emulator
from roles import LAPTOP
from templates import SERVICES, as_list

FOLDER = Path(os.environ["GAS_RIGHTS"])
CALLED = re.compile(r"Called (\w+) (\w+) on (\S*)( of a version)?")
ANSWERED = re.compile(r"Answered (\d+) to (\w+) (\w+) on (\S*?)( of a version)?: ")
REFUSED = re.compile(r"AccessDenied|AuthorizationError|not authorized to perform")
AT = f"{emulator.REGION}:{emulator.ACCOUNT}"

# What each operation asks for. {} is what it is called on; where S3 names an object, {bucket} is its bucket.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
ACTIONS = {
    "S3": {
        "HeadBucket": ["s3:ListBucket {bucket}"],
        "ListObjectVersions": ["s3:ListBucketVersions {bucket}"],
        "ListMultipartUploads": ["s3:ListBucketMultipartUploads {bucket}"],
        "HeadObject": ["s3:GetObject {}"],
        "GetObject": ["s3:GetObject {}"],
        "PutObject": ["s3:PutObject {}"],
        "PostObject": ["s3:PutObject {}"],
        # Ours copy a version of an object onto itself, with a tag.
        "CopyObject": ["s3:GetObjectVersion {}", "s3:PutObject {}", "s3:PutObjectTagging {}"],
        "CreateMultipartUpload": ["s3:PutObject {}"],
        "UploadPart": ["s3:PutObject {}"],
        "CompleteMultipartUpload": ["s3:PutObject {}"],
        "ListParts": ["s3:ListMultipartUploadParts {}"],
        "AbortMultipartUpload": ["s3:AbortMultipartUpload {}"],
        "PutObjectTagging": ["s3:PutObjectTagging {}"],
        "DeleteObject": ["s3:DeleteObject {}"],
        "RestoreObject": ["s3:RestoreObject {}"],
    },
    "DynamoDB": {name: [f"dynamodb:{name} arn:aws:dynamodb:{AT}:table/{{}}"] for name in (
        "GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem", "Query")},
    "SQS": {name: [f"sqs:{name} arn:aws:sqs:{AT}:{{}}"] for name in (
        "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes", "GetQueueUrl", "SendMessage")},
    "SNS": {"Publish": ["sns:Publish {}"]},
    "SESv2": {"SendEmail": [f"ses:SendEmail arn:aws:ses:{AT}:identity/{LAPTOP['MailIdentityName']}",
                            f"ses:SendEmail arn:aws:ses:{AT}:configuration-set/{LAPTOP['System']}"]},
}
# A version of an object is read by a right of its own.
OF_A_VERSION = {"s3:GetObject": "s3:GetObjectVersion", "s3:DeleteObject": "s3:DeleteObjectVersion",
                "s3:PutObjectTagging": "s3:PutObjectVersionTagging"}

# Rights that no call of the tests need use, and why they are there: patterns of service, action and resource.
EXPLAINED = {
    ("*", "ecs:UpdateTaskProtection", "*"): "asked of ECS's agent, which uses it in the task's name; no laptop has one",
    ("annotator", "s3:GetObject", "arn:aws:s3:::gas-references/*"): "a laptop has its references in a folder, not in S3",
    ("annotator", "s3:AbortMultipartUpload", "*"): "an upload in parts that fails half way; results of the tests fit into one part",
    ("archiver", "s3:AbortMultipartUpload", "*"): "an upload in parts that is underway when its job or its owner is deleted",
    ("*", "s3:PutObjectTagging", "*"): "an upload with a tag asks for it as well, which the log does not tell apart",
    ("web", "s3:ListBucketVersions", "*"): "tells a version that is gone from one that is refused, and none goes while it is looked at",
    ("web", "sns:Publish", "*:notices"): "a notice about a subscription is told by whoever sees it first; in the tests that is billing",
    ("*", "sqs:ChangeMessageVisibility", "*"): "work that is long, fails or is stopped; how often that is depends on the machine",
    ("archiver", "sqs:DeleteMessage", "*:vault_retrievals"): "S3 tells that a restore has ended; whether in time depends on the machine",
    ("web", "sqs:SendMessage", "*"): "/admin sends dead letters back; the tests do so with those of one queue",
    ("web", "sqs:ReceiveMessage", "*_dlq"): "the same",
    ("web", "sqs:DeleteMessage", "*_dlq"): "the same",
}


class Rights(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.policies = json.loads((FOLDER / "policies.json").read_text())
        cls.logs = {service: sorted(FOLDER.glob(f"logs/*/{service}.log")) for service in SERVICES}
        cls.asked = {service: asked(logs) for service, logs in cls.logs.items()}

    def test_every_service_has_called_something(self):
        self.assertEqual([s for s in SERVICES if not self.asked[s]], [])

    def test_nobody_was_refused(self):
        for service, logs in self.logs.items():
            refused = {line.strip()[:600] for log in logs for line in log.read_text().splitlines() if REFUSED.search(line)}
            self.assertEqual(sorted(refused), [], service)

    def test_every_call_is_allowed_by_the_template(self):
        self.assertEqual(sorted(beyond(self.policies, self.asked)), [])

    def test_every_right_is_used_or_explained(self):
        unused = idle(self.policies, self.asked)
        explained = {right for right in unused if explanation(right)}
        self.assertEqual(sorted(unused - explained), [], "rights that no call has used")
        granted = {(service, *right) for service in SERVICES for right in rights(self.policies[service])}
        idle_lines = [line for line in EXPLAINED if not any(all(map(fnmatchcase, right, line)) for right in granted)]
        self.assertEqual(idle_lines, [], "explained, and not granted")
        granted = len(granted)
        print(f"\n{granted} rights granted, {granted - len(unused)} used, {len(explained)} explained", flush=True)

    def test_a_right_less_and_a_right_more_are_seen(self):
        for service in SERVICES:
            action, resource = next(right for right in sorted(rights(self.policies[service]))
                                    if (service, *right) not in idle(self.policies, self.asked))
            less, more = copy.deepcopy(self.policies), copy.deepcopy(self.policies)
            less[service] = [{"Effect": "Allow", "Action": a, "Resource": r} for a, r in rights(less[service]) - {(action, resource)}]
            self.assertNotEqual(beyond(less, self.asked), set(), f"{service} without {action} on {resource}")
            more[service].append({"Effect": "Allow", "Action": "sqs:PurgeQueue", "Resource": "*"})
            self.assertIn((service, "sqs:PurgeQueue", "*"), idle(more, self.asked))


def rights(statements):
    """(action, resource) of everything that a role allows."""
    return {(a, r) for s in statements for a in as_list(s["Action"]) for r in as_list(s["Resource"])}


def asked(logs):
    """(action, resource) of everything that was called."""
    found = set()
    for log in logs:
        for line in log.read_text().splitlines():
            if call := CALLED.search(line):
                found.update(needs(*call.groups()))
            elif (answer := ANSWERED.search(line)) and answer.group(1, 2) == ("404", "S3"):
                # That it is not there, AWS tells who may list the bucket, and 403 to everybody else.
                found.add(("s3:ListBucket", address(answer.group(4))[0]))
                if answer.group(5):
                    found.add(("s3:ListBucketVersions", address(answer.group(4))[0]))
    return found


def needs(service, operation, on, of_version):
    if operation == "TransactWriteItems":
        # AWS asks for the right of each part.
        for does, table in (part.split("=") for part in on.split(",")):
            yield from needs(service, f"{does}Item", table, of_version)
        return
    if service not in ACTIONS or operation not in ACTIONS[service]:
        raise AssertionError(f"which right {service} {operation} asks for is not in ACTIONS")
    bucket, object = address(on) if service == "S3" else (None, on.rsplit("/", 1)[-1] if service == "SQS" else on)
    for need in ACTIONS[service][operation]:
        action, resource = need.replace("{bucket}", bucket or "").replace("{}", object).split(" ", 1)
        yield (OF_A_VERSION.get(action, action) if of_version else action), resource


def address(on):
    """ARNs of bucket and object of `host/bucket/key`, which is how an emulator is addressed."""
    _, bucket, *key = unquote(on).split("/", 2)
    return f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{'/'.join([bucket, *key])}"


def beyond(policies, asked):
    """Calls that no right allows."""
    return {(service, *call) for service, calls in asked.items() for call in calls
            if not any(allows(right, call) for right in rights(policies[service]))}


def idle(policies, asked):
    """Rights that no call uses."""
    return {(service, *right) for service, calls in asked.items() for right in rights(policies[service])
            if not any(allows(right, call) for call in calls)}


def allows(right, call):
    return all(fnmatchcase(called, allowed) for allowed, called in zip(right, call))


def explanation(right):
    return next((why for line, why in EXPLAINED.items() if all(map(fnmatchcase, right, line))), None)


if __name__ == "__main__":
    unittest.main()
