"""Roles: what each may do, and whether that is what it needs."""

import re

from templates import as_list, imports, secrets, statements, variables, walk

from . import rule

# Actions that know no narrower resource.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
EVERYWHERE = {"ecr:GetAuthorizationToken", "ecs:ListTasks", "ecs:ListServices", "ecs:DescribeTasks", "ecs:DescribeServices",
              "ecs:DescribeTaskDefinition", "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules",
              "xray:GetSamplingTargets"}
# What a worker does with a queue, a publisher with a topic, and so on: by the ending of the variable that names it.
NEEDED = {
    "_QUEUE": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"],
    "_TOPIC": ["sns:Publish"],
    "_TABLE": ["dynamodb:GetItem", "dynamodb:UpdateItem"],
}


def roles(template):
    for name, role in template.of_type("IAM::Role"):
        yield name, role, statements(template, name)


def allowed(template, role="TaskRole"):
    """(action, export) for each right: the export is what its resource is made from."""
    for statement in statements(template, role):
        for action in as_list(statement["Action"]):
            for resource in as_list(statement["Resource"]):
                for export in imports(resource):
                    yield action, export


def exported_as(export):
    """Queues and secrets are exported by address and by name; the right names either."""
    return {export, f"{export}Name"}


@rule
def a_right_is_narrow(house):
    """No action with a star; everything as the resource only where AWS knows nothing narrower."""
    for template in house.templates:
        for name, _, found in roles(template):
            for statement in found:
                for action in as_list(statement["Action"]):
                    if "*" in action:
                        yield template, name, f"allows {action}"
                    if "*" in as_list(statement["Resource"]) and action not in EVERYWHERE:
                        yield template, name, f"allows {action} on everything"


@rule
def a_role_is_for_tasks_of_this_account(house):
    """Only ECS tasks of this account take a role."""
    for template in house.templates:
        for name, role, _ in roles(template):
            for statement in role["AssumeRolePolicyDocument"]["Statement"]:
                condition = statement.get("Condition", {})
                if statement["Principal"] != {"Service": "ecs-tasks.amazonaws.com"} or "aws:SourceAccount" not in condition.get("StringEquals", {}):
                    yield template, name, "others may take it"


@rule
def a_secret_can_be_read_and_no_other(house):
    """The execution role reads the secrets of its task, and none besides; no task role reads any."""
    for template in house.services:
        given = set(secrets(template).values())
        readable = {e for a, e in allowed(template, "ExecutionRole") if a == "secretsmanager:GetSecretValue"}
        for export in given ^ readable:
            yield template, "ExecutionRole", f"{export} is {'needed and not readable' if export in given else 'readable and not needed'}"
        if any(a.startswith("secretsmanager:") for s in statements(template, "TaskRole") for a in as_list(s["Action"])):
            yield template, "TaskRole", "reads secrets by itself"


@rule
def what_a_service_is_told_of_it_may_use(house):
    """A queue, topic or table that a variable names can be used in every way in which such a variable is."""
    for template in house.services:
        rights = set(allowed(template))
        for variable, value in variables(template).items():
            needed = next((actions for ending, actions in NEEDED.items() if variable.endswith(ending)), [])
            for export in imports(value):
                for action in needed:
                    if not any((action, name) in rights for name in exported_as(export)):
                        yield template, "TaskRole", f"{variable} names {export}, and the role lacks {action} on it"
                if variable.endswith("_BUCKET") and not any(e == export and a.startswith("s3:") for a, e in rights):
                    yield template, "TaskRole", f"{variable} names {export}, and the role may do nothing with it"


@rule
def what_a_service_may_use_it_is_told_of(house):
    """No right on a queue, topic, table or bucket that no variable names."""
    for template in house.services:
        told = {n for v in variables(template).values() for e in imports(v) for n in exported_as(e)}
        # Dead-letter queues are found by their queue; references by the parameter that ecs/deploy writes.
        told |= {n.replace("QueueName", "DeadLettersName") for n in told} | {"ReferencesBucket", "MailIdentity", "MailConfigurationSet"}
        for action, export in allowed(template):
            if action.split(":")[0] in ("sqs", "sns", "dynamodb", "s3") and export not in told:
                yield template, "TaskRole", f"allows {action} on {export}, of which no variable tells"


@rule
def a_mail_is_sent_by_who_has_a_sender(house):
    """Who is told a sender may send; who is not may not."""
    for template in house.services:
        may = any("ses:SendEmail" in as_list(s["Action"]) for s in statements(template, "TaskRole"))
        if may != ("GAS_MAIL_FROM" in variables(template)):
            yield template, "TaskRole", "sender and right to send do not go together"


@rule
def an_index_is_one_of_the_table(house):
    """A right on an index names one that the table has."""
    tables = dict(house.template("data").of_type("DynamoDB::Table"))
    known = {name: {i["IndexName"] for i in table["GlobalSecondaryIndexes"]} for name, table in tables.items()}
    for template in house.services:
        for node in walk(template.resources["TaskRole"]):
            text, names = node["Fn::Sub"] if isinstance(node, dict) and isinstance(node.get("Fn::Sub"), list) else ("", {})
            for index in re.findall(r"/index/(\w+)", text):
                # What is exported of a table has its name.
                table = names["Table"]["Fn::ImportValue"]["Fn::Sub"].rsplit("-", 1)[1]
                if index not in known.get(table, ()):
                    yield template, "TaskRole", f"the table {table} has no {index}"
