"""What the Rust code knows: each service's variables, and the metrics that are counted.

Variables are read from the settings' structs (clap: `#[arg(… env = "GAS_X" …)]`, `#[command(flatten)]`).
"""

import functools
import re

from templates import ROOT

STRUCT = re.compile(r"pub struct (\w+) \{\n(.*?)^\}", re.M | re.S)
FIELD = re.compile(r"((?:[ ]+#\[(?:[^\[\]]|\[[^\]]*\])*\]\n)+)[ ]+pub \w+: ([^\n]+),\n")


@functools.cache
def sources():
    return {p: p.read_text() for p in sorted((ROOT / "services").glob("**/src/**/*.rs")) if "target" not in p.parts}


@functools.cache
def structs(crate):
    """Structs by name; those of the crate itself win over others of the same name."""
    found = {}
    for path, text in sorted(sources().items(), key=lambda item: f"/services/{crate}/" in str(item[0])):
        text = re.sub(r"^ *///.*\n", "", text, flags=re.M)
        found.update({name: body for name, body in STRUCT.findall(text)})
    return found


@functools.cache
def variables(crate, struct="Settings"):
    """Variable → whether a service needs it to start, unless it has another, and whether it is a secret."""
    known = {}
    for attributes, kind in FIELD.findall(structs(crate)[struct]):
        if "#[command(flatten)]" in attributes:
            known.update(variables(crate, kind.split("<")[-1].strip(">").split("::")[-1]))
        elif name := re.search(r'env = "(\w+)"', attributes):
            optional = re.match(r"(Option|Vec)<|bool", kind) or "default_value" in attributes
            unless = re.search(r'required_unless_present = "(\w+)"', attributes)
            known[name.group(1)] = {"needed": not optional or bool(unless) or "required = true" in attributes,
                                    "unless": f"GAS_{unless.group(1).upper()}" if unless else None,
                                    "secret": "hide_env_values" in attributes}
    return known


@functools.cache
def metrics():
    """Names of the metrics that the code registers."""
    return set(re.findall(r'"(gas_[a-z_]+)"', "".join(sources().values())))
