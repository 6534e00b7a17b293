"""Scaling: bounds, labels, and alarms that cannot stick."""

from templates import ENVIRONMENTS, as_list, imports, words

from . import rule


def targets(house):
    for template in house.templates:
        for name, target in template.of_type("ApplicationAutoScaling::ScalableTarget"):
            yield template, name, target


def policies(house):
    for template in house.templates:
        for name, policy in template.of_type("ApplicationAutoScaling::ScalingPolicy"):
            yield template, name, policy


@rule
def the_least_is_less_than_the_most(house):
    """In every environment a service has at least one task, and no more at least than at most."""
    for template, name, target in targets(house):
        for environment in ENVIRONMENTS:
            least, most = (int(house.value(environment, template, target[key]["Ref"])) for key in ("MinCapacity", "MaxCapacity"))
            if not 1 <= least <= most:
                yield template, name, f"{least} tasks at least and {most} at most in {environment}"


@rule
def what_is_scaled_is_a_service_that_leaves_its_count_open(house):
    """The scaler names its service, waits for it, and is not undone by a desired count."""
    for template, name, target in targets(house):
        service = template.resources["Service"]["Properties"]
        if f"service/${{Cluster}}/{service['ServiceName']}" not in words(target["ResourceId"]) or imports(target["ResourceId"]) != ["Cluster"]:
            yield template, name, "names another service"
        if template.resources[name].get("DependsOn") != "Service":
            yield template, name, "may be made before its service"
        if "DesiredCount" in service:
            yield template, "Service", "each deployment undoes what the scaler has decided"
    for template in house.services:
        if not template.of_type("ApplicationAutoScaling::ScalableTarget") and "DesiredCount" not in template.resources["Service"]["Properties"]:
            yield template, "Service", "says nowhere how many run"


@rule
def a_predefined_metric_has_what_it_needs(house):
    """Requests for each target are counted of one target group: its label says of which."""
    for template, name, policy in policies(house):
        metric = policy.get("TargetTrackingScalingPolicyConfiguration", {}).get("PredefinedMetricSpecification", {})
        if metric.get("PredefinedMetricType") == "ALBRequestCountPerTarget":
            if imports(metric.get("ResourceLabel", {})) != ["BalancerName", "WebTargetGroupName"]:
                yield template, name, "has no label of load balancer and target group"


@rule
def one_policy_alone_scales_in(house):
    """Where a step policy takes tasks away, the tracker does not: they would undo each other."""
    for template in house.services:
        mine = [p for t, _, p in policies(house) if t is template]
        steps = [p for p in mine if p["PolicyType"] == "StepScaling"]
        tracks = [p["TargetTrackingScalingPolicyConfiguration"] for p in mine if p["PolicyType"] == "TargetTrackingScaling"]
        if steps and not all(t.get("DisableScaleIn") for t in tracks):
            yield template, "ScaleOut", "scales in beside the step policy"


@rule
def an_alarm_that_scales_cannot_stick(house):
    """What takes tasks away fills silence with zero, wants three minutes beside the two that may come late, and takes no data
    for quiet."""
    for template in house.templates:
        steps = {name for name, _ in template.of_type("ApplicationAutoScaling::ScalingPolicy")}
        acting = [(n, a) for n, a in template.of_type("CloudWatch::Alarm")
                  if any(x.get("Ref") in steps for x in as_list(a.get("AlarmActions", [])) if isinstance(x, dict))]
        for name, alarm in acting:
            formula = next(q["Expression"] for q in alarm["Metrics"] if "Expression" in q)
            if any(f"FILL({q['Id']}," not in formula for q in alarm["Metrics"] if "MetricStat" in q):
                yield template, name, "a metric that is silent decides"
            if alarm["EvaluationPeriods"] < 5 or alarm.get("DatapointsToAlarm") != alarm["EvaluationPeriods"]:
                yield template, name, "minutes that are filled before their data come decide"
            if alarm.get("TreatMissingData") != "breaching":
                yield template, name, "without any data it keeps every task"
        unused = steps - {x["Ref"] for _, a in acting for x in as_list(a["AlarmActions"])}
        for name in unused:
            if template.resources[name]["Properties"]["PolicyType"] == "StepScaling":
                yield template, name, "no alarm asks for it"


@rule
def a_tracker_waits_for_late_data(house):
    """A tracker's formula fills nothing: its alarms want every minute of three, and the newest would always be the filler."""
    for template, name, policy in policies(house):
        queries = policy.get("TargetTrackingScalingPolicyConfiguration", {}).get("CustomizedMetricSpecification", {}).get("Metrics", [])
        if any("FILL(" in q.get("Expression", "") for q in queries):
            yield template, name, "what comes late counts as the filler, so that it never scales out"


@rule
def idle_connections_live_longer_in_tasks(house):
    """Tasks keep silent connections longer than the load balancer, in every environment."""
    cluster = house.template("cluster")
    for environment in ENVIRONMENTS:
        balancer, task = (int(house.value(environment, cluster, p)) for p in ("BalancerIdleSeconds", "TaskIdleSeconds"))
        if task < balancer + 10:
            yield cluster, "TaskIdleSeconds", f"{task} s against the load balancer's {balancer} in {environment}"
