"""Gives each service of a sandbox the role that its template gives it on ECS, and no other right.

The sandbox runs this once its stores are there, with the keys to everything, and starts its services with the variables
that it prints. Stores are named to them as the templates do, by ARN and URL, because finding them by name takes rights of
its own. Templates are read from GAS_RIGHTS_TEMPLATES (default: ecs/), policies are written down in GAS_RIGHTS.
"""

import json
import os
import sys
from pathlib import Path

import boto3
import emulator
from botocore.exceptions import ClientError
from intrinsic import Resolver
from laptop import LAPTOP, Place, identity, parameters
from templates import ROOT, SERVICES, Template, as_list, imports, variables

TEMPLATES = Path(os.environ.get("GAS_RIGHTS_TEMPLATES", ROOT / "ecs"))
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
    "AWS": f"arn:aws:iam::{emulator.ACCOUNT}:root"}}]}
# What a service is started with besides: every call in its log, and the vault of the templates.
BESIDES = {"GAS_LOG": "info,backends::calls=trace", "GAS_VAULT": "s3"}

# Where the emulator (ministack 1.5.33) decides otherwise than AWS. AWS is right: templates stay as they are, and only what
# the emulator is told differs. (action, what it is told instead of the resource, why)
DIFFERENCES = [
    ("ses:SendEmail", "*", "AWS asks for the right on the identity and the configuration set, the emulator on *"),
]
# Besides: roles are worn by the account's root instead of ECS (TRUST); an object that is not there is 404 to who may not
# list the bucket, where AWS says 403: test_rights.py asks for the right to list wherever S3 answered 404.


def main():
    place = Place(os.environ["AWS_ENDPOINT_URL"], os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
    exports = exported(place)
    policies, given = {}, {}
    for service in SERVICES:
        template = Template(service, (TEMPLATES / f"services/{service}.yaml").read_text())
        resolver = Resolver(template.body, emulator.REGION, emulator.ACCOUNT, LAPTOP, {}, exports)
        statements = [s for p in resolver.of(template.resources["TaskRole"]["Properties"]["Policies"])
                      for s in p["PolicyDocument"]["Statement"]]
        policies[service] = statements
        given[service] = {**worn(place, service, statements), **stores(template, resolver), **BESIDES}
        assert_that_the_rest_is_forbidden(service, given[service])
    write_down(policies)
    json.dump(given, sys.stdout)


class Exports(dict):
    """Of data.yaml; what other stacks export, no store of a sandbox has."""

    def __missing__(self, name):
        return f"no-{name}"


def exported(place):
    body = Template("data", (TEMPLATES / "data.yaml").read_text()).body
    resolver = Resolver(body, emulator.REGION, emulator.ACCOUNT, parameters(body, place), {}, {})
    resolver.ids = {n: identity(place, resolver, r) for n, r in body["Resources"].items() if resolver.present(r)}
    found = Exports()
    for output in body["Outputs"].values():
        if resolver.present(output):
            of, attribute = output["Value"].get("Fn::GetAtt", (None, None))
            value = resolver.of(body["Resources"][of]["Properties"][attribute] if of else output["Value"])
            found[resolver.of(output["Export"]["Name"])] = value
    return found


def worn(place, service, statements):
    """Credentials of a role with these statements, as a task has them."""
    iam, sts = place.client("iam"), place.client("sts")
    try:
        iam.create_role(RoleName=service, AssumeRolePolicyDocument=json.dumps(TRUST))
    except iam.exceptions.EntityAlreadyExistsException:
        pass
    document = {"Version": "2012-10-17", "Statement": [for_emulator(s) for s in statements]}
    iam.put_role_policy(RoleName=service, PolicyName=service, PolicyDocument=json.dumps(document))
    session = sts.assume_role(RoleArn=f"arn:aws:iam::{emulator.ACCOUNT}:role/{service}", RoleSessionName=service)["Credentials"]
    return {"AWS_ENDPOINT_URL": place.endpoint, "AWS_ACCESS_KEY_ID": session["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": session["SecretAccessKey"], "AWS_SESSION_TOKEN": session["SessionToken"]}


def for_emulator(statement):
    for action, resource, _ in DIFFERENCES:
        if action in as_list(statement["Action"]):
            return {**statement, "Resource": resource}
    return statement


def stores(template, resolver):
    """The variables of the template's task whose values data.yaml exports."""
    found = {name: (imports(value), value) for name, value in variables(template).items()}
    return {name: resolver.of(value) for name, (names, value) in found.items()
            if names and all(f"{LAPTOP['System']}-{n}" in resolver.exports for n in names)}


def assert_that_the_rest_is_forbidden(service, keys):
    """A control: without it, an emulator that lets everybody do everything would pass."""
    sqs = boto3.client("sqs", endpoint_url=keys["AWS_ENDPOINT_URL"], region_name=emulator.REGION,
                       aws_access_key_id=keys["AWS_ACCESS_KEY_ID"], aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
                       aws_session_token=keys["AWS_SESSION_TOKEN"])
    try:
        sqs.create_queue(QueueName="forbidden")
    except ClientError as refused:
        if "not authorized" in str(refused):
            return
        raise
    raise SystemExit(f"{service} may make a queue: the emulator enforces nothing")


def write_down(policies):
    if "GAS_RIGHTS" in os.environ:
        (Path(os.environ["GAS_RIGHTS"]) / "policies.json").write_text(json.dumps(policies, indent=2))


if __name__ == "__main__":
    main()
