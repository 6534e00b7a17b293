#!/usr/bin/env bash
# What an emulator of S3 reads to answer a part of an object.
#
# One would guess: `Range: bytes=0-0` of a large object reads about as much as it answers, so that a reader of Parquet, BAM or
#   `.tbi`, which asks for many small parts, costs in front of an emulator what it costs in front of S3, only slower.
# What is so: ministack with S3_PERSIST=1 reads the whole object from the disk for each part, in its only thread; so does moto
#   once an object is larger than what it keeps in memory (it copies the whole object before it cuts the part out).
# Why it matters: a benchmark of a reader of parts measures the emulator. Pages from twenty tables of 62 MiB, for twenty people at
#   once, had a 95th percentile of 17.5 s; in front of a store that reads only the parts, on the same machine, 0.8 s.
# Versions: ministack 1.5.33, moto 5.2.5, boto3 1.43.106. Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>,
#   header Range; <https://docs.aws.amazon.com/whitepapers/latest/s3-optimizing-performance-best-practices/use-byte-range-fetches.html>.
set -euo pipefail
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check ministack==1.5.33 'moto[server]==5.2.5' boto3==1.43.106

port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
ministack=$(port) moto=$(port)
GATEWAY_PORT=$ministack IOT_MTLS_ENABLED=0 S3_PERSIST=1 S3_DATA_DIR=$work/s3 tools/bin/python -m ministack >ministack.log 2>&1 &
pids+=($!)
tools/bin/moto_server -H 127.0.0.1 -p "$moto" >moto.log 2>&1 &
pids+=($!)

cat >ask.py <<'PY'
import sys, time
import boto3
from botocore.config import Config

SIZE, TIMES = 64 * 1024 * 1024, 5
address, process = f"http://127.0.0.1:{sys.argv[1]}", sys.argv[2]
s3 = boto3.client("s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test",
                  config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}))
for _ in range(150):
    try:
        s3.list_buckets()
        break
    except Exception:
        time.sleep(0.2)
s3.create_bucket(Bucket="finding")
s3.put_object(Bucket="finding", Key="table", Body=bytes(SIZE))


def read():
    """Bytes that the process has read by system calls, from files and sockets."""
    lines = open(f"/proc/{process}/io").read().splitlines()
    return int(next(line for line in lines if line.startswith("rchar")).split()[1])


before = read()
for _ in range(TIMES):
    answer = s3.get_object(Bucket="finding", Key="table", Range="bytes=0-0")
    assert len(answer["Body"].read()) == 1
print(f"{round((read() - before) / TIMES / SIZE, 1)} of the object")
PY

changed=0
expect() { # WHAT WANTED SEEN
  printf '%-32s %s\n' "$1" "$3"
  [ "$2" = "$3" ] || { echo "  was: $2"; changed=1; }
}
expect 'ministack, one byte' "1.0 of the object" "$(tools/bin/python ask.py "$ministack" "${pids[0]}")"
expect 'moto, one byte' "1.0 of the object" "$(tools/bin/python ask.py "$moto" "${pids[1]}")"
exit $changed
