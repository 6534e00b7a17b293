"""The system under measure: a sandbox of the release build, somebody who is signed in, and web processes of our own."""

import atexit
import html
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
BUILD = ["cargo", "build", "--release", "--workspace", "--locked"]
PASSWORD = "correct horse battery staple"
TICKS = os.sysconf("SC_CLK_TCK")


def in_venv():
    """Goes on with what `requirements.txt` pins, in an environment below the target folder that is made once."""
    folder, wanted = TARGET / "benches", (HERE / "requirements.txt").read_text()
    python, made = folder / "bin/python", folder / "requirements.txt"
    if not made.exists() or made.read_text() != wanted:
        say(f"installing the requirements into {folder}")
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", HERE / "requirements.txt"], check=True)
        made.write_text(wanted)
    if Path(sys.prefix).resolve() != folder.resolve():
        os.execv(python, [str(python), *sys.argv])


def binary(name):
    """A program of the release build."""
    path = TARGET / "release" / name
    if not path.exists():
        sys.exit(f"{path} is missing; build it by: {' '.join(BUILD)}  (or give --build)")
    return path


class System:
    """A sandbox with data of its own, gone when this process is."""

    def __init__(self, references=None, **variables):
        """`references` is a folder of bundles; without it only mitochondrial files can be annotated."""
        self.folder = tempfile.TemporaryDirectory(prefix="gas-bench-")
        self.data = Path(self.folder.name) / "data"
        say("starting the system")
        unlimited = {"GAS_SIGN_INS_PER_MINUTE": "100000", "GAS_REGISTRATIONS_PER_HOUR": "100000", "GAS_SUBMISSIONS_PER_MINUTE": "100000"}
        arguments = ["--port=0", "--aws-port=0", "--mailbox-port=0", "--stripe-port=0", "--throwaway", "--stop-with-stdin",
                     "--data", self.data, *(["--reference", references] if references else ["--no-references"])]
        self.log = open(Path(self.folder.name) / "console.log", "w+")
        self.sandbox = subprocess.Popen([binary("sandbox"), *arguments], stdin=subprocess.PIPE, stdout=self.log, stderr=self.log,
                                        env={**os.environ, **unlimited, **variables})
        atexit.register(self.stop)
        file = self.data.parent / "endpoints.json"
        wait("the system", lambda: self.sandbox.poll() is not None or file.exists(), 300)
        if self.sandbox.poll() is not None:
            self.log.seek(0)
            sys.exit(f"the sandbox has ended:\n{self.log.read()}")
        self.endpoints = json.loads(file.read_text())

    def stop(self):
        self.sandbox.stdin.close()
        self.sandbox.wait()
        self.folder.cleanup()

    def web(self, log=os.devnull, **variables):
        """Another web process, with the settings of the sandbox's and these."""
        return Web(self, log, variables)

    def person(self):
        """Somebody who has registered, confirmed and signed in."""
        return Person(self.endpoints)

    @property
    def jobs(self):
        """The table of jobs."""
        import boto3

        at = self.endpoints
        return boto3.resource("dynamodb", endpoint_url=at["aws"], region_name="us-east-1", aws_access_key_id=at["aws_access_key_id"],
                              aws_secret_access_key=at["aws_secret_access_key"]).Table("annotations")

    @property
    def certificate(self):
        """Certificate and key of the pages."""
        return self.data / "tls/cert.pem", self.data / "tls/key.pem"


class Web:
    """A web process beside the sandbox's own."""

    def __init__(self, system, log, variables):
        environment = dict(pair.split("=", 1) for pair in
                           Path(f"/proc/{system.endpoints['pids']['web']}/environ").read_text().split("\0") if pair)
        self.port = free_port()
        environment |= {"GAS_WEB_LISTEN": f"127.0.0.1:{self.port}", "GAS_ADMIN_LISTEN": f"127.0.0.1:{free_port()}",
                        "GAS_LOG_FORMAT": "json", **variables}
        self.process = subprocess.Popen([binary("web"), "serve"], env=environment, stdout=open(log, "w"))
        atexit.register(self.process.kill)
        wait("the web process", lambda: listens(self.port), 60)

    @property
    def pids(self):
        return [self.process.pid]


class Person:
    """A browser of somebody with a confirmed account, signed in."""

    def __init__(self, endpoints):
        import requests

        self.browser, self.base = requests.Session(), endpoints["web"]
        # The certificate is the sandbox's own; variables that name other authorities, or proxies, are not for it.
        self.browser.verify = self.browser.trust_env = False
        requests.packages.urllib3.disable_warnings()
        self.username = f"bench-{uuid.uuid4().hex[:12]}"
        email = f"{self.username}@example.org"
        terms = re.search(r'name="terms"[^>]* value="([^"]*)"', self.get("/register").text)[1]
        self.submit("/register", username=self.username, name="Ada Lovelace", email=email, password=PASSWORD, terms=terms)
        mailbox = endpoints["mailbox"] + ".json"
        wait("the mail", lambda: any(mail["to"] == email for mail in self.browser.get(mailbox).json()), 60)
        text = next(mail["text"] for mail in self.browser.get(mailbox).json() if mail["to"] == email)
        self.submit(re.search(r"/confirm/\S+", text)[0], password=PASSWORD)
        self.submit("/login", username=self.username, password=PASSWORD, redirect_url="")

    def get(self, path):
        answer = self.browser.get(self.base + path)
        answer.raise_for_status()
        return answer

    def submit(self, page, **fields):
        """Sends the form of a page."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)[1]
        answer = self.browser.post(self.base + page, data={**fields, "csrf_token": token})
        answer.raise_for_status()

    def annotate(self, vcf):
        """Uploads a file and submits it as a job; gives its id."""
        return self.submit_upload(self.upload(vcf))

    def upload(self, vcf):
        """Uploads a file; gives the address that submits it."""
        page = self.get("/annotate").text
        begin = page.index('<form id="upload"')
        form = page[begin:page.index("</form>", begin)]
        attribute = lambda name: html.unescape(re.search(f'{name}="([^"]*)"', form)[1])
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        fields = {html.unescape(name): html.unescape(value) for name, value in fields}
        choices = re.findall(r'<select [^>]*name="([^"]*)".*?<option value="([^"]*)"', form, re.DOTALL)
        fields |= {html.unescape(name): html.unescape(first) for name, first in choices}
        files = {"file": (vcf.name, vcf.read_bytes())}
        stored = self.browser.post(attribute("action"), data=fields, files=files, allow_redirects=False)
        if stored.status_code != 303:
            sys.exit(f"the upload was refused: {stored.text}")
        return stored.headers["location"]

    def become_premium(self, endpoints):
        """Pays for nothing: the role is written into the store."""
        import psycopg

        with psycopg.connect(endpoints["postgres"]) as connection:
            connection.execute("UPDATE users SET role = 'premium_user' WHERE username = %s", [self.username])

    def submit_upload(self, address):
        """Submits what was uploaded as a job; gives its id."""
        submitted = self.browser.get(address, allow_redirects=False)
        if submitted.status_code != 303:
            sys.exit(f"the job was refused: {submitted.text}")
        return submitted.headers["location"].rsplit("/", 1)[1]

    @property
    def cookie(self):
        return f"__Host-session={self.browser.cookies['__Host-session']}"


def connect(port):
    """A connection over TLS that speaks HTTP/1.1."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    plain = socket.create_connection(("127.0.0.1", port), timeout=30)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return context.wrap_socket(plain, server_hostname="localhost")


def request(path, cookie=None):
    cookie = f"cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nhost: localhost\r\n{cookie}\r\n".encode()


def cpu(pids):
    """Seconds of CPU that these processes have used."""
    fields = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids)
    return sum(int(stat[11]) + int(stat[12]) for stat in fields) / TICKS


def resident(pid):
    """Resident memory of a process, in bytes."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) * 1024


def most_resident(pid):
    """The most resident memory that a process has had, in bytes."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) * 1024


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def listens(port):
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def wait(what, is_there, seconds):
    deadline = time.monotonic() + seconds
    while not is_there():
        if time.monotonic() > deadline:
            sys.exit(f"waited {seconds} s for {what}")
        time.sleep(0.05)


def say(text):
    print(f"… {text}", file=sys.stderr, flush=True)
