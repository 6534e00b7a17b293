"""What the emulator (ministack 1.5.33) lacks, and how a template is changed so that it takes the rest.

All of it stands here, and each entry is tried: one that the emulator no longer needs fails (test_stacks.py).
"""

import copy

# Types that it refuses, the whole template with them.
REFUSED = {
    "AWS::ApplicationAutoScaling::ScalableTarget": "no Application Auto Scaling",
    "AWS::ApplicationAutoScaling::ScalingPolicy": "no Application Auto Scaling",
    "AWS::CloudWatch::CompositeAlarm": "no composite alarms",
    "AWS::EC2::EIP": "no addresses, by CloudFormation",
    "AWS::EC2::NatGateway": "no NAT, by CloudFormation",
    "AWS::EC2::SecurityGroupIngress": "no rules apart from their group",
    "AWS::EC2::SecurityGroupEgress": "no rules apart from their group",
}

# (type, attribute): not to be had by !GetAtt; a text stands for it.
NO_ATTRIBUTE = {
    ("AWS::RDS::DBInstance", "MasterUserSecret.SecretArn"): "the secret is made, but not told",
}

# (type, path of a property, and all below it): accepted, and then not to be read back, or read back otherwise.
LOST = {(f"AWS::{kind}", path) for kind, paths in {
    "CloudWatch::Alarm": ["EvaluateLowSampleCountPercentile", "WarmUpConfiguration"],
    "DynamoDB::Table": ["OnDemandThroughput", "PointInTimeRecoverySpecification"],
    "ECR::Repository": ["EmptyOnDelete"],
    "ECS::Service": ["AvailabilityZoneRebalancing", "EnableECSManagedTags", "HealthCheckGracePeriodSeconds", "PropagateTags",
                     "ServiceRegistries"],
    "ECS::TaskDefinition": ["EphemeralStorage", "RuntimePlatform", "Volumes", "ContainerDefinitions.Secrets",
                            "ContainerDefinitions.HealthCheck", "ContainerDefinitions.LinuxParameters"],
    "RDS::DBInstance": ["EnableCloudwatchLogsExports", "ManageMasterUserPassword"],
    "S3::Bucket": ["LifecycleConfiguration"],
    # What makes the secret's value is told by nobody, neither here nor by AWS.
    "SecretsManager::Secret": ["GenerateSecretString"],
}.items() for path in paths}


def lost(kind, path):
    """The entry of LOST that a property falls under."""
    return next(((k, p) for k, p in LOST if k == kind and (path == p or path.startswith(p + "."))), None)


def for_emulator(body):
    """A copy of a template without what the emulator refuses, and without what names that."""
    body = copy.deepcopy(body)
    gone = {name for name, r in body["Resources"].items() if r["Type"] in REFUSED}
    body["Resources"] = {name: r for name, r in body["Resources"].items() if name not in gone}
    for resource in body["Resources"].values():
        if resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]:
            one_metric(resource["Properties"])
        if resource["Type"] == "AWS::ECS::Service":
            numbers(resource["Properties"], body["Parameters"])
    body["Resources"] = without(body["Resources"], gone)
    return instead_of_attributes(body, body["Resources"])


def instead_of_attributes(node, resources):
    if isinstance(node, list):
        return [instead_of_attributes(item, resources) for item in node]
    if not isinstance(node, dict):
        return node
    of, attribute = node.get("Fn::GetAtt", (None, None))
    if of in resources and (resources[of]["Type"], attribute) in NO_ATTRIBUTE:
        return f"{of}.{attribute}"
    return {key: instead_of_attributes(value, resources) for key, value in node.items()}


def one_metric(alarm):
    """It rolls a stack back for an alarm on metric math: the alarm looks at the first of its metrics instead."""
    stat = next(q["MetricStat"] for q in alarm.pop("Metrics") if "MetricStat" in q)
    alarm.update(stat["Metric"], Period=stat["Period"], Statistic=stat["Stat"])


def numbers(service, parameters):
    """It counts with what a service says, and parameters are texts to it: the default's number stands for one."""
    for holder in [service, *service.get("CapacityProviderStrategy", [])]:
        for key in ("DesiredCount", "Base"):
            if isinstance(holder.get(key), dict):
                holder[key] = parameters[holder[key]["Ref"]]["Default"]


def names(node, gone):
    return isinstance(node, dict) and (node.get("Ref") in gone or node.get("Fn::GetAtt", [None])[0] in gone)


def without(node, gone):
    """Leaves out every list's item and every property that is a reference to what is gone."""
    if isinstance(node, list):
        return [without(item, gone) for item in node if not names(item, gone)]
    if isinstance(node, dict):
        kept = {key: without(value, gone) for key, value in node.items() if not (key != "Fn::If" and hits(value, gone))}
        return {key: value for key, value in kept.items() if not (key == "DependsOn" and value in gone)}
    return node


def hits(value, gone):
    return names(value, gone) or (isinstance(value, dict) and "Fn::If" in value and any(names(v, gone) for v in value["Fn::If"]))
