#!/usr/bin/env bash
# An emulator's CloudFormation replaces a queue or a table that is there by an empty one, and says CREATE_COMPLETE.
#
# One would guess: a stack whose queue or table has the name of one that exists fails, as on AWS ("already exists in stack",
#   "AlreadyExists"), or takes it over. So a laptop may deploy the template of production over what an earlier version left.
# What is so: ministack makes a new object under the same name. Messages and rows of before are gone, without a word.
# Why it matters: whoever keeps an emulator's state between runs (PERSIST_STATE) and then moves its provisioning from the
#   SDKs to CloudFormation loses that state at the first start, in a stack that is green.
# Version: ministack 1.5.33. Sources: its services/cloudformation/provisioners.py, _sqs_create and _ddb_create; AWS,
#   "Name type": <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html>.
set -euo pipefail
work=$(mktemp -d)
trap 'kill "$emulator" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ministack==1.5.33 boto3==1.43.106
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
BIND_HOST=127.0.0.1 GATEWAY_PORT=$port IOT_MTLS_ENABLED=0 SFTP_ENABLED=0 LOG_LEVEL=WARNING venv/bin/python -m ministack >log 2>&1 &
emulator=$!

cat >kept.py <<'PY'
import json, sys, time, urllib.request
import boto3

endpoint = sys.argv[1]
for _ in range(300):
    try:
        urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=3).close()
        break
    except OSError:
        time.sleep(0.1)
sqs, dynamodb, cloudformation = (
    boto3.client(n, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s")
    for n in ("sqs", "dynamodb", "cloudformation"))
key = {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
       "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST", "TableName": "jobs"}


def kept():
    depth = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    return int(depth["ApproximateNumberOfMessages"]), dynamodb.scan(TableName="jobs")["Count"]


url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
sqs.send_message(QueueUrl=url, MessageBody="a job")
dynamodb.create_table(**key)
dynamodb.put_item(TableName="jobs", Item={"id": {"S": "a job"}})
print("before the stack: %d message, %d row" % kept())
cloudformation.create_stack(StackName="stores", TemplateBody=json.dumps({"Resources": {
    "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}},
    "Table": {"Type": "AWS::DynamoDB::Table", "Properties": key}}}))
cloudformation.get_waiter("stack_create_complete").wait(StackName="stores", WaiterConfig={"Delay": 1})
print("the stack:", cloudformation.describe_stacks(StackName="stores")["Stacks"][0]["StackStatus"])
print("after the stack: %d messages, %d rows" % kept())
sys.exit(0 if kept() == (0, 0) else 1)
PY
venv/bin/python kept.py "http://127.0.0.1:$port"
