"""Where AWS is: an emulator that was named, the sandbox that runs, or AWS."""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def place(endpoint_url, endpoints, is_elsewhere):
    """Arguments for clients of boto3, and words for people. A topic or a queue that was named (`is_elsewhere`) is AWS's unless
    an emulator is named, too: the sandbox is taken only if nothing else was said."""
    if endpoint_url:
        return {"endpoint_url": endpoint_url}, endpoint_url
    file = endpoints or Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "sandbox/endpoints.json"
    if endpoints or not is_elsewhere:
        if file.exists():
            return _of_sandbox(file)
        sys.exit(f"error: no sandbox runs, there is no {file}; --endpoint-url, --topic-arn or --queue-url say where else")
    return {}, "AWS"


def _of_sandbox(file):
    found = json.loads(file.read_text())
    keys = {"aws_access_key_id": found["aws_access_key_id"], "aws_secret_access_key": found["aws_secret_access_key"]}
    return {"endpoint_url": found["aws"], **keys}, found["aws"]
