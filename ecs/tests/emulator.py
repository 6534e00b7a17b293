"""The emulator of AWS (ministack) on a free port of loopback, and clients of it."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import boto3
from botocore.config import Config

REGION = "us-east-1"
ACCOUNT = "000000000000"
KEYS = {"AWS_ACCESS_KEY_ID": "gas-tests", "AWS_SECRET_ACCESS_KEY": "a-key-of-the-emulator"}
READY_WITHIN = 60


class Emulator:
    def __init__(self, port):
        self.endpoint = f"http://127.0.0.1:{port}"
        self.environment = {**{k: v for k, v in os.environ.items() if not k.startswith("AWS_")}, **KEYS,
                            "AWS_ENDPOINT_URL": self.endpoint, "AWS_DEFAULT_REGION": REGION}
        self.clients = {}

    def client(self, name, key=KEYS["AWS_ACCESS_KEY_ID"], secret=KEYS["AWS_SECRET_ACCESS_KEY"]):
        if name not in self.clients:
            self.clients[name] = boto3.client(
                name, endpoint_url=self.endpoint, region_name=REGION, config=Config(retries={"max_attempts": 1}),
                aws_access_key_id=key, aws_secret_access_key=secret)
        return self.clients[name]


@contextlib.contextmanager
def started():
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        emulator = Emulator(free.getsockname()[1])
        free.close()
        settings = {"AUTH": "true", "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": emulator.endpoint.rsplit(":", 1)[1], "LOG_LEVEL": "WARNING",
                    "PERSIST_STATE": "0", "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0", "TMPDIR": folder,
                    "STATE_DIR": folder, "S3_DATA_DIR": folder}
        with open(f"{folder}/log", "w") as log:
            process = subprocess.Popen([sys.executable, "-m", "ministack"], cwd=folder, stdout=log, stderr=log,
                                       env={**os.environ, **KEYS, **settings})
            try:
                wait_until_it_answers(emulator, process, log.name)
                yield emulator
            finally:
                process.terminate()
                process.wait(20)


def wait_until_it_answers(emulator, process, log):
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            urllib.request.urlopen(f"{emulator.endpoint}/_ministack/health", timeout=3).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the emulator does not answer: {open(log).read()[-2000:]}") from None
            time.sleep(0.1)
