"""Scaling policies: those of the templates in ecs/, with the parameters of an environment, and the rules first asked for.

Nothing of them is written here but what AWS does by itself: the two alarms of a tracker. Cooldowns are seconds.
"""

import sys
from dataclasses import dataclass

from . import ROOT
from .expressions import evaluate, parse

sys.path.append(str(ROOT / "ecs/tests"))
from intrinsic import Resolver  # noqa: E402
from templates import House, imports, walk  # noqa: E402

# A tracker's two alarms cannot be changed: out after three minutes above the target, in after fifteen below nine tenths of
# it. The three and fifteen are documented; the nine tenths are what people see in their accounts.
# https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
OUT_AFTER, IN_AFTER, IN_BELOW = 3, 15, 0.9
# What ECS takes where a policy names no cooldown.
COOLDOWN = 300
PREDEFINED = {"ALBRequestCountPerTarget": ("AWS/ApplicationELB", "RequestCountPerTarget", "Sum")}


@dataclass(frozen=True)
class Metric:
    """Of one service; whose it is, is said by the dimensions, which the service knows."""

    namespace: str
    name: str
    stat: str


@dataclass(frozen=True)
class Measure:
    """A number for each minute: a formula over metrics, by the ids that it calls them."""

    text: str
    metrics: tuple

    @classmethod
    def of(cls, metric):
        return cls("metric", (("metric", metric),))

    def over(self, series):
        """Points, oldest first, from lists of points by metric."""
        return evaluate(parse(self.text), {id: series[metric] for id, metric in self.metrics})


@dataclass(frozen=True)
class Alarm:
    """True while `datapoints` of the last `periods` points compare so with the threshold; a period is minutes."""

    measure: Measure
    comparison: str
    threshold: float
    periods: int
    datapoints: int
    minutes: int = 1
    missing: str = "missing"


@dataclass(frozen=True)
class Tracking:
    """Keeps a measure at a target, by as many tasks as that takes."""

    name: str
    measure: Measure
    target: float
    out_cooldown: int
    in_cooldown: int
    scales_in: bool

    @property
    def high(self):
        return Alarm(self.measure, "GreaterThanThreshold", self.target, OUT_AFTER, OUT_AFTER)

    @property
    def low(self):
        return Alarm(self.measure, "LessThanThreshold", self.target * IN_BELOW, IN_AFTER, IN_AFTER)


@dataclass(frozen=True)
class Steps:
    """Adds what stands beside the interval in which the measure is, counted from the threshold, once its alarm is true."""

    name: str
    alarm: Alarm
    cooldown: int
    # (lower bound, upper bound, tasks more); `None` is no bound.
    adjustments: tuple

    def change(self, value):
        beyond = value - self.alarm.threshold
        return next((more for low, high, more in self.adjustments
                     if (low is None or low <= beyond) and (high is None or beyond < high)), 0)


@dataclass(frozen=True)
class Scaled:
    """A service that is scaled, between two bounds."""

    service: str
    least: int
    most: int
    policies: tuple


def of_templates(service, environment="production", house=None):
    """What ecs/services/SERVICE.yaml says, with the parameters of an environment."""
    house = house or House.read()
    template = house.template(f"services/{service}")
    parameters = {name: house.value(environment, template, name) for name in template.parameters}
    exported = {f"{parameters['System']}-{name}": name for node in walk(template.body) for name in imports(node)}
    resolver = Resolver(template.body, "us-east-1", "000000000000", parameters, {name: name for name in template.resources}, exported)
    (_, target), = template.of_type("ApplicationAutoScaling::ScalableTarget")
    alarms = [resolver.of(properties) for _, properties in template.of_type("CloudWatch::Alarm")]
    policies = tuple(policy(name, resolver.of(properties), alarms)
                     for name, properties in template.of_type("ApplicationAutoScaling::ScalingPolicy"))
    return Scaled(service, int(resolver.of(target["MinCapacity"])), int(resolver.of(target["MaxCapacity"])), policies)


def policy(name, properties, alarms):
    if properties["PolicyType"] == "TargetTrackingScaling":
        return tracking(properties["PolicyName"], properties["TargetTrackingScalingPolicyConfiguration"])
    steps = properties["StepScalingPolicyConfiguration"]
    (asking,) = (a for a in alarms if name in a.get("AlarmActions", []))
    bounds = tuple((s.get("MetricIntervalLowerBound"), s.get("MetricIntervalUpperBound"), s["ScalingAdjustment"])
                   for s in steps["StepAdjustments"])
    return Steps(properties["PolicyName"], alarm(asking), int(steps.get("Cooldown", COOLDOWN)), bounds)


def tracking(name, properties):
    if "PredefinedMetricSpecification" in properties:
        measure = Measure.of(Metric(*PREDEFINED[properties["PredefinedMetricSpecification"]["PredefinedMetricType"]]))
    else:
        measure = formula(properties["CustomizedMetricSpecification"]["Metrics"])
    return Tracking(name, measure, float(properties["TargetValue"]), int(properties.get("ScaleOutCooldown", COOLDOWN)),
                    int(properties.get("ScaleInCooldown", COOLDOWN)), properties.get("DisableScaleIn") is not True)


def alarm(properties):
    """An alarm of a template, its functions resolved."""
    if "Metrics" in properties:
        measure = formula(properties["Metrics"])
        seconds = next(q["MetricStat"]["Period"] for q in properties["Metrics"] if "MetricStat" in q)
    else:
        measure = Measure.of(Metric(properties["Namespace"], properties["MetricName"], properties["Statistic"]))
        seconds = properties["Period"]
    periods = properties["EvaluationPeriods"]
    return Alarm(measure, properties["ComparisonOperator"], float(properties["Threshold"]), periods,
                 properties.get("DatapointsToAlarm", periods), seconds // 60, properties.get("TreatMissingData", "missing"))


def formula(queries):
    """The one query that is the answer, and the metrics below it."""
    (answer,) = (q for q in queries if q.get("ReturnData", True))
    metrics = tuple((q["Id"], Metric(q["MetricStat"]["Metric"]["Namespace"], q["MetricStat"]["Metric"]["MetricName"], q["MetricStat"]["Stat"]))
                    for q in queries if "MetricStat" in q)
    return Measure(answer.get("Expression", answer["Id"]), metrics)
