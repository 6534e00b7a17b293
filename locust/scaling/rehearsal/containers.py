"""Containers of one service of the composed system, as ECS has tasks."""

import json
import os
import subprocess
from dataclasses import dataclass

from .. import ROOT


class Failed(RuntimeError):
    """A command that ended badly, with what it said."""


def command(*words):
    """Output of a command, run in the repository."""
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"{' '.join(words)}: {done.stderr.strip()[-500:]}")
    return done.stdout


@dataclass(frozen=True)
class Container:
    id: str
    address: str
    healthy: bool


def running(service):
    """Those that run, the oldest first."""
    # Docker itself is asked: Compose reads all of its files first, each time.
    labels = (f"project={os.environ['COMPOSE_PROJECT_NAME']}", f"service={service}", "oneoff=False")
    ids = command("docker", "ps", "--quiet", "--no-trunc", *(f"--filter=label=com.docker.compose.{x}" for x in labels)).split()
    found = json.loads(command("docker", "inspect", *ids)) if ids else []
    return [container(c) for c in sorted(found, key=lambda c: c["Created"])]


def container(found):
    (network,) = found["NetworkSettings"]["Networks"].values()
    return Container(found["Id"], network["IPAddress"], found["State"].get("Health", {}).get("Status") == "healthy")


def start(service, count):
    """As many as that, those that run among them."""
    command("docker", "compose", "up", "--detach", "--no-build", "--no-deps", "--no-recreate", "--scale", f"{service}={count}", service)


def limit(container, processors):
    """Gives a container this share of a processor."""
    command("docker", "update", "--cpus", f"{processors:.3f}", container.id)


def leave(service, container):
    """Out at the load balancer, time to answer, SIGTERM, time to end."""
    command("docker/roll", "leave", service, container.id)


def register(service):
    """Tells the load balancer of all that run."""
    command("docker/roll", "targets", service)
