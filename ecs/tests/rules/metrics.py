"""Metrics: math that is well formed, on metrics that somebody emits."""

import re

import source
from templates import container, imports, walk

from . import rule

PERIODS_BELOW_A_MINUTE = {10, 20, 30}
LONGEST_LOOK_BACK = 86_400
FUNCTIONS = {"IF", "FILL", "AND", "OR", "MAX", "MIN", "TIME_SERIES"}
# Metrics of AWS's that alarms here may use, with their dimensions.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html,
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html,
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html,
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html,
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html,
# https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-cloudwatch-alarm.html
AWS = {
    "AWS/ApplicationELB": {
        **dict.fromkeys(["HTTPCode_ELB_5XX_Count"], [{"LoadBalancer"}]),
        **dict.fromkeys(["HTTPCode_Target_5XX_Count", "RequestCount", "TargetResponseTime", "TargetConnectionErrorCount"],
                        [{"LoadBalancer"}, {"LoadBalancer", "TargetGroup"}]),
        **dict.fromkeys(["RequestCountPerTarget", "UnHealthyHostCount"], [{"LoadBalancer", "TargetGroup"}]),
    },
    "AWS/SQS": dict.fromkeys(["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible", "NumberOfMessagesReceived",
                              "NumberOfMessagesSent", "ApproximateNumberOfNoisyGroups",
                              "ApproximateAgeOfOldestMessageInQuietGroups"], [{"QueueName"}]),
    "ECS/ContainerInsights": {"RunningTaskCount": [{"ClusterName", "ServiceName"}]},
    "AWS/RDS": dict.fromkeys(["CPUUtilization", "FreeStorageSpace"], [{"DBInstanceIdentifier"}]),
    "AWS/DynamoDB": dict.fromkeys(["ReadThrottleEvents", "WriteThrottleEvents"], [{"TableName"}]),
    "AWS/SES": dict.fromkeys(["Reputation.BounceRate", "Reputation.ComplaintRate"], [set()]),
}


def math(house):
    """Each list of metric queries: of alarms, and of scaling policies."""
    for template in house.templates:
        for name, resource in template.resources.items():
            for node in walk(resource.get("Properties", {})):
                if isinstance(node, dict) and isinstance(node.get("Metrics"), list):
                    yield template, name, node["Metrics"]


def single(house):
    """Each metric that is looked at: its namespace, name, dimensions, period if one is said."""
    for template in house.templates:
        for name, alarm in template.of_type("CloudWatch::Alarm"):
            if "MetricName" in alarm:
                yield template, name, alarm, alarm.get("Period")
    for template, name, queries in math(house):
        for query in queries:
            if "MetricStat" in query:
                yield template, name, query["MetricStat"]["Metric"], query["MetricStat"].get("Period")


def dimensions(metric):
    return {d["Name"]: d["Value"] for d in metric.get("Dimensions", [])}


@rule
def metric_math_is_well_formed(house):
    """Ids are unique, begin small and are used; each query is a formula or a metric, not both; one alone is the answer;
    parentheses close."""
    for template, name, queries in math(house):
        ids = [q["Id"] for q in queries]
        if len(set(ids)) != len(ids) or any(not re.fullmatch(r"[a-z]\w{0,63}", i) for i in ids):
            yield template, name, f"ids are {ids}"
        if sum(q.get("ReturnData", True) is True for q in queries) != 1:
            yield template, name, "not exactly one query has ReturnData"
        used = set()
        for query in queries:
            if ("Expression" in query) == ("MetricStat" in query):
                yield template, name, f"{query['Id']} is not either a formula or a metric"
            formula = query.get("Expression", "")
            named = set(re.findall(r"\b[A-Za-z_]\w*", formula)) - FUNCTIONS
            used |= named
            for unknown in named - set(ids):
                yield template, name, f"{query['Id']} names {unknown}, which is no query"
            if formula.count("(") != formula.count(")"):
                yield template, name, f"the parentheses of {query['Id']} do not close"
        for idle in set(ids) - used - {q["Id"] for q in queries if q.get("ReturnData", True) is True}:
            yield template, name, f"nobody uses {idle}"


@rule
def a_period_is_one_that_cloudwatch_has(house):
    """Periods are whole minutes; an alarm looks back for a day at the most, and finds as many points as it wants."""
    for template, name, _, period in single(house):
        if period is not None and period % 60 and period not in PERIODS_BELOW_A_MINUTE:
            yield template, name, f"a period of {period} s"
    for template in house.templates:
        for name, alarm in template.of_type("CloudWatch::Alarm"):
            periods = [alarm["Period"]] if "Period" in alarm else [q["MetricStat"]["Period"] for q in alarm["Metrics"] if "MetricStat" in q]
            if max(periods) * alarm["EvaluationPeriods"] > LONGEST_LOOK_BACK:
                yield template, name, "looks back for more than a day"
            if len(set(periods)) > 1:
                yield template, name, "mixes periods"
            if alarm.get("DatapointsToAlarm", 1) > alarm["EvaluationPeriods"]:
                yield template, name, "wants more points than it looks at"


def collected(house):
    """Metric of ours → sets of dimensions, by the collector's configuration."""
    task = house.template("observability").resources["CollectorTaskDefinition"]["Properties"]
    config = next(v for v in walk(task["ContainerDefinitions"][0]["Environment"]) if isinstance(v, str) and "awsemf" in v and "\n" in v)
    found = {}
    for sets, selectors in re.findall(r"dimensions: \[\[(.*?)\]\]\n\s+metric_name_selectors:(.*?)(?=- dimensions|\$\{)", config, re.S):
        for metric in source.metrics():
            if any(re.search(s, metric) for s in re.findall(r"\^\S*?\$", selectors)):
                found.setdefault(metric, []).append({d.strip() for d in sets.split(",")})
    return found


def outcomes(house, metric):
    """Label values of a metric, by the table of docker/prometheus/README.md."""
    row = next((line for line in house.files["docker/prometheus/README.md"].splitlines() if f"`{metric}`" in line), "")
    values = re.search(r"`(?:outcome|state)`: ([^|]+)", row)
    return {v.strip() for v in values.group(1).split(",")} if values else set()


@rule
def a_metric_is_one_that_somebody_emits(house):
    """AWS has the metric with these dimensions; or the code counts it and the collector passes it on with them; or a
    filter of a log makes it."""
    ours = collected(house)
    for template, name, metric, _ in single(house):
        space, what, by = metric["Namespace"], metric["MetricName"], dimensions(metric)
        if isinstance(space, str):
            if set(by) not in AWS.get(space, {}).get(what, []):
                yield template, name, f"{space} has no {what} by {sorted(by)}"
            continue
        filtered = [t["MetricName"] for _, f in template.of_type("Logs::MetricFilter") for t in f["MetricTransformations"]]
        if what in filtered and not by:
            continue
        if set(by) not in ours.get(what, []):
            yield template, name, f"nobody tells CloudWatch of {what} by {sorted(by)}"
        for label in ("outcome", "state"):
            if label in by and by[label] not in outcomes(house, what):
                yield template, name, f"{what} has no {label} {by[label]}"


@rule
def what_the_collector_passes_on_is_looked_at(house):
    """CloudWatch bills each metric: none is passed on that no alarm and no dashboard shows."""
    template = house.template("observability")
    shown = {metric["MetricName"] for _, _, metric, _ in single(house)} | set(re.findall(r'"(gas_\w+)"', template.text))
    for metric in set(collected(house)) - shown:
        yield template, "CollectorTaskDefinition", f"{metric} is passed on and shown to nobody"


@rule
def a_service_of_a_metric_exists(house):
    """A dimension that names a service or a queue names one that is there."""
    names = {container(t)["Name"] for t in house.services} | {"collector"}
    exports = house.template("data").exports()
    for template, name, metric, _ in single(house):
        for key, value in dimensions(metric).items():
            if key in ("service", "ServiceName") and value not in names:
                yield template, name, f"there is no service {value}"
            if key == "QueueName" and not any(e in exports for e in imports(value)):
                yield template, name, "there is no such queue"
