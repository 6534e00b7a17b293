"""What cfn-lint does not see: rules over all templates at once, and over templates and code.

A rule is a function from a `House` to findings; its docstring is what it demands. `broken.py` breaks each of them.
"""

from dataclasses import dataclass

RULES = {}


@dataclass(frozen=True)
class Finding:
    """What is wrong, and where."""

    rule: str
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text} ({self.rule})"


def rule(check):
    """Registers a rule: a generator of (template, name of a resource or parameter, what is wrong)."""

    def found(house):
        return [Finding(check.__name__, f"ecs/{t.stack}.yaml", t.line(name), f"{name}: {text}") for t, name, text in check(house)]

    found.__doc__ = check.__doc__
    RULES[check.__name__] = found
    return found


def all_findings(house):
    return [finding for check in RULES.values() for finding in check(house)]


from . import alarms, metrics, rights, scaling, stacks, stores, tasks  # noqa: E402,F401
