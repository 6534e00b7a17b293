"""What the emulator has of a resource, in the words of its template."""

import json


def pascal(node, keep=("options", "dockerLabels")):
    """{"networkMode": …} → {"NetworkMode": …}, but for maps whose keys are data."""
    if isinstance(node, dict):
        return {k[0].upper() + k[1:]: (v if k in keep else pascal(v)) for k, v in node.items()}
    return [pascal(v) for v in node] if isinstance(node, list) else node


def queue(aws, id, _):
    found = aws.client("sqs").get_queue_attributes(QueueUrl=id, AttributeNames=["All"])["Attributes"]
    return {**found, "QueueName": id.rsplit("/", 1)[1], "RedrivePolicy": json.loads(found.get("RedrivePolicy", "null"))}


def queue_policy(aws, _, wanted):
    found = aws.client("sqs").get_queue_attributes(QueueUrl=wanted["Queues"][0], AttributeNames=["Policy"])
    return {"Queues": wanted["Queues"], "PolicyDocument": json.loads(found["Attributes"]["Policy"])}


def topic(aws, id, _):
    aws.client("sns").get_topic_attributes(TopicArn=id)
    return {"TopicName": id.rsplit(":", 1)[1]}


def topic_policy(aws, _, wanted):
    found = aws.client("sns").get_topic_attributes(TopicArn=wanted["Topics"][0])["Attributes"]
    return {"Topics": wanted["Topics"], "PolicyDocument": json.loads(found["Policy"])}


def subscription(aws, id, _):
    sns = aws.client("sns")
    found = [s for page in sns.get_paginator("list_subscriptions").paginate() for s in page["Subscriptions"] if s["SubscriptionArn"] == id][0]
    return {**found, **sns.get_subscription_attributes(SubscriptionArn=id)["Attributes"]}


def bucket(aws, id, _):
    s3 = aws.client("s3")
    notification = s3.get_bucket_notification_configuration(Bucket=id)
    notification.pop("ResponseMetadata")
    return {
        "BucketName": id,
        "VersioningConfiguration": {"Status": s3.get_bucket_versioning(Bucket=id).get("Status")},
        "PublicAccessBlockConfiguration": s3.get_public_access_block(Bucket=id)["PublicAccessBlockConfiguration"],
        "CorsConfiguration": or_none(lambda: {"CorsRules": [
            {k.replace("ExposeHeaders", "ExposedHeaders").replace("MaxAgeSeconds", "MaxAge"): v for k, v in rule.items()}
            for rule in s3.get_bucket_cors(Bucket=id)["CORSRules"]]}),
        "LifecycleConfiguration": or_none(lambda: {"Rules": [
            lifecycle_rule(rule) for rule in s3.get_bucket_lifecycle_configuration(Bucket=id)["Rules"]]}),
        "OwnershipControls": or_none(lambda: s3.get_bucket_ownership_controls(Bucket=id)["OwnershipControls"]),
        "NotificationConfiguration": {"TopicConfigurations": [
            {"Event": c["Events"][0], "Topic": c["TopicArn"]} for c in notification.get("TopicConfigurations", [])]},
    }


def lifecycle_rule(rule):
    """S3's own words as CloudFormation has them: a filter apart from its rule, an expiration of two kinds."""
    filter, expiration = rule.get("Filter", {}), rule.get("Expiration", {})
    return {**rule, "Id": rule["ID"], "Prefix": filter.get("Prefix"), "TagFilters": [filter["Tag"]] if "Tag" in filter else [],
            "ExpirationInDays": expiration.get("Days"), "ExpiredObjectDeleteMarker": expiration.get("ExpiredObjectDeleteMarker")}


def bucket_policy(aws, _, wanted):
    found = aws.client("s3").get_bucket_policy(Bucket=wanted["Bucket"])
    return {"Bucket": wanted["Bucket"], "PolicyDocument": json.loads(found["Policy"])}


def table(aws, id, _):
    dynamodb = aws.client("dynamodb")
    found = dynamodb.describe_table(TableName=id)["Table"]
    recovery = dynamodb.describe_continuous_backups(TableName=id)["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    return {**found, "BillingMode": found.get("BillingModeSummary", {}).get("BillingMode"),
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": recovery["PointInTimeRecoveryStatus"] == "ENABLED",
                                                 "RecoveryPeriodInDays": recovery.get("RecoveryPeriodInDays")}}


def role(aws, id, _):
    iam = aws.client("iam")
    found = iam.get_role(RoleName=id)["Role"]
    policies = [iam.get_role_policy(RoleName=id, PolicyName=p) for p in iam.list_role_policies(RoleName=id)["PolicyNames"]]
    return {"AssumeRolePolicyDocument": found["AssumeRolePolicyDocument"],
            "Policies": [{"PolicyName": p["PolicyName"], "PolicyDocument": p["PolicyDocument"]} for p in policies]}


def task_definition(aws, id, _):
    return pascal(aws.client("ecs").describe_task_definition(taskDefinition=id)["taskDefinition"])


def service(aws, id, wanted):
    found = pascal(aws.client("ecs").describe_services(cluster=wanted["Cluster"], services=[wanted["ServiceName"]])["services"][0])
    return {**found, "Cluster": found["ClusterArn"].rsplit("/", 1)[1], "ServiceRegistries": found.get("ServiceRegistries")}


def target_group(aws, id, _):
    balancers = aws.client("elbv2")
    found = balancers.describe_target_groups(TargetGroupArns=[id])["TargetGroups"][0]
    attributes = balancers.describe_target_group_attributes(TargetGroupArn=id)["Attributes"]
    return {**found, "Name": found["TargetGroupName"], "TargetGroupAttributes": attributes}


def balancer(aws, id, _):
    balancers = aws.client("elbv2")
    found = balancers.describe_load_balancers(LoadBalancerArns=[id])["LoadBalancers"][0]
    return {**found, "Name": found["LoadBalancerName"], "Subnets": [z["SubnetId"] for z in found["AvailabilityZones"]],
            "LoadBalancerAttributes": balancers.describe_load_balancer_attributes(LoadBalancerArn=id)["Attributes"]}


def listener(aws, id, _):
    return aws.client("elbv2").describe_listeners(ListenerArns=[id])["Listeners"][0]


def listener_rule(aws, id, wanted):
    rules = aws.client("elbv2").describe_rules(ListenerArn=wanted["ListenerArn"])["Rules"]
    return {**next(r for r in rules if r["RuleArn"] == id), "ListenerArn": wanted["ListenerArn"]}


def alarm(aws, id, _):
    return aws.client("cloudwatch").describe_alarms(AlarmNames=[id])["MetricAlarms"][0]


def log_group(aws, id, _):
    found = [g for g in aws.client("logs").describe_log_groups(logGroupNamePrefix=id)["logGroups"] if g["logGroupName"] == id][0]
    return {"LogGroupName": id, "RetentionInDays": found.get("retentionInDays")}


def metric_filter(aws, id, wanted):
    found = aws.client("logs").describe_metric_filters(logGroupName=wanted["LogGroupName"])["metricFilters"][0]
    return pascal(found)


def repository(aws, id, _):
    ecr = aws.client("ecr")
    found = ecr.describe_repositories(repositoryNames=[id])["repositories"][0]
    policy = or_none(lambda: ecr.get_lifecycle_policy(repositoryName=id)["lifecyclePolicyText"])
    return {**pascal(found), "LifecyclePolicy": {"LifecyclePolicyText": policy}}


def cluster(aws, id, _):
    found = pascal(aws.client("ecs").describe_clusters(clusters=[id], include=["SETTINGS"])["clusters"][0])
    return {**found, "ClusterSettings": found.get("Settings")}


def vpc(aws, id, _):
    ec2 = aws.client("ec2")
    dns = {a[0].upper() + a[1:]: ec2.describe_vpc_attribute(VpcId=id, Attribute=a)[a[0].upper() + a[1:]]["Value"]
           for a in ("enableDnsSupport", "enableDnsHostnames")}
    return {**ec2.describe_vpcs(VpcIds=[id])["Vpcs"][0], **dns}


def subnet(aws, id, _):
    return aws.client("ec2").describe_subnets(SubnetIds=[id])["Subnets"][0]


def endpoint(aws, id, _):
    return aws.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[id])["VpcEndpoints"][0]


def security_group(aws, id, _):
    found = aws.client("ec2").describe_security_groups(GroupIds=[id])["SecurityGroups"][0]
    return {"VpcId": found["VpcId"], "Tags": found.get("Tags"), "GroupDescription": found["Description"],
            "SecurityGroupIngress": ways(found["IpPermissions"], "Source"),
            "SecurityGroupEgress": ways(found["IpPermissionsEgress"], "Destination")}


def ways(permissions, side):
    """EC2's rules as the template writes them, one for each address or group."""
    found = []
    for p in permissions:
        base = {"IpProtocol": p["IpProtocol"], "FromPort": p.get("FromPort"), "ToPort": p.get("ToPort")}
        found += [{**base, "CidrIp": r["CidrIp"], "Description": r.get("Description")} for r in p.get("IpRanges", [])]
        found += [{**base, f"{side}SecurityGroupId": g["GroupId"], "Description": g.get("Description")} for g in p.get("UserIdGroupPairs", [])]
    return found


def database(aws, id, _):
    found = aws.client("rds").describe_db_instances(DBInstanceIdentifier=id)["DBInstances"][0]
    return {**found, "EnableCloudwatchLogsExports": found.get("EnabledCloudwatchLogsExports"),
            "VPCSecurityGroups": [g["VpcSecurityGroupId"] for g in found.get("VpcSecurityGroups", [])],
            "DBSubnetGroupName": found.get("DBSubnetGroup", {}).get("DBSubnetGroupName"),
            "DBParameterGroupName": next((g["DBParameterGroupName"] for g in found.get("DBParameterGroups", [])), None),
            "ManageMasterUserPassword": "MasterUserSecret" in found}


def identity(aws, id, _):
    found = aws.client("sesv2").get_email_identity(EmailIdentity=id)
    return {"EmailIdentity": id, "ConfigurationSetAttributes": {"ConfigurationSetName": found.get("ConfigurationSetName")}}


def configuration_set(aws, id, _):
    return {**aws.client("sesv2").get_configuration_set(ConfigurationSetName=id), "Name": id}


def event_destination(aws, _, wanted):
    found = aws.client("sesv2").get_configuration_set_event_destinations(ConfigurationSetName=wanted["ConfigurationSetName"])
    found = found["EventDestinations"][0]
    return {"ConfigurationSetName": wanted["ConfigurationSetName"], "EventDestination": {
        **found, "MatchingEventTypes": [t.lower() for t in found["MatchingEventTypes"]],
        "SnsDestination": {"TopicARN": found.get("SnsDestination", {}).get("TopicArn")}}}


def secret(aws, id, _):
    return aws.client("secretsmanager").describe_secret(SecretId=id)


def or_none(ask):
    try:
        return ask()
    except Exception:
        return None


READERS = {f"AWS::{kind}": reader for kind, reader in {
    "SQS::Queue": queue, "SQS::QueuePolicy": queue_policy, "SNS::Topic": topic, "SNS::TopicPolicy": topic_policy,
    "SNS::Subscription": subscription, "S3::Bucket": bucket, "S3::BucketPolicy": bucket_policy, "DynamoDB::Table": table,
    "IAM::Role": role, "ECS::TaskDefinition": task_definition, "ECS::Service": service, "ECS::Cluster": cluster,
    "ElasticLoadBalancingV2::TargetGroup": target_group, "ElasticLoadBalancingV2::LoadBalancer": balancer,
    "ElasticLoadBalancingV2::Listener": listener, "ElasticLoadBalancingV2::ListenerRule": listener_rule,
    "CloudWatch::Alarm": alarm, "Logs::LogGroup": log_group, "Logs::MetricFilter": metric_filter, "ECR::Repository": repository,
    "EC2::VPC": vpc, "EC2::Subnet": subnet, "EC2::VPCEndpoint": endpoint, "EC2::SecurityGroup": security_group,
    "RDS::DBInstance": database, "SES::EmailIdentity": identity, "SES::ConfigurationSet": configuration_set,
    "SES::ConfigurationSetEventDestination": event_destination, "SecretsManager::Secret": secret,
}.items()}
# Types that are only made and counted: they tell nothing of themselves, or what they tell is said by others.
COUNTED = {f"AWS::{kind}" for kind in [
    "EC2::InternetGateway", "EC2::VPCGatewayAttachment", "EC2::RouteTable", "EC2::Route", "EC2::SubnetRouteTableAssociation",
    "RDS::DBParameterGroup", "RDS::DBSubnetGroup", "ServiceDiscovery::PrivateDnsNamespace", "ServiceDiscovery::Service",
    "CloudWatch::Dashboard"]}
