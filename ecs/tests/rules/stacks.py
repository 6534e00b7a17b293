"""Stacks: what they hand to each other, and what they are given."""

import re

from templates import ENVIRONMENTS, STACKS, as_list, imports, walk

from . import rule

# CloudFormation takes larger templates only from a bucket.
LARGEST = 51_200


def conditions_of(template, export):
    """Conditions under which every use of an export stands; empty if one use is free."""
    found = [{r.get("Condition")} - {None} for r in template.resources.values() if export in imports(r)]
    return set.intersection(*found) if found else set()


@rule
def an_import_has_its_export(house):
    """What a stack imports an earlier one exports, in the cloud under any condition."""
    for at, template in enumerate(house.templates):
        earlier = {e for t in house.templates[:at] for e in t.exports()}
        for name, resource in template.resources.items():
            for export in set(imports(resource)) - earlier:
                yield template, name, f"imports {export}, which no earlier stack exports"
        if "ImportValue" in template.text.split("\nOutputs:", 1)[-1] and "\nOutputs:" in template.text:
            yield template, "Outputs", "passes on what it imports"


@rule
def an_export_has_its_import(house):
    """Nothing is exported that nobody imports, but what ecs/deploy asks for."""
    asked = {"BalancerHost"}
    used = {e for t in house.templates for e in imports(t.body)} | asked
    for template in house.templates:
        for export in template.exports().keys() - used:
            yield template, export, "nobody imports it"


@rule
def an_export_is_exported_once(house):
    """No two stacks export a value of one name."""
    seen = {}
    for template in house.templates:
        for export in template.exports():
            if export in seen:
                yield template, export, f"ecs/{seen[export]}.yaml exports it too"
            seen[export] = template.stack


@rule
def a_reference_leads_somewhere(house):
    """Each reference within a template names a parameter or a resource of it (an emulator takes any)."""
    pseudo = re.compile(r"AWS::\w+")
    for template in house.templates:
        known = set(template.parameters) | set(template.resources)
        for name, resource in template.resources.items():
            for node in (n for n in walk(resource) if isinstance(n, dict)):
                named = [node["Ref"]] if isinstance(node.get("Ref"), str) else []
                named += [node["Fn::GetAtt"][0]] if "Fn::GetAtt" in node else []
                named += as_list(resource.get("DependsOn", [])) if node is resource else []
                for reference in named:
                    if reference not in known and not pseudo.fullmatch(reference):
                        yield template, name, f"{reference} is neither parameter nor resource"


@rule
def a_parameter_is_used_and_explained(house):
    """Each parameter says what it is, and something of the template depends on it."""
    for template in house.templates:
        rest = template.text.split("\nConditions:", 1)[-1] if "\nConditions:" in template.text else template.text.split("\nResources:", 1)[-1]
        for name, parameter in template.parameters.items():
            if not parameter.get("Description"):
                yield template, name, "is not explained"
            if not re.search(rf"!Ref {name}\b|\$\{{{name}\}}|\[!Ref {name}\b", rest):
                yield template, name, "nothing depends on it"


@rule
def an_environment_gives_what_is_needed(house):
    """Each environment's file gives every parameter without a default, and none that no template has."""
    for environment in ENVIRONMENTS:
        ours = house.settings(environment)
        for template in house.templates:
            given = {**ours["all"], **ours.get(template.stack, {})}
            for name, parameter in template.parameters.items():
                if name not in given and "Default" not in parameter and name != "Image":
                    yield template, name, f"parameters/{environment}.json does not give it"
                pattern, value = parameter.get("AllowedPattern"), given.get(name)
                if value is not None and pattern and not re.fullmatch(pattern, value):
                    yield template, name, f"parameters/{environment}.json gives {value}, which does not fit {pattern}"
                if value is not None and value not in parameter.get("AllowedValues", [value]):
                    yield template, name, f"parameters/{environment}.json gives {value}, which is none of {parameter['AllowedValues']}"
            for name in ours.get(template.stack, {}).keys() - template.parameters.keys():
                yield template, "System", f"parameters/{environment}.json gives {name}, which is no parameter"
        for stack in ours.keys() - {"all", *STACKS}:
            yield house.templates[0], "System", f"parameters/{environment}.json gives for {stack}, which is no stack"
        for name in ours["all"].keys() - {p for t in house.templates for p in t.parameters}:
            yield house.templates[0], "System", f"parameters/{environment}.json gives {name}, which nobody takes"


@rule
def a_template_fits_into_a_request(house):
    """51,200 bytes at the most, else it has to go by a bucket."""
    for template in house.templates:
        if len(template.text.encode()) > LARGEST:
            yield template, "System", f"has {len(template.text.encode())} bytes"


@rule
def a_security_group_says_what_leaves(house):
    """A group without a rule for what leaves lets everything leave; ways in are the load balancer's alone from outside."""
    for template in house.templates:
        for name, group in template.of_type("EC2::SecurityGroup"):
            if not group.get("SecurityGroupEgress"):
                yield template, name, "lets everything leave"
            for way in group.get("SecurityGroupIngress", []):
                if "CidrIp" in way and name != "BalancerSecurityGroup":
                    yield template, name, "lets addresses in"


@rule
def a_listener_is_for_today(house):
    """HTTPS with a policy of 2025, by parameter or not; HTTP only to be redirected."""
    for template in house.templates:
        for name, listener in template.of_type("ElasticLoadBalancingV2::Listener"):
            if listener["Protocol"] == "HTTPS":
                policy = listener.get("SslPolicy", {})
                chosen = template.parameters[policy["Ref"]]["Default"] if "Ref" in policy else policy
                if "TLS13-1-2-Res-PQ" not in chosen:
                    yield template, name, f"has the policy {chosen or 'of 2016, by default'}"
            elif listener["DefaultActions"][0]["Type"] != "redirect":
                yield template, name, "answers without TLS"
