"""The running containers, read back from Docker, beside the task definitions that they are to be.

Then the same with broken copies of the templates, each of which must be told from what runs; and one of them started.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import composed
import yaml
from templates import ROOT, SERVICES, House

# Template, what stands there, what a broken copy says instead.
BROKEN = [
    ("web", 'User: "10001:10001"', 'User: "0:0"'),
    ("web", "            - { Name: GAS_TRUSTED_PROXIES, Value: \"1\" }\n", ""),
    ("web", "Value: gas }", "Value: another }"),
    ("annotator", "Command: [annotator, serve]", "Command: [annotator, serve, --help]"),
    ("annotator", "ContainerPath: /references", "ContainerPath: /data"),
    ("notifier", "StopTimeout: 60", "StopTimeout: 30"),
    ("notifier", "ReadonlyRootFilesystem: true", "ReadonlyRootFilesystem: false"),
    ("archiver", 'Default: "512"', 'Default: "1024"'),
    ("archiver", "Retries: 3", "Retries: 5"),
    ("billing", "Capabilities: { Drop: [ALL] }", "Capabilities: { Drop: [NET_RAW] }"),
    ("billing", "{ ContainerPort: 4434 }", "{ ContainerPort: 4444 }"),
    ("billing", "GAS_STRIPE_WEBHOOK_SECRETS,", "GAS_STRIPE_SECRETS,"),
    ("billing", "mode: blocking", "mode: non-blocking"),
]
# Without this variable, billing must say so and end.
NEEDED = ("billing", "GAS_STRIPE_SECRET_KEY")

SECOND = 1_000_000_000


def wanted(definition, parameters, name, image):
    """What Docker is to say of a service's containers; `image` is what it says of their image."""
    (container,) = definition["ContainerDefinitions"]
    linux, check = container["LinuxParameters"], container["HealthCheck"]
    variables = {k: with_defaults(v) if v else os.environ.get(k) for k, v in composed.environment(container, name).items()}
    inherited = dict(v.split("=", 1) for v in image["Config"]["Env"])
    options = {k: v for k, v in container["LogConfiguration"]["Options"].items() if not k.startswith("awslogs")}
    return {
        "image": with_defaults(container["Image"]),
        "command": container["Command"],
        "user": container["User"],
        "read-only root": container["ReadonlyRootFilesystem"],
        "init": linux["InitProcessEnabled"],
        "capabilities dropped": linux["Capabilities"]["Drop"],
        "ports": sorted(str(p["ContainerPort"]) for p in container["PortMappings"]),
        "health check": (check["Command"], *(check[k] for k in ("Interval", "Timeout", "StartPeriod", "Retries"))),
        "stop timeout": container["StopTimeout"],
        "units of processor": int(definition["Cpu"]),
        "MiB of memory": int(definition["Memory"]),
        "labels": container["DockerLabels"],
        "log": options,
        "mounts": sorted([composed.KEYS, *(m["ContainerPath"] for m in container.get("MountPoints", []))]),
        "variables": {**inherited, **{k: v for k, v in variables.items() if v is not None}},
        # What no task of Fargate has.
        "more than Fargate gives": [],
    }


def with_defaults(text):
    """`${GAS_PORT:-4433}` with the variable, or with what stands for it."""
    return composed.DEFAULT.sub(lambda m: os.environ.get(m.group(1)) or m.group(2), text)


def found(container):
    """The same, by `docker inspect`."""
    config, host = container["Config"], container["HostConfig"]
    check = config["Healthcheck"]
    more = [what for what in ("CapAdd", "Tmpfs", "SecurityOpt", "Privileged", "ExtraHosts", "Devices") if host.get(what)]
    return {
        "image": config["Image"],
        "command": config["Cmd"],
        "user": config["User"],
        "read-only root": host["ReadonlyRootfs"],
        "init": bool(host["Init"]),
        "capabilities dropped": host["CapDrop"],
        "ports": sorted(p.split("/")[0] for p in config["ExposedPorts"]),
        "health check": (check["Test"], *(check[k] // SECOND for k in ("Interval", "Timeout", "StartPeriod")), check["Retries"]),
        "stop timeout": config["StopTimeout"],
        "units of processor": round(host["NanoCpus"] / SECOND * 1024),
        "MiB of memory": host["Memory"] >> 20,
        "labels": {k: v for k, v in config["Labels"].items() if k.startswith("GAS_")},
        "log": host["LogConfig"]["Config"],
        "mounts": sorted(m["Destination"] for m in container["Mounts"]),
        # Compose names those that the test has not set, too, without a value.
        "variables": dict(v.split("=", 1) for v in config["Env"] if "=" in v),
        "more than Fargate gives": more,
    }


def differences(house, exports, references, running, images):
    """(service, what, as the template has it, as it runs), and a service of which there are too few or too many."""
    for name in SERVICES:
        definition, parameters = composed.task(house, name, exports, references)
        should = wanted(definition, parameters, name, images[name])
        count = composed.tasks(name, parameters)
        if len(running[name]) != count:
            yield name, "tasks", count, len(running[name])
        for container in running[name]:
            there = found(container)
            yield from ((name, what, should[what], there[what]) for what in should if should[what] != there[what])


def inspect(*what):
    return json.loads(composed.docker("inspect", *what))


def run():
    house, there = House.read(), composed.stores()
    exports = there.exports(house)
    references = yaml.safe_load(composed.docker("compose", "config"))["x-references"]
    running = {name: inspect(*composed.docker("compose", "ps", "--quiet", name).split()) for name in SERVICES}
    images = {name: inspect(running[name][0]["Image"])[0] for name in SERVICES}

    def compared(read):
        return list(differences(read, exports, references, running, images))

    if unlike := compared(house):
        raise SystemExit("\n".join(f"{n}: {what} is {b!r}; the template says {a!r}" for n, what, a, b in unlike))
    for name, old, new in BROKEN:
        if not compared(broken(house, name, old, new)):
            raise SystemExit(f"nobody notices a template of {name} with {new!r} instead of {old!r}")
    refuses_to_start(house, exports, references)
    count = sum(map(len, running.values()))
    print(f"{count} containers are what {len(SERVICES)} task definitions say; {len(BROKEN)} broken copies were found")


def broken(house, name, old, new):
    path = f"ecs/services/{name}.yaml"
    if old not in house.files[path]:
        raise SystemExit(f"the broken copy of {name} breaks what is no longer there: {old!r}")
    return House.read({path: house.files[path].replace(old, new, 1)})


def refuses_to_start(house, exports, references):
    """A task that lacks a variable ends, and names it."""
    name, variable = NEEDED
    text = house.files[f"ecs/services/{name}.yaml"]
    line = next(line for line in text.splitlines(keepends=True) if f"Name: {variable}," in line)
    services = composed.system(broken(house, name, line, ""), exports, references)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "broken.yaml"
        path.write_text(yaml.safe_dump(services, sort_keys=False, width=1000))
        ended = subprocess.run(["docker", "compose", "--file", "compose.yaml", "--file", path, "run", "--rm", "--no-deps", "--no-TTY", name],
                               cwd=ROOT, capture_output=True, text=True, timeout=60)
    if ended.returncode == 0 or variable.removeprefix("GAS_").lower().replace("_", "-") not in ended.stderr:
        raise SystemExit(f"{name} without {variable} ends with {ended.returncode} and says: {ended.stderr[-500:]}")
