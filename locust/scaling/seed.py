"""The rules that this service was first asked for, literally, to compare with.

Web: one more when more than 200 requests are answered by 2XX in a minute, with 120 s to warm up; one less when answers take
less than 10 ms. Annotators: one more when more than 10 requests were sent within 5 minutes, one less when fewer than 5 were
received within 2; these two are in the templates as notices (JobsComeFast, JobsComeSlowly), and are read from there.
"""

from dataclasses import replace

from . import policies
from .policies import Alarm, House, Measure, Metric, Steps

# Said for web; the rules of the annotators name none.
WARM_UP = 120
ANSWERED = Metric("AWS/ApplicationELB", "HTTPCode_Target_2XX_Count", "Sum")
LATENCY = Metric("AWS/ApplicationELB", "TargetResponseTime", "Average")


def out(alarm):
    return Steps("out", alarm, WARM_UP, ((0, None, 1),))


def in_(alarm):
    return Steps("in", alarm, WARM_UP, ((None, 0, -1),))


def of_web():
    return (out(Alarm(Measure.of(ANSWERED), "GreaterThanThreshold", 200.0, 1, 1)),
            in_(Alarm(Measure.of(LATENCY), "LessThanThreshold", 0.010, 1, 1)))


def of_annotator(house):
    template = house.template("services/annotator")
    fast, slowly = (policies.alarm(notice(template.resources[name]["Properties"])) for name in ("JobsComeFastAlarm", "JobsComeSlowlyAlarm"))
    return out(fast), in_(slowly)


def notice(properties):
    """What of an alarm is told without any of its functions resolved."""
    return {key: value for key, value in properties.items() if not isinstance(value, (dict, list))}


def rules(service, environment="production", house=None):
    """The first rules, between the bounds that the templates have."""
    house = house or House.read()
    ours = policies.of_templates(service, environment, house)
    return replace(ours, policies=of_web() if service == "web" else of_annotator(house))
