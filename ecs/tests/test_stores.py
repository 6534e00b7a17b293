"""The sandbox has the stores of data.yaml, attribute by attribute: a new one, and one that version 0.1 had kept.

Template, functions and answers are read here by other code than the sandbox's own. What a laptop needs otherwise is in
services/sandbox/src/provision/laptop.rs, and stands here once more.
"""

import contextlib
import copy
import json
import os
import subprocess
import tarfile
import tempfile
import time
import unittest
from pathlib import Path

import emulator
from alike import unlike
from botocore.exceptions import ClientError
from intrinsic import Resolver
from readback import READERS
from templates import ROOT, House

BINARY = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug/sandbox"
KEPT = ROOT / "services/sandbox/tests/kept/0.1/data.tar.gz"
READY_WITHIN = 300
LAPTOP = {"System": "gas", "Where": "emulator", "Prefix": "", "BucketPrefix": "gas-", "MailIdentityName": "no-reply@gas.example.org",
          "ArchiveDelaySeconds": 90, "DeletionProtection": False}
# What each kind of resource is called, in its properties.
NAMES = {"AWS::S3::Bucket": "BucketName", "AWS::DynamoDB::Table": "TableName", "AWS::SES::EmailIdentity": "EmailIdentity",
         "AWS::SES::ConfigurationSet": "Name"}
# (type, property): the emulator takes it from whoever asks, and does not tell it.
UNTOLD = {("AWS::DynamoDB::Table", "PointInTimeRecoverySpecification.RecoveryPeriodInDays"),
          ("AWS::SES::EmailIdentity", "ConfigurationSetAttributes.ConfigurationSetName")}


class Place(emulator.Emulator):
    """The emulator of a sandbox that runs."""

    def __init__(self, endpoints):
        super().__init__(endpoints["aws"].rsplit(":", 1)[1])
        self.keys = endpoints["aws_access_key_id"], endpoints["aws_secret_access_key"]
        self.web = endpoints["web"]

    def client(self, name):
        return super().client(name, *self.keys)


@contextlib.contextmanager
def sandbox(kept=None):
    """A sandbox, on what another has kept if that is given."""
    with tempfile.TemporaryDirectory() as folder:
        data, endpoints = Path(folder) / "data", Path(folder) / "endpoints.json"
        if kept:
            data.mkdir()
            with tarfile.open(kept) as archive:
                archive.extractall(data, filter="data")
        with open(f"{folder}/console", "w") as console:
            process = subprocess.Popen(
                [BINARY, "--port=0", "--aws-port=0", "--mailbox-port=0", "--stripe-port=0", "--no-sequence", "--no-references",
                 "--stop-with-stdin", "--retention=90s", f"--data={data}"], stdin=subprocess.PIPE, stdout=console, stderr=console)
            try:
                wait_for(endpoints, process, console.name)
                yield Place(json.loads(endpoints.read_text()))
            finally:
                process.stdin.close()
                process.wait(60)


def wait_for(file, process, console):
    deadline = time.monotonic() + READY_WITHIN
    while not file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"the sandbox does not get ready: {Path(console).read_text()[-2000:]}")
        time.sleep(0.05)


class Stores(unittest.TestCase):
    maxDiff = None

    def test_a_new_sandbox_has_the_stores_of_data_yaml(self):
        with sandbox() as place:
            self.assert_alike(place)
            self.assert_that_a_change_is_seen(place)

    def test_a_sandbox_of_version_0_1_gets_the_stores_of_today(self):
        with sandbox(KEPT) as place:
            self.assert_alike(place)

    def assert_alike(self, place):
        body = House.read().template("data").body
        found = list(differences(place, body))
        self.assertEqual([d for d in found if d[1:3] not in UNTOLD], [])
        self.assertEqual(UNTOLD - {d[1:3] for d in found}, set(), "told by now: take it from UNTOLD")

    def assert_that_a_change_is_seen(self, place):
        """Each property of each resource in another wording is one difference at least."""
        whole = House.read().template("data").body
        for name, resource in whole["Resources"].items():
            if "Condition" in resource:
                continue
            for path in leaves(resource["Properties"]):
                body = copy.deepcopy(whole)
                change(body["Resources"][name]["Properties"], path)
                with self.subTest(resource=name, property=path):
                    self.assertNotEqual(list(differences(place, body, [name])), [])


def differences(place, body, only=None):
    """(resource, type, path, wanted, found) of everything in which the stores are not what the template says."""
    resolver = Resolver(body, emulator.REGION, emulator.ACCOUNT, parameters(body, place), {}, {})
    resources = {name: r for name, r in body["Resources"].items() if resolver.present(r)}
    resolver.ids = {name: identity(place, resolver, r) for name, r in resources.items() if r["Type"] != "AWS::SNS::Subscription"}
    for name, resource in resources.items():
        if only is None or name in only:
            kind, wanted = resource["Type"], resolver.of(resource["Properties"])
            try:
                found = READERS[kind](place, subscribed(place, wanted) or resolver.ids.get(name), wanted)
            except (ClientError, LookupError) as absent:
                found = {}
                yield name, kind, "", "it is there", repr(absent)
            for path, one, other in unlike(wanted, found):
                yield name, kind, path, one, other


def parameters(body, place):
    defaults = {name: p.get("Default") for name, p in body["Parameters"].items()}
    return {**defaults, **LAPTOP, "PublicUrl": place.web}


def identity(place, resolver, resource):
    """What !Ref gives of a resource: the emulator's own word for it where it has one."""
    kind, properties = resource["Type"], resource["Properties"]
    if kind == "AWS::SNS::Topic":
        return f"arn:aws:sns:{emulator.REGION}:{emulator.ACCOUNT}:{resolver.of(properties['TopicName'])}"
    if kind == "AWS::SQS::Queue":
        return f"{place.endpoint}/{emulator.ACCOUNT}/{resolver.of(properties['QueueName'])}"
    return resolver.of(properties[NAMES[kind]]) if kind in NAMES else None


def subscribed(place, wanted):
    """ARN of the one subscription of an endpoint to a topic."""
    if "Endpoint" not in wanted:
        return None
    found = place.client("sns").list_subscriptions_by_topic(TopicArn=wanted["TopicArn"])["Subscriptions"]
    return [s["SubscriptionArn"] for s in found if wanted["Endpoint"] == s["Endpoint"]][0]


def leaves(node, path=()):
    """Where in properties each plain value, or function, stands."""
    if isinstance(node, dict) and not (len(node) == 1 and next(iter(node)).startswith(("Fn::", "Ref"))):
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, (*path, index))
    else:
        yield path


def change(node, path):
    for step in path[:-1]:
        node = node[step]
    value = node[path[-1]]
    node[path[-1]] = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else "something-else"


if __name__ == "__main__":
    unittest.main()
