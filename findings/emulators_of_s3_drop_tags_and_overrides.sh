#!/usr/bin/env bash
# What two emulators of S3 make of an upload's tags, and of a download that names a version.
#
# One would guess: an emulator that takes the form of a browser's upload (POST) with its field `tagging` gives the object those
#   tags, as S3 does, or refuses it; and a presigned download that names a version honours `response-content-disposition` and
#   `Range` as the same download without a version does.
# What is so: both answer 204 to the form, and the object has no tags. ministack's download by version comes whole, as 200
#   instead of 206, and without the file name that was asked for; without the version, and by moto, both are honoured.
# Why it matters: rules that go by tags (expire what nobody submitted) are never seen to work there, and a test of them that
#   only looks at the answer passes; downloads by version are saved under the key's last part, and resumed ones are corrupt.
# Versions: ministack 1.5.33, moto 5.2.5, boto3 1.43.106. Sources: <https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html>,
#   field tagging; <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>, "Overriding response header values".
set -euo pipefail
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check ministack==1.5.33 'moto[server]==5.2.5' boto3==1.43.106 requests==2.34.2

port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
ministack=$(port) moto=$(port)
GATEWAY_PORT=$ministack IOT_MTLS_ENABLED=0 tools/bin/python -m ministack >ministack.log 2>&1 &
pids+=($!)
tools/bin/moto_server -H 127.0.0.1 -p "$moto" >moto.log 2>&1 &
pids+=($!)

cat >ask.py <<'PY'
import sys, time
import boto3, requests
from botocore.config import Config

address, what = f"http://127.0.0.1:{sys.argv[1]}", sys.argv[2]
s3 = boto3.client("s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test",
                  config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}, signature_version="s3v4"))
for _ in range(100):
    try:
        s3.list_buckets()
        break
    except Exception:
        time.sleep(0.2)
name = f"finding-{what}"
s3.create_bucket(Bucket=name)
if what == "tags":
    tags = "<Tagging><TagSet><Tag><Key>job</Key><Value>none</Value></Tag></TagSet></Tagging>"
    form = s3.generate_presigned_post(name, "in.vcf", Fields={"tagging": tags}, Conditions=[{"tagging": tags}])
    answer = requests.post(form["url"], data=form["fields"], files={"file": ("in.vcf", b"##fileformat=VCFv4.5\n")})
    print(answer.status_code, [(t["Key"], t["Value"]) for t in s3.get_object_tagging(Bucket=name, Key="in.vcf")["TagSet"]])
else:
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket=name, Key="results", Body=b"0123456789")["VersionId"]
    wanted = {"Bucket": name, "Key": "results", "ResponseContentDisposition": 'attachment; filename="mine.vcf"'}
    seen = []
    for named in ({}, {"VersionId": version}):
        url = s3.generate_presigned_url("get_object", Params={**wanted, **named})
        answer = requests.get(url, headers={"Range": "bytes=2-4"})
        seen.append((answer.status_code, answer.text, "mine.vcf" in answer.headers.get("content-disposition", "")))
    print(*seen)
PY

changed=0
expect() { # WHAT WANTED SEEN
  printf '%-32s %s\n' "$1" "$3"
  [ "$2" = "$3" ] || { echo "  was: $2"; changed=1; }
}
ask() { tools/bin/python ask.py "$@"; }
expect 'ministack, a form with tags' "204 []" "$(ask "$ministack" tags)"
expect 'moto, a form with tags' "204 []" "$(ask "$moto" tags)"
expect 'ministack, plain and by version' "(206, '234', True) (200, '0123456789', False)" "$(ask "$ministack" overrides)"
expect 'moto, plain and by version' "(206, '234', True) (206, '234', True)" "$(ask "$moto" overrides)"
exit $changed
