"""The templates and what they are held against: parameters, the services' code, images, alerts, the README.

`House.read()` reads all of it; `House.read({path: text})` with some files in another wording, which is how each rule is
seen to fail. A template is plain data: `!Ref X` is `{"Ref": "X"}`, `!Sub "…"` is `{"Fn::Sub": "…"}`.
"""

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ["web", "annotator", "notifier", "archiver", "billing"]
# In the order of deployment: who exports stands before who imports.
STACKS = ["network", "data", "cluster", "observability"] + [f"services/{name}" for name in SERVICES]
ENVIRONMENTS = ["staging", "production"]


class Loader(yaml.CSafeLoader):
    """Understands CloudFormation's short forms, and refuses a key that is there twice."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        double = {key for key in keys if keys.count(key) > 1}
        if double:
            raise ValueError(f"line {node.start_mark.line + 1}: {', '.join(double)} is there twice")
        return super().construct_mapping(node, deep)


def short_form(loader, tag, node):
    """`!GetAtt A.B` → `{"Fn::GetAtt": ["A", "B"]}` and so on."""
    kinds = {yaml.ScalarNode: loader.construct_scalar, yaml.SequenceNode: functools.partial(loader.construct_sequence, deep=True),
             yaml.MappingNode: functools.partial(loader.construct_mapping, deep=True)}
    value = kinds[type(node)](node)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


Loader.add_multi_constructor("!", short_form)


@dataclass
class Template:
    """One file: `stack` is its path below ecs/, without .yaml."""

    stack: str
    text: str

    @functools.cached_property
    def body(self):
        return yaml.load(self.text, Loader)

    @property
    def resources(self):
        return self.body["Resources"]

    @property
    def parameters(self):
        return self.body["Parameters"]

    def of_type(self, kind):
        """Logical id and properties of each resource of a type."""
        return [(name, r.get("Properties", {})) for name, r in self.resources.items() if r["Type"] == f"AWS::{kind}"]

    def line(self, name):
        """The line on which a resource, parameter or output begins, from 1."""
        return next((n for n, line in enumerate(self.text.splitlines(), 1) if line.rstrip() == f"  {name}:"), 1)

    def exports(self):
        """Name of each exported value, without the system's, and the condition under which it is."""
        return {o["Export"]["Name"]["Fn::Sub"].removeprefix("${System}-"): o.get("Condition")
                for o in self.body.get("Outputs", {}).values()}


@functools.lru_cache(maxsize=200)
def template(stack, text):
    return Template(stack, text)


def walk(node):
    """Every value inside of a value, itself first."""
    yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from walk(child)


def imports(node):
    """Names of the values that something imports, without the system's."""
    return [n["Fn::ImportValue"]["Fn::Sub"].removeprefix("${System}-") for n in walk(node)
            if isinstance(n, dict) and "Fn::ImportValue" in n]


def words(node):
    """Every text inside of a value, for questions such as whether it names something."""
    return [n for n in walk(node) if isinstance(n, str)]


def as_list(value):
    return value if isinstance(value, list) else [value]


@dataclass
class House:
    """Everything that the rules look at."""

    files: dict

    @classmethod
    def read(cls, changed=()):
        paths = [ROOT / "ecs" / f"{s}.yaml" for s in STACKS]
        paths += [ROOT / "ecs/parameters" / f"{e}.json" for e in ENVIRONMENTS]
        paths += [ROOT / p for p in ("docker/Dockerfile", "docker/rds.pem", "docker/prometheus/alerts.yml", "docker/prometheus/README.md", "ecs/README.md")]
        return cls({str(p.relative_to(ROOT)): p.read_text() for p in paths} | dict(changed))

    @property
    def templates(self):
        return [template(s, self.files[f"ecs/{s}.yaml"]) for s in STACKS]

    def template(self, stack):
        return template(stack, self.files[f"ecs/{stack}.yaml"])

    @property
    def services(self):
        return [self.template(f"services/{name}") for name in SERVICES]

    def settings(self, environment):
        return json.loads(self.files[f"ecs/parameters/{environment}.json"])

    def value(self, environment, template, parameter):
        """What a parameter is in an environment, by its file or by its default; `None` if by neither."""
        ours = self.settings(environment)
        given = {**ours["all"], **ours.get(template.stack, {})}
        return given.get(parameter, template.parameters[parameter].get("Default"))

    def image(self, name):
        """The stage of the Dockerfile that makes a service's image."""
        return re.search(rf"^FROM \S+ AS {name}\n(.*?)(?=^FROM |\Z)", self.files["docker/Dockerfile"], re.M | re.S).group(1)


def container(template):
    """The one container of a service's task."""
    return template.of_type("ECS::TaskDefinition")[0][1]["ContainerDefinitions"][0]


def variables(template):
    """Name and value of each variable of a service's container; one under a condition counts as there."""
    entries = [e["Fn::If"][1] if "Fn::If" in e else e for e in container(template)["Environment"]]
    return {e["Name"]: e["Value"] for e in entries}


def secrets(template):
    """Variable of each secret, and the export that names it."""
    return {s["Name"]: imports(s["ValueFrom"])[0] for s in container(template).get("Secrets", [])}


def statements(template, role):
    """Statements of a role's policies."""
    policies = template.resources[role]["Properties"]["Policies"]
    found = [s for p in policies for s in p["PolicyDocument"]["Statement"]]
    return [s["Fn::If"][1] if "Fn::If" in s else s for s in found]
