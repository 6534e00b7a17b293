"""Every stack is deployed to an emulator by ecs/deploy, read back, updated and deleted.

That proves wiring: order, names, exports, conditions, and that what is said arrives. What an emulator takes, AWS may
refuse; for that there are cfn-lint and our rules.
"""

import concurrent.futures
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import emulator
import yaml
from alike import unlike
from botocore.exceptions import ClientError
from intrinsic import Resolver
from lacks import LOST, NO_ATTRIBUTE, REFUSED, for_emulator, lost
from readback import COUNTED, READERS
from templates import ROOT, SERVICES, STACKS, House

SYSTEM = "gas-staging"
# An update that changes something in each stack that has something to change without being made anew.
UPDATE = {
    "all": {"PublicUrl": "https://new.staging.gas.example.org"},
    "data": {"ArchiveDelaySeconds": "60"},
    "cluster": {"BalancerIdleSeconds": "50", "UnhealthyCount": "5", "ContainerInsights": "enhanced"},
    "observability": {"TracesEndpoint": "https://otlp.example.org"},
    "services/web": {"FreeRetention": "20m"},
    "services/annotator": {"ReferenceObjects": f"hg19=s3://bucket/hg19.gasref#{64 * 'a'}"},
    "services/notifier": {"LogLevel": "debug"},
    "services/archiver": {"Memory": "1024"},
    "services/billing": {"Tasks": "3"},
}


class Stacks(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.aws = cls.enterClassContext(emulator.started())
        cls.house = House.read()
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory())) / "ecs"
        cls.write_templates()

    @classmethod
    def write_templates(cls):
        """ecs/ once more, with templates that the emulator takes."""
        (cls.folder / "services").mkdir(parents=True)
        shutil.copytree(ROOT / "ecs/parameters", cls.folder / "parameters")
        for name in ("deploy", "stack.py"):
            shutil.copy(ROOT / "ecs" / name, cls.folder / name)
        cls.bodies = {t.stack: for_emulator(t.body) for t in cls.house.templates}
        for stack, body in cls.bodies.items():
            (cls.folder / f"{stack}.yaml").write_text(yaml.safe_dump(body, sort_keys=False, width=1000))

    def deploy(self, *arguments):
        bin = str(Path(sys.executable).parent)
        environment = {**self.aws.environment, "PATH": f"{bin}:{self.aws.environment['PATH']}"}
        return subprocess.run([self.folder / "deploy", *arguments], env=environment, capture_output=True, text=True)

    def deployed(self, *arguments):
        ended = self.deploy(*arguments)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended

    # The story, in order; unittest runs methods by name.

    def test_1_a_dry_run_shows_what_would_be_and_makes_nothing(self):
        shown = self.deployed("--dry-run", "staging", "network", "data")
        self.assertIn("  Add     Vpc (AWS::EC2::VPC)\n", shown.stdout)
        with self.assertRaises(ClientError):
            self.aws.client("cloudformation").describe_stacks(StackName=f"{SYSTEM}-network")

    def test_2_every_stack_is_made_in_order(self):
        self.deployed("staging", *STACKS[:4])
        ecr = self.aws.client("ecr")
        for service in SERVICES:
            manifest = json.dumps({"schemaVersion": 2, "layers": [], "name": service})
            ecr.put_image(repositoryName=f"{SYSTEM}/{service}", imageManifest=manifest, imageTag="v1")
        with concurrent.futures.ThreadPoolExecutor(2) as two:
            list(two.map(lambda s: self.deployed("staging", f"services/{s}", "--tag", "v1"), SERVICES))
        self.assert_alike()

    def test_3_what_is_the_same_is_left_alone(self):
        self.assertIn("nothing to change", self.deployed("staging", "network").stderr)

    def test_4_every_stack_is_updated(self):
        path = self.folder / "parameters/staging.json"
        settings = json.loads(path.read_text())
        for stack, changed in UPDATE.items():
            settings.setdefault(stack, {}).update(changed)
        path.write_text(json.dumps(settings))
        cloudformation = self.aws.client("cloudformation")
        for stack in STACKS[1:]:
            chosen = subprocess.run([sys.executable, self.folder / "stack.py", "parameters", "staging", stack, f"{stack}.yaml", "UPDATE"],
                                    capture_output=True, text=True, check=True)
            cloudformation.update_stack(StackName=self.name(stack), TemplateBody=(self.folder / f"{stack}.yaml").read_text(),
                                        Parameters=json.loads(chosen.stdout), Capabilities=["CAPABILITY_IAM"])
            self.wait(stack, "UPDATE_COMPLETE")
        self.assert_alike()

    def test_5_a_failure_says_stack_resource_line_and_what_to_do(self):
        path = self.folder / "network.yaml"
        whole = path.read_text()
        body = yaml.safe_load(whole)
        body["Resources"]["Broken"] = {"Type": "AWS::CloudWatch::Alarm", "Properties": {
            "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 1,
            "Metrics": [{"Id": "e", "Expression": "1"}]}}
        path.write_text(yaml.safe_dump(body, sort_keys=False, width=1000))
        failed = self.deploy("staging", "network")
        line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if text == "  Broken:")
        path.write_text(whole)
        self.assertEqual(failed.returncode, 1)
        self.assertIn(f"error: the stack {SYSTEM}-network failed.", failed.stderr)
        self.assertIn(f"  resource: Broken (AWS::CloudWatch::Alarm)\n  line:     ecs/network.yaml:{line}\n  reason: ", failed.stderr)
        self.assertIn("  to do:    ", failed.stderr)

    def test_6_every_stack_is_deleted_in_the_other_order(self):
        for stack in reversed(STACKS):
            self.aws.client("cloudformation").delete_stack(StackName=self.name(stack))
            self.wait(stack, None)
        kept = {b["Name"] for b in self.aws.client("s3").list_buckets()["Buckets"]}
        self.assertEqual(kept, {f"{SYSTEM}-{emulator.ACCOUNT}-{b}" for b in ("inputs", "results", "archive", "references")})
        self.assertEqual(self.aws.client("dynamodb").list_tables()["TableNames"], [f"{SYSTEM}-annotations", f"{SYSTEM}-turns"])
        self.assertEqual(self.aws.client("sqs").list_queues().get("QueueUrls", []), [])
        self.assertEqual(self.aws.client("iam").list_roles()["Roles"], [])

    def test_7_the_emulator_still_lacks_what_we_leave_out(self):
        for kind in REFUSED:
            with self.subTest(type=kind):
                self.assertFalse(self.takes({"Type": kind, "Properties": {}}), f"{kind} is taken by now: take it from lacks.py")
        math = {"EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 1, "Metrics": [
            {"Id": "e", "Expression": "m * 1", "ReturnData": True},
            {"Id": "m", "ReturnData": False, "MetricStat": {"Stat": "Sum", "Period": 60, "Metric": {"Namespace": "X", "MetricName": "y"}}}]}
        self.assertFalse(self.takes({"Type": "AWS::CloudWatch::Alarm", "Properties": math}), "metric math is taken by now")
        for kind, attribute in NO_ATTRIBUTE:
            name, properties = self.properties(kind)
            asked = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Fn::GetAtt": [name, attribute]}}}
            self.assertFalse(self.takes({"Type": kind, "Properties": properties}, Asked=asked, name=name), f"{kind} tells {attribute}")
            self.assertTrue(self.takes({"Type": kind, "Properties": properties}, name=name), f"{kind} is to be taken without it")
        for digits, taken in ((2, True), ("2", False)):
            self.assertEqual(self.takes(counted(digits), Task=TASK), taken, f"a desired count of {digits!r}")

    # How.

    def name(self, stack):
        return f"{SYSTEM}-{stack.removeprefix('services/')}"

    def wait(self, stack, wanted):
        """The emulator changes stacks while it answers, or soon after."""
        waiter = self.aws.client("cloudformation").get_waiter("stack_update_complete" if wanted else "stack_delete_complete")
        waiter.wait(StackName=self.name(stack), WaiterConfig={"Delay": 1, "MaxAttempts": 60})

    def properties(self, kind):
        """A small resource of a type, from what a template says of it."""
        return "Database", {"DBInstanceIdentifier": "lack", "Engine": "postgres", "DBInstanceClass": "db.t4g.micro",
                            "AllocatedStorage": 20, "MasterUsername": "gas", "ManageMasterUserPassword": True}

    def takes(self, resource, name="Lack", **others):
        cloudformation = self.aws.client("cloudformation")
        try:
            cloudformation.create_stack(StackName="lack", TemplateBody=json.dumps({"Resources": {name: resource, **others}}))
            cloudformation.get_waiter("stack_create_complete").wait(StackName="lack", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
            return True
        except Exception:
            return False
        finally:
            cloudformation.delete_stack(StackName="lack")
            cloudformation.get_waiter("stack_delete_complete").wait(StackName="lack", WaiterConfig={"Delay": 1, "MaxAttempts": 30})

    def assert_alike(self):
        """What is there is what the templates say, but for what is known to be lost; and that is really lost."""
        differences = [d for stack in STACKS for d in self.differences(stack)]
        entries = {lost(kind, path) for _, kind, path, *_ in differences}
        self.assertEqual([d for d in differences if lost(*d[1:3]) is None], [])
        self.assertEqual(LOST - entries, set(), "no longer lost: take it from lacks.py")

    def differences(self, stack):
        cloudformation = self.aws.client("cloudformation")
        described = cloudformation.describe_stacks(StackName=self.name(stack))["Stacks"][0]
        there = {r["LogicalResourceId"]: r for r in cloudformation.describe_stack_resources(StackName=self.name(stack))["StackResources"]}
        body = self.bodies[stack]
        resolver = Resolver(body, emulator.REGION, emulator.ACCOUNT,
                            {p["ParameterKey"]: p["ParameterValue"] for p in described["Parameters"]},
                            {name: r["PhysicalResourceId"] for name, r in there.items()}, self.exports())
        wanted = {name: r for name, r in body["Resources"].items() if resolver.present(r)}
        self.assertEqual(set(there), set(wanted), stack)
        for name, resource in wanted.items():
            kind, properties = resource["Type"], resolver.of(resource.get("Properties", {}))
            if kind in COUNTED:
                continue
            found = READERS[kind](self.aws, there[name]["PhysicalResourceId"], properties)
            for path, one, other in unlike(properties, found):
                yield f"{stack} {name}", kind, path, one, other

    def exports(self):
        pages = self.aws.client("cloudformation").get_paginator("list_exports").paginate()
        return {e["Name"]: e["Value"] for page in pages for e in page["Exports"]}


TASK = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"Family": "lack", "ContainerDefinitions": [{"Name": "lack", "Image": "lack"}]}}


def counted(digits):
    return {"Type": "AWS::ECS::Service", "Properties": {"TaskDefinition": {"Ref": "Task"}, "DesiredCount": digits}}


if __name__ == "__main__":
    unittest.main()
