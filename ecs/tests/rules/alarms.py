"""Alarms: each says what to do, tells somebody, and is in the README's table; nothing that matters is without one."""

import re

import yaml
from templates import imports, variables, words

from . import rule

# Prometheus' alerts, and the alarms that say the same in CloudWatch. What is not said one to one is in ecs/README.md.
COUNTERPARTS = {
    "NoAnnotator": ["AnnotatorAbsent"],
    "ServiceAbsent": ["WebAbsent", "NotifierAbsent", "ArchiverAbsent", "BillingAbsent"],
    "ServiceRestarts": ["WebRestarts", "AnnotatorRestarts", "NotifierRestarts", "ArchiverRestarts", "BillingRestarts"],
    "DatabasePoolExhausted": ["WebWaitsForDatabase", "NotifierWaitsForDatabase", "ArchiverWaitsForDatabase", "BillingWaitsForDatabase"],
    "HttpErrors": ["HttpErrors"],
    "HttpSlow": ["HttpSlow"],
    "DeadLetters": ["JobRequestsDead", "JobResultsDead", "JobArchiveDead", "RestoreRequestsDead", "VaultRetrievalsDead",
                    "NoticesDead", "MailEventsDead", "DeletionsDead", "WebhooksDead"],
    "MessagesTooOld": ["JobRequestsOld", "JobResultsOld", "RestoreRequestsOld", "VaultRetrievalsOld", "NoticesOld", "MailEventsOld",
                       "DeletionsOld", "WebhooksOld"],
    "QueueNotDrained": ["JobRequestsNotDrained", "JobResultsNotDrained", "JobArchiveNotDrained", "RestoreRequestsNotDrained",
                        "VaultRetrievalsNotDrained", "NoticesNotDrained", "MailEventsNotDrained", "DeletionsNotDrained",
                        "WebhooksNotDrained"],
    "MessagesFailing": ["AnnotatorMessagesFailing", "NotifierMessagesFailing", "ArchiverMessagesFailing"],
    "JobsWaiting": ["JobsWaiting"],
    "JobsFailing": ["JobsFailing"],
    "MailRefused": ["MailRefused"],
    "ArchiveLag": ["ArchiveLag"],
    "ArchivesFailing": ["ArchivesFailing"],
    "RestoreLag": ["RestoreLag"],
    "ArchiveLost": ["ArchiveLost"],
    "WebhooksFailing": ["WebhooksFailing", "WebhooksUnreadable"],
    "WebhooksRefused": ["WebhooksRefused"],
}


def alarms(house):
    """Every alarm: template, logical id, name without the system's, properties."""
    for template in house.templates:
        for kind in ("CloudWatch::Alarm", "CloudWatch::CompositeAlarm"):
            for name, alarm in template.of_type(kind):
                yield template, name, alarm["AlarmName"]["Fn::Sub"].removeprefix("${System}-"), alarm


def windows(house):
    """Alarms that only composite ones look at."""
    return {w for _, _, _, a in alarms(house) for t in words(a.get("AlarmRule", "")) for w in re.findall(r"\$\{(\w+)\}", t)}


@rule
def an_alarm_tells_somebody_what_to_do(house):
    """Each alarm has an action and a description of what is wrong and what to do; its name is there once."""
    seen = set()
    for template, name, title, alarm in alarms(house):
        if name not in windows(house) and not alarm.get("AlarmActions"):
            yield template, name, "tells nobody"
        if len(re.findall(r"[.?](?: |$)", alarm.get("AlarmDescription", ""))) < 2:
            yield template, name, "does not say what is wrong and what to do"
        if title in seen:
            yield template, name, f"there are two alarms {title}"
        seen.add(title)


@rule
def an_alarm_is_in_the_readme(house):
    """The README's table of alarms has each of them, and no others."""
    table = house.files["ecs/README.md"].split("## Alarms", 1)[-1].split("\n## ", 1)[0]
    listed = set(re.findall(r"`([A-Z]\w+)`", "\n".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))))
    there = {title: (template, name) for template, name, title, _ in alarms(house) if name not in windows(house)}
    for title in there.keys() - listed:
        yield *there[title], "is not in the table of alarms in ecs/README.md"
    for title in listed - there.keys():
        yield house.template("observability"), "Pages", f"ecs/README.md lists {title}, which is no alarm"


@rule
def every_alert_of_prometheus_has_its_alarm(house):
    """What docker/prometheus/alerts.yml watches, CloudWatch does."""
    rules = yaml.safe_load(house.files["docker/prometheus/alerts.yml"])
    named = {r["alert"] for group in rules["groups"] for r in group["rules"]}
    there = {title for _, _, title, _ in alarms(house)}
    for alert in named ^ COUNTERPARTS.keys():
        yield house.template("observability"), "Pages", f"{alert} is not both in alerts.yml and in tests/rules/alarms.py"
    for alert, ours in COUNTERPARTS.items():
        for title in set(ours) - there:
            yield house.template("observability"), "Pages", f"{alert} has no alarm {title}"


@rule
def a_queue_has_alarms_beside_it(house):
    """Who reads a queue watches the age of its messages, its dead letters, and whether it is drained."""
    for template in house.services:
        titles = {title for t, _, title, _ in alarms(house) if t is template}
        for variable, value in variables(template).items():
            if variable.endswith("_QUEUE"):
                queue = imports(value)[0].removesuffix("Queue")
                for what in ("Old", "Dead", "NotDrained"):
                    if queue + what not in titles:
                        yield template, "Service", f"no alarm {queue}{what}"


@rule
def a_composite_alarm_knows_its_parts(house):
    """What a composite alarm names is an alarm of its template."""
    for template, name, _, alarm in alarms(house):
        for part in re.findall(r"\$\{(\w+)\}", " ".join(words(alarm.get("AlarmRule", "")))):
            if template.resources.get(part, {}).get("Type") != "AWS::CloudWatch::Alarm":
                yield template, name, f"there is no alarm {part}"
