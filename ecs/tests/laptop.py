"""The sandbox: how it is started here, and what its stores are called.

What a laptop needs otherwise than AWS is in services/sandbox/src/provision/laptop.rs, and stands here once more.
"""

import contextlib
import json
import os
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

import emulator
from templates import ROOT

BINARY = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug/sandbox"
READY_WITHIN = 300
LAPTOP = {"System": "gas", "Where": "emulator", "Prefix": "", "BucketPrefix": "gas-", "MailIdentityName": "no-reply@gas.example.org",
          "ArchiveDelaySeconds": 90, "DeletionProtection": False}
# What each kind of resource is called, in its properties.
NAMES = {"AWS::S3::Bucket": "BucketName", "AWS::DynamoDB::Table": "TableName", "AWS::SES::EmailIdentity": "EmailIdentity",
         "AWS::SES::ConfigurationSet": "Name"}


class Place(emulator.Emulator):
    """The emulator of a sandbox that runs."""

    def __init__(self, endpoint, key, secret, web=""):
        super().__init__(endpoint.rsplit(":", 1)[1])
        self.keys, self.web = (key, secret), web

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
                yield of(json.loads(endpoints.read_text()))
            finally:
                process.stdin.close()
                process.wait(60)


def of(endpoints):
    return Place(endpoints["aws"], endpoints["aws_access_key_id"], endpoints["aws_secret_access_key"], endpoints["web"])


def wait_for(file, process, console):
    deadline = time.monotonic() + READY_WITHIN
    while not file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"the sandbox does not get ready: {Path(console).read_text()[-2000:]}")
        time.sleep(0.05)


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
