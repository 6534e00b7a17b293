#!/usr/bin/env python3
"""What pages cost: CPU of the web process for each, beside a plain peer and beside the least that an answer costs.

    cargo build --release --workspace --locked && cargo bench --workspace --locked --no-run --bench hello
    python3 services/web/benches/pages.py            (--build does both first)

Starts a sandbox of the release build, makes twenty annotated jobs, and asks over TLS and kept connections. The emulator of
DynamoDB is slower than any page, so that what it answers is recorded and answered at once (`recorded.py`); the last line
says what the list costs against the emulator itself. Times are those of this machine today, ratios hold elsewhere, too.

ours      the pages of `web serve`, as it runs anywhere, with a log line for each request
peer      the same list from the same stores in Flask, gunicorn, SQLAlchemy, boto3 and Jinja2 (`peer.py`)
hello     two words through our accept loop: TLS, HTTP, nothing else (`services/shared/chassis/benches/hello.rs`)
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import system
from system import HERE, ROOT, TARGET, say

HELLO = ["cargo", "bench", "--workspace", "--locked", "--no-run", "--bench", "hello"]
JOBS = 20


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", action="store_true", help="build what is measured first")
    parser.add_argument("--seconds", type=float, default=10, help="how long each page is asked for (default 10)")
    parser.add_argument("--connections", type=int, default=16, help="kept connections (default 16)")
    parser.add_argument("--clients", type=int, default=2, help="processes that ask (default 2)")
    parser.add_argument("--vcf", type=Path, default=ROOT / "services/web/static/sample.vcf", help="what is annotated")
    parser.add_argument("--only", help="measure only what has this in its name")
    args = parser.parse_args()
    if args.build:
        for command in (system.BUILD, HELLO):
            subprocess.run(command, cwd=ROOT, check=True)
    system.in_venv()
    Bench(args).run()


class Bench:
    def __init__(self, args):
        self.args = args
        self.system = system.System(GAS_LOG="warn")
        self.person = self.system.person()
        self.job = self.make_jobs()
        self.port_of_store = self.start_store()

    def run(self):
        store = f"http://127.0.0.1:{self.port_of_store}"
        servers = {
            "hello": self.start_hello,
            "ours": lambda: at(self.system.web(GAS_AWS_ENDPOINT=store, GAS_LOG="info")),
            "peer": lambda: self.start_peer(store),
            "emulator": lambda: at(self.system.web(GAS_LOG="info")),
        }
        cookie, listed = self.person.cookie, b"Ada Lovelace"
        rows = [
            ("hello", "hello through our accept loop", "/", None, b"hello"),
            ("ours", "ours: /healthz", "/healthz", None, b"ok"),
            ("ours", "ours: home", "/", None, b"What each variant"),
            ("ours", "ours: home, signed in", "/", cookie, listed),
            ("ours", "ours: a job's page", f"/annotations/{self.job}", cookie, b"What was found"),
            ("ours", "ours: list of 20 jobs", "/annotations", cookie, listed),
            ("peer", "peer: list of 20 jobs", "/annotations", cookie, listed),
            ("emulator", "ours: the list, from the emulator", "/annotations", cookie, listed),
        ]
        rows = [row for row in rows if not self.args.only or self.args.only in row[1]]
        started = {server: servers[server]() for server in dict.fromkeys(row[0] for row in rows)}
        show({name: self.measure(name, *started[server], *asked) for server, name, *asked in rows})

    def make_jobs(self):
        """One job is annotated; its row is copied, so that the list has twenty like it."""
        say("annotating")
        job, jobs = self.person.annotate(self.args.vcf), self.system.jobs
        row = lambda: jobs.get_item(Key={"job_id": job}, ConsistentRead=True)["Item"]
        system.wait("the job", lambda: row()["job_status"] in ("COMPLETED", "FAILED") and "notified_at" in row(), 60)
        if row()["job_status"] != "COMPLETED":
            sys.exit(f"the job has failed: {row()}")
        for age in range(1, JOBS):
            copy = row() | {"job_id": str(uuid.uuid4()), "submit_time": row()["submit_time"] - age}
            jobs.put_item(Item=copy)
        return job

    def start_store(self):
        store = start([sys.executable, HERE / "recorded.py", self.system.endpoints["aws"]], stdout=subprocess.PIPE)
        return int(store.stdout.readline())

    def start_peer(self, store):
        at, port = self.system.endpoints, system.free_port()
        cert, key = self.system.certificate
        variables = {"DATABASE_URL": at["postgres"].replace("postgres://", "postgresql+psycopg://"), "ENDPOINT": store, "AWS_DEFAULT_REGION": "us-east-1",
                     "AWS_ACCESS_KEY_ID": at["aws_access_key_id"], "AWS_SECRET_ACCESS_KEY": at["aws_secret_access_key"]}
        command = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--keep-alive", "75",
                   "--certfile", cert, "--keyfile", key, "--bind", f"127.0.0.1:{port}", "--log-level", "warning", "peer:app"]
        master = start(command, cwd=HERE, env=os.environ | variables)
        system.wait("the peer", lambda: system.listens(port), 30)
        children = Path(f"/proc/{master.pid}/task/{master.pid}/children")
        system.wait("the peer's workers", lambda: len(children.read_text().split()) == 2, 30)
        return port, [master.pid, *map(int, children.read_text().split())]

    def start_hello(self):
        built = sorted((TARGET / "release/deps").glob("hello-*[!.]"), key=os.path.getmtime)
        built = [path for path in built if path.suffix == "" and os.access(path, os.X_OK)]
        if not built:
            sys.exit(f"hello is missing; build it by: {' '.join(HELLO)}  (or give --build)")
        hello = start([built[-1], *self.system.certificate], stdout=subprocess.PIPE)
        return int(hello.stdout.readline().rsplit(b":", 1)[1]), [hello.pid]

    def measure(self, name, port, pids, path, cookie, words):
        say(name)
        args = self.args
        ask(port, path, cookie, words, 1, args)
        before, began = system.cpu(pids), time.monotonic()
        answers = ask(port, path, cookie, words, args.seconds, args)
        took, used = time.monotonic() - began, system.cpu(pids) - before
        return answers, took, used


def ask(port, path, cookie, words, seconds, args):
    """Asks for a page over kept connections for so long, and gives how many answers there were."""
    each = max(1, args.connections // args.clients)
    with multiprocessing.Pool(args.clients) as clients:
        return sum(clients.starmap(client, [(port, path, cookie, words, seconds, each)] * args.clients))


def client(port, path, cookie, words, seconds, connections):
    counts, failures = [0] * connections, []

    def converse(index):
        try:
            counts[index] = repeat(port, system.request(path, cookie), words, seconds)
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=converse, args=(index,)) for index in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(counts)


def repeat(port, request, words, seconds):
    """One connection: the same request again and again. Every answer must be whole, and the first have the words."""
    connection, count, until = system.connect(port), 0, time.monotonic() + seconds
    while time.monotonic() < until:
        connection.sendall(request)
        received = connection.recv(65536)
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += connection.recv(65536)
        head = received[:end].lower()
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        while len(received) < end + 4 + length:
            more = connection.recv(65536)
            if not more:
                raise RuntimeError("the connection ended within an answer")
            received += more
        if not head.startswith(b"http/1.1 200") or (count == 0 and words not in received):
            raise RuntimeError(f"unexpected answer: {received[:300]!r}")
        count += 1
    return count


def at(web):
    return web.port, web.pids


def start(command, **options):
    process = subprocess.Popen([str(word) for word in command], **options)
    system.atexit.register(process.kill)
    return process


def show(table):
    peer = table.get("peer: list of 20 jobs")
    per_second = lambda row: row[0] / max(row[2], 0.01)
    print(f"{'':36}{'CPU, ms':>10}{'per CPU s':>12}{'per s':>10}{'× the peer':>12}")
    for name, row in table.items():
        ratio = f"{per_second(row) / per_second(peer):.1f}" if peer else ""
        print(f"{name:36}{1000 / per_second(row):10.3f}{per_second(row):12,.0f}{row[0] / row[1]:10,.0f}{ratio:>12}")


if __name__ == "__main__":
    main()
