"""The system in containers, made from the task definitions: what is deployed is what docker/test tries.

    python composed.py write FILE      services for Compose, over those of compose.yaml; puts the references into S3
    python composed.py compare         the running containers with the task definitions, and with broken copies of these

Image, command, user, root, capabilities, init, ports, health check, stop timeout, processor, memory, volumes, variables and
secrets are the templates'. What may differ is written in `AROUND`, `SETTINGS`, `ADDED`, `INSTEAD`, `SECRETS` and `TASKS`,
each with its reason; `compare` finds whatever else does.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import boto3
import yaml
from intrinsic import Resolver
from templates import ROOT, SERVICES, House

REGION = "us-east-1"
ENVIRONMENT = "production"
BUNDLES = ["hg19", "hg38"]
REFERENCES = "gas-references"

# Compose's own, around a task. ECS starts a task anew when it has ended: so does Docker. Logs are Docker's, not
# CloudWatch's, with the same mode and buffer. What tasks need is there before they are started: ecs/deploy goes in that order.
AROUND = {"restart": "unless-stopped", "depends_on": {"commands": {"condition": "service_completed_successfully"}}}

# Parameters that an operator chooses for each deployment, as ecs/parameters has them for others. Durations are seconds where
# a test says so: Compose puts the test's variable in.
SETTINGS = {
    "System": "gas-composed",
    "PublicUrl": "https://localhost:${GAS_PORT:-4433}",
    "StripePrice": "premium_plan",
    "StripePublishableKey": "pk_test_gas",
    "FreeRetention": "${GAS_FREE_RETENTION:-30m}",
    "DowngradeGrace": "${GAS_DOWNGRADE_GRACE:-1day}",
}

# Variables that no template gives. Emulators have endpoints and keys where AWS has regions and task roles.
EMULATORS = {
    "AWS_SHARED_CREDENTIALS_FILE": "/keys/aws_credentials",
    "GAS_AWS_ENDPOINT": "http://aws:4566",
    "GAS_S3_PUBLIC_ENDPOINT": "http://localhost:${GAS_AWS_PORT:-4566}",
}
STRIPE = {"GAS_STRIPE_API_URL": "http://stripe:8420"}
# `None`: whatever the test has set in its own environment, else nothing. Leases, sweeps and limits of a test are seconds.
ADDED = {
    "web": {**EMULATORS, **STRIPE, "GAS_STRIPE_JS_URL": "http://localhost:${GAS_STRIPE_PORT:-8420}/js.stripe.com/v3/",
            "GAS_REGISTRATIONS_PER_HOUR": None, "GAS_SUBMISSIONS_PER_MINUTE": None},
    "annotator": {**EMULATORS, "GAS_LEASE": None, "GAS_SWEEP_AFTER": None, "GAS_SWEEP_INTERVAL": None},
    "notifier": {**EMULATORS},
    "archiver": {**EMULATORS, "GAS_GLACIER_ENDPOINT": "http://glacier:4570", "GAS_ARCHIVE_LEASE": None, "GAS_ARCHIVE_SWEEP_INTERVAL": None,
                 "GAS_RETRIEVAL_CHECK_INTERVAL": None, "GAS_ARCHIVER_CONCURRENCY": None, "GAS_DELETION_LAST_LOOK": None},
    "billing": {**EMULATORS, **STRIPE, "GAS_RECONCILE_INTERVAL": None},
}

# Variables of the templates with another value, or (`None`) without one.
INSTEAD = {
    # Nothing here takes traces.
    "GAS_OTLP_ENDPOINT": None,
    # This PostgreSQL speaks no TLS; that RDS's does is tried in services/shared/backends, with authorities of its own.
    "GAS_DATABASE_CA": None,
    # The templates' kind of vault is s3. The premium tests try the other one, too, for those who have had it before.
    "GAS_VAULT": "${GAS_VAULT:-s3}",
}

# Files of the volume `keys` instead of Secrets Manager. The name of PostgreSQL's user is no secret here.
SECRETS = {
    "DatabaseSecretArn:username": "gas",
    "DatabaseSecretArn:password": "file:/keys/postgres_password",
    "WebSecretsArn": "file:/keys/web_secret",
    "StripeSecretKeyArn": "file:/keys/stripe_secret_key",
    "StripeWebhookSecretsArn": "file:/keys/stripe_webhook_secret",
}
KEYS = "/keys"
# Compose's way to say a variable of the shell, and what stands for it.
DEFAULT = re.compile(r"\$\{(\w+):-([^}]*)\}")

# Tasks of each service: the least of the environment, but one of billing, because its ports are published for tests.
TASKS = {"web": "MinTasks", "annotator": "MinTasks", "notifier": "Tasks", "archiver": "Tasks", "billing": 1}


class Stores:
    """What the other stacks export, by the emulator in which `sandbox provision` has made it, and references in it."""

    def __init__(self, endpoint, secret):
        def client(name):
            return boto3.client(name, endpoint_url=endpoint, region_name=REGION, aws_access_key_id="gas-sandbox", aws_secret_access_key=secret)

        self.s3, self.sns, self.sqs, self.endpoint = client("s3"), client("sns"), client("sqs"), endpoint

    def exports(self, house):
        topics = {t["TopicArn"].rsplit(":", 1)[1]: t["TopicArn"] for t in self.sns.list_topics()["Topics"]}
        found = {"InputsBucket": "gas-inputs", "ResultsBucket": "gas-results", "ArchiveBucket": "gas-archive",
                 "ReferencesBucket": REFERENCES, "Table": "annotations", "Turns": "turns", "DatabaseHost": "postgres", "DatabasePort": "5432",
                 "CollectorEndpoint": "http://collector:4318", **{name: name for name in ("WebSecretsArn", "StripeSecretKeyArn")},
                 "StripeWebhookSecretsArn": "StripeWebhookSecretsArn", "DatabaseSecretArn": "DatabaseSecretArn",
                 "TaskIdleSeconds": house.template("cluster").parameters["TaskIdleSeconds"]["Default"]}
        for name in house.template("data").exports():
            if name.endswith("Topic"):
                found[name] = topics[snake(name.removesuffix("Topic"))]
            elif name.endswith("Queue"):
                found[name] = self.queue(snake(name.removesuffix("Queue")))
        return {f"{SETTINGS['System']}-{name}": value for name, value in found.items()}

    def queue(self, name):
        """A queue's address as containers reach it."""
        url = self.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        return "http://aws:4566/" + url.split("/", 3)[3]

    def references(self, folder):
        """Puts the bundles into S3 as `ecs/deploy ENV references` does; gives the parameter that names them."""
        named = []
        for path in sorted(Path(folder).glob("*.gasref")):
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            key = f"{path.stem}/{digest}.gasref"
            self.s3.put_object(Bucket=REFERENCES, Key=key, Body=content)
            named.append(f"{path.stem}=s3://{REFERENCES}/{key}#{digest}")
        return ",".join(named)


def snake(name):
    """`JobRequests` → `job_requests`."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).strip("_")


def task(house, name, exports, references, part="serve"):
    """A service's task definition with its functions resolved, and the parameters by which it was."""
    template = house.template(f"services/{name}")
    parameters = {p: house.value(ENVIRONMENT, template, p) for p in template.parameters}
    parameters |= {**SETTINGS, "Image": f"gas-{name}:${{GAS_TAG:-latest}}", "ReferenceObjects": references, "Part": part}
    resolver = Resolver(template.body, REGION, "000000000000", parameters, {}, exports)
    return resolver.of(template.resources["TaskDefinition"]["Properties"]), parameters


def environment(container, name):
    """Variables of a container, with what may differ."""
    given = {v["Name"]: str(v["Value"]) for v in container["Environment"]}
    given |= {s["Name"]: SECRETS[secret(s["ValueFrom"])] for s in container["Secrets"]} if "Secrets" in container else {}
    given = {k: INSTEAD.get(k, v) for k, v in given.items()}
    return {k: v for k, v in given.items() if v is not None} | ADDED[name]


def secret(address):
    """`DatabaseSecretArn:username::` → `DatabaseSecretArn:username`."""
    return address.rstrip(":")


def composed(definition, parameters, name):
    """A service for Compose that is the task."""
    (container,) = definition["ContainerDefinitions"]
    linux, check = container["LinuxParameters"], container["HealthCheck"]
    options = container["LogConfiguration"]["Options"]
    return {
        **AROUND,
        "image": container["Image"],
        "command": container["Command"],
        "user": container["User"],
        "read_only": container["ReadonlyRootFilesystem"],
        "init": linux["InitProcessEnabled"],
        "cap_drop": linux["Capabilities"]["Drop"],
        "expose": [str(p["ContainerPort"]) for p in container["PortMappings"]],
        "healthcheck": {"test": check["Command"], "interval": f"{check['Interval']}s", "timeout": f"{check['Timeout']}s",
                        "retries": check["Retries"], "start_period": f"{check['StartPeriod']}s"},
        "stop_grace_period": f"{container['StopTimeout']}s",
        "cpus": int(definition["Cpu"]) / 1024,
        "mem_limit": f"{definition['Memory']}m",
        "labels": container["DockerLabels"],
        "logging": {"driver": "json-file", "options": {k: v for k, v in options.items() if not k.startswith("awslogs")}},
        # A volume of its own for each task, as Fargate gives it: empty, with the owner that the image says.
        "volumes": [f"keys:{KEYS}:ro", *(m["ContainerPath"] for m in container.get("MountPoints", []))],
        "environment": environment(container, name),
        "deploy": {"replicas": tasks(name, parameters)},
    }


def tasks(name, parameters):
    """How many run."""
    chosen = TASKS[name]
    return chosen if isinstance(chosen, int) else int(parameters[chosen])


class Override(dict):
    """A service that replaces the one of compose.yaml, instead of being merged with it."""


yaml.SafeDumper.add_representer(Override, lambda dumper, data: dumper.represent_mapping("!override", data))


def system(house, exports, references):
    """Every service, and what runs once before they start, as `ecs/deploy` does: `web migrate`, by the stack `commands`."""
    made = {name: composed(*task(house, name, exports, references), name) for name in SERVICES}
    commands = composed(*task(house, "web", exports, references, part="commands"), "web")
    commands |= {"command": ["web", "migrate"], "restart": "no", "healthcheck": {"disable": True}, "deploy": {"replicas": 1},
                 "depends_on": {"provision": {"condition": "service_completed_successfully"}}}
    return {"services": {name: Override(service) for name, service in made.items()} | {"commands": commands}}


# Compose, as docker/test has set it up by COMPOSE_PROJECT_NAME and COMPOSE_FILE.


def docker(*arguments):
    return subprocess.run(["docker", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def from_sandbox(path):
    """The content of a file that only containers see: of the volume `keys`, or of the sandbox's image."""
    return subprocess.run(["docker", "compose", "run", "--rm", "--no-deps", "--no-TTY", "--entrypoint", "cat", "keys", path],
                          cwd=ROOT, check=True, capture_output=True).stdout


def stores():
    port = os.environ.get("GAS_AWS_PORT", "4566")
    return Stores(f"http://localhost:{port}", from_sandbox(f"{KEYS}/aws_secret_access_key").decode())


def write(path):
    there = stores()
    with tempfile.TemporaryDirectory() as folder:
        for name in BUNDLES:
            (Path(folder) / f"{name}.gasref").write_bytes(from_sandbox(f"/usr/share/gas/references/{name}.gasref"))
        references = there.references(folder)
    house = House.read()
    services = system(house, there.exports(house), references)
    Path(path).write_text(yaml.safe_dump({**services, "x-references": references}, sort_keys=False, width=1000))


if __name__ == "__main__":
    import compare

    {"write": write, "compare": compare.run}[sys.argv[1]](*sys.argv[2:])
