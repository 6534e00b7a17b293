"""Buckets, table, topics and queues."""

from templates import words

from . import rule

# Buckets with versions: a job reads the one that it was submitted with, and a bundle that was replaced can be put back.
VERSIONED = {"InputsBucket", "ReferencesBucket"}


@rule
def a_queue_has_dead_letters(house):
    """Each queue gives up after five deliveries, to a queue that keeps longer than itself."""
    data = house.template("data")
    queues = dict(data.of_type("SQS::Queue"))
    for name, queue in queues.items():
        if name.endswith("DeadLetters"):
            if f"{name.removesuffix('DeadLetters')}Queue" not in queues:
                yield data, name, "has no queue"
            continue
        redrive = queue.get("RedrivePolicy", {})
        letters = redrive.get("deadLetterTargetArn", {}).get("Fn::GetAtt", [""])[0]
        if redrive.get("maxReceiveCount") != 5 or letters != name.removesuffix("Queue") + "DeadLetters":
            yield data, name, "has no dead-letter queue of its own after five deliveries"
        elif queues[letters].get("MessageRetentionPeriod", 0) <= queue.get("MessageRetentionPeriod", 0):
            yield data, letters, "forgets sooner than its queue"


@rule
def a_queue_is_filled_by_its_topic(house):
    """Each queue is subscribed to a topic, raw, and its policy lets that topic and nobody else send."""
    data = house.template("data")
    subscriptions = {s["Endpoint"]["Fn::GetAtt"][0]: (n, s) for n, s in data.of_type("SNS::Subscription")}
    policies = {p["Queues"][0]["Ref"]: (n, p) for n, p in data.of_type("SQS::QueuePolicy")}
    for name, _ in data.of_type("SQS::Queue"):
        if name.endswith("DeadLetters"):
            continue
        if name not in subscriptions or name not in policies:
            yield data, name, "is not subscribed, or nobody may send to it"
            continue
        (at, subscription), (_, policy) = subscriptions[name], policies[name]
        statement = policy["PolicyDocument"]["Statement"][0]
        if subscription.get("RawMessageDelivery") is not True:
            yield data, at, "is not raw: messages would come in an envelope that nobody opens"
        if statement["Condition"] != {"ArnEquals": {"aws:SourceArn": subscription["TopicArn"]}}:
            yield data, name, "lets another topic send than the one it is subscribed to"
        if statement["Resource"] != {"Fn::GetAtt": [name, "Arn"]}:
            yield data, name, "its policy is about another queue"


@rule
def a_bucket_is_private_and_tidy(house):
    """Each bucket is closed to the public, kept, TLS only, and clears parts of unfinished uploads; people's inputs alone of
    what is theirs have versions, which go after a day."""
    data = house.template("data")
    tls = {p["Bucket"]["Ref"] for _, p in data.of_type("S3::BucketPolicy")
           if p["PolicyDocument"]["Statement"][0]["Effect"] == "Deny" and "aws:SecureTransport" in str(p)}
    for name, bucket in data.of_type("S3::Bucket"):
        if set(bucket.get("PublicAccessBlockConfiguration", {}).values()) != {True} or len(bucket["PublicAccessBlockConfiguration"]) != 4:
            yield data, name, "may be made public"
        rules = bucket.get("LifecycleConfiguration", {}).get("Rules", [])
        if (bucket.get("VersioningConfiguration") == {"Status": "Enabled"}) != (name in VERSIONED):
            yield data, name, "is not versioned" if name in VERSIONED else "keeps versions of what people have deleted"
        days = [r["NoncurrentVersionExpiration"]["NoncurrentDays"] for r in rules if "NoncurrentVersionExpiration" in r]
        if name != "ReferencesBucket" and days != [1]:
            yield data, name, "keeps old versions for longer than a day"
        if data.resources[name].get("DeletionPolicy") != "Retain":
            yield data, name, "goes away with its stack"
        if name not in tls:
            yield data, name, "takes requests without TLS"
        if not any("AbortIncompleteMultipartUpload" in r for r in rules):
            yield data, name, "keeps parts of unfinished uploads"


@rule
def an_input_without_a_job_expires(house):
    """What was uploaded and never submitted goes after a day."""
    data = house.template("data")
    rules = data.resources["InputsBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    if not any(r.get("TagFilters") == [{"Key": "job", "Value": "none"}] and r.get("ExpirationInDays") == 1 for r in rules):
        yield data, "InputsBucket", "keeps what nobody has submitted"


@rule
def a_notification_is_let_in(house):
    """A bucket that tells a topic waits for the policy which lets it."""
    data = house.template("data")
    for name, bucket in data.of_type("S3::Bucket"):
        for told in bucket.get("NotificationConfiguration", {}).get("TopicConfigurations", []):
            allowed = [n for n, p in data.of_type("SNS::TopicPolicy") if told["Topic"] in p["Topics"] and "s3.amazonaws.com" in words(p)]
            if data.resources[name].get("DependsOn") not in allowed:
                yield data, name, "is made before S3 may publish"


@rule
def the_table_can_be_put_back(house):
    """The table keeps every moment of five weeks, and stays when its stack goes."""
    data = house.template("data")
    table = data.resources["Table"]
    if table["Properties"].get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled") is not True:
        yield data, "Table", "cannot be put back to an earlier moment"
    if table.get("DeletionPolicy") != "Retain":
        yield data, "Table", "goes away with its stack"
    keys = {k["AttributeName"] for i in [table["Properties"], *table["Properties"]["GlobalSecondaryIndexes"]] for k in i["KeySchema"]}
    if keys != {a["AttributeName"] for a in table["Properties"]["AttributeDefinitions"]}:
        yield data, "Table", "declares other attributes than its keys"


@rule
def the_database_is_closed(house):
    """PostgreSQL is encrypted, private, speaks TLS only, has RDS keep its password, and leaves a snapshot."""
    data = house.template("data")
    database = data.resources["Database"]
    properties = database["Properties"]
    if properties.get("StorageEncrypted") is not True or properties.get("PubliclyAccessible") is not False:
        yield data, "Database", "is public or not encrypted"
    if properties.get("ManageMasterUserPassword") is not True or "MasterUserPassword" in properties:
        yield data, "Database", "its password is in the template"
    if data.resources["DatabaseParameters"]["Properties"]["Parameters"].get("rds.force_ssl") != "1":
        yield data, "DatabaseParameters", "lets clients connect without TLS"
    if database.get("DeletionPolicy") != "Snapshot":
        yield data, "Database", "leaves nothing behind"
