"""What ecs/deploy leaves to Python: parameters of a stack, and what CloudFormation says in words for an operator.

Only the standard library. Called as: stack.py parameter|parameters|keep|override|asked|changes|explain …; see each function.
"""

import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent

# What an operator does about what CloudFormation and ECS say, by a part of its text; the first that fits.
ADVICE = [
    ("circuit breaker", "The new tasks do not get healthy, and the service went back to the last release. Read the end of "
     "the log group /{system}/{service}, and why tasks stopped: aws ecs describe-services --cluster {system} --services {service}"),
    ("alarm detected", "An alarm fired during the deployment, and the service went back. Its description says what to do."),
    ("ResourceInitializationError", "A secret or the image could not be had. Has each secret a value (ecs/deploy … secret)?"),
    ("not authorized", "Your own credentials lack a right; the text names it."),
    ("AccessDenied", "Your own credentials lack a right; the text names it."),
    ("already exists", "Something of that name is there and is not this stack's. A retained bucket or table of an earlier "
     "deployment can be taken in: aws cloudformation create-change-set --change-set-type IMPORT (README.md, Teardown)."),
    ("LimitExceeded", "A quota of the account is reached; raise it in Service Quotas, then deploy again."),
    ("No export named", "A stack that this one builds on is missing; deploy those before it, in their order."),
    ("cannot be deleted as it is in use", "Another stack imports this value; deploy that one without it first."),
]
OTHERWISE = "Mend the line, then deploy again; CloudFormation went back to what was there before."


def settings(environment):
    return json.loads((HERE / "parameters" / f"{environment}.json").read_text())


def declared(template):
    """Names of the parameters that a template has, and whether each has a default."""
    text = (HERE / template).read_text()
    section = re.search(r"^Parameters:\n(.*?)^\S", text, re.M | re.S)
    blocks = re.split(r"^  (\w+):\n", section.group(1), flags=re.M)[1:]
    return {name: "    Default:" in body for name, body in zip(blocks[::2], blocks[1::2])}


def parameter(environment, name):
    """One setting that all stacks share."""
    print(settings(environment)["all"][name])


def parameters(environment, stack, template, change, *given):
    """--parameters of a change set: given here, else in the environment's file, else as before, else the default."""
    ours = settings(environment)
    # The commands are web's.
    values = {**ours["all"], **ours.get(stack, ours["services/web"] if stack == "commands" else {})}
    values.update(pair.split("=", 1) for pair in given if pair)
    known, chosen = declared(template), []
    unknown = set(ours.get(stack, {})) - set(known)
    if unknown:
        sys.exit(f"error: ecs/parameters/{environment}.json gives {stack} what it does not know: {', '.join(sorted(unknown))}")
    for name, has_default in known.items():
        if name in values:
            chosen.append({"ParameterKey": name, "ParameterValue": values[name]})
        elif change == "UPDATE" and name in ("Image", "Scaling"):
            chosen.append({"ParameterKey": name, "UsePreviousValue": True})
        elif not has_default:
            sys.exit(f"error: {stack} needs the parameter {name}; put it into ecs/parameters/{environment}.json")
    print(json.dumps(chosen))


def keep(environment, stack, name, value):
    """Writes one setting into the environment's file."""
    path = HERE / "parameters" / f"{environment}.json"
    ours = settings(environment)
    ours.setdefault(stack, {})[name] = value
    path.write_text(json.dumps(ours, indent=2) + "\n")


def override(*command):
    """--overrides of run-task: another command of the container web."""
    print(json.dumps({"containerOverrides": [{"name": "web", "command": list(command)}]}))


def asked(name):
    """One member of a change set."""
    print(json.load(sys.stdin).get(name) or "")


def changes():
    """A change set, a line a resource. What is replaced loses what it holds."""
    for change in json.load(sys.stdin)["Changes"]:
        change = change["ResourceChange"]
        replaced = {"True": " REPLACED", "Conditional": " perhaps REPLACED"}.get(change.get("Replacement"), "")
        why = sorted({d["Target"].get("Name") or d["Target"]["Attribute"] for d in change.get("Details", [])})
        print(f"  {change['Action']:7} {change['LogicalResourceId']} ({change['ResourceType']}){replaced}"
              + (f": {', '.join(why)}" if why else ""))


def line_of(template, resource):
    """The line on which a resource of a template begins, from 1."""
    lines = (HERE / template).read_text().splitlines()
    return next((n for n, line in enumerate(lines, 1) if line == f"  {resource}:"), 1)


def explain(stack, template):
    """Which resource failed first, where it is written, why, and what to do about it."""
    events = json.load(sys.stdin)["StackEvents"]
    last = next((n for n, e in enumerate(events) if e["ResourceStatus"] in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
                 and e["LogicalResourceId"] == stack), len(events))
    # The newest event comes first. What was cancelled is a consequence, not a cause.
    failed = [e for e in events[:last] if e["ResourceStatus"].endswith("FAILED")
              and "cancelled" not in e.get("ResourceStatusReason", "")]
    if not failed:
        print(f"error: the stack {stack} failed and does not say why; look at its events", file=sys.stderr)
        return
    first = failed[-1]
    reason, name = first.get("ResourceStatusReason", "no reason was given"), first["LogicalResourceId"]
    words = {"system": stack.rsplit("-", 1)[0], "service": stack.rsplit("-", 1)[1]}
    todo = next((what for part, what in ADVICE if part.lower() in reason.lower()), OTHERWISE)
    print(f"error: the stack {stack} failed.\n  resource: {name} ({first['ResourceType']})\n"
          f"  line:     ecs/{template}:{line_of(template, name)}\n  reason:   {reason}\n  to do:    {todo.format(**words)}",
          file=sys.stderr)


if __name__ == "__main__":
    {f.__name__: f for f in (parameter, parameters, keep, override, asked, changes, explain)}[sys.argv[1]](*sys.argv[2:])
