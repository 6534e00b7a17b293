#!/usr/bin/env python3
"""What people who follow their jobs cost one web process: memory, and requests to DynamoDB, while their streams of events are open.

    cargo build --release --workspace --locked
    python3 services/web/benches/followers.py

Everybody has an account, a session, a job that runs, and a connection over TLS. Accounts and rows are written into the stores,
since registering two thousand people takes longer than following their jobs; the jobs stand in no index of those that annotators
look after. DynamoDB answers from memory, as in `pages.py`.
"""

import argparse
import asyncio
import base64
import hashlib
import os
import resource
import ssl
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import system
from pages import start

MEBIBYTE = 1024 * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2000, help="how many follow a job each (default 2,000)")
    parser.add_argument("--seconds", type=int, default=30, help="how long they are counted (default 30)")
    args = parser.parse_args()
    system.in_venv()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 3 * args.people + 1000), hard))
    running = system.System()
    store = start([sys.executable, system.HERE / "recorded.py", running.endpoints["aws"]], stdout=-1)
    endpoint = f"http://127.0.0.1:{int(store.stdout.readline())}"
    log = Path(running.folder.name) / "web.log"
    web = running.web(log, GAS_AWS_ENDPOINT=endpoint, GAS_LOG="warn,backends::calls=trace")
    people = make_people(running, args.people)
    asyncio.run(follow(web, people, log, args.seconds))


async def follow(web, people, log, seconds):
    pid = web.process.pid
    # The first connections make what every process has once: pools, caches, buffers.
    warm = [await stream(web.port, *person) for person in people[:20]]
    for _, writer in warm:
        writer.close()
    await asyncio.sleep(2)
    idle = system.resident(pid)
    print(f"{'followers':>10}{'resident, MiB':>16}{'above idle, MiB':>18}{'KiB each':>10}{'requests to DynamoDB a second':>32}{'CPU, ms a second':>19}")
    streams = []
    for count in sorted({min(20, len(people)), len(people) // 10, len(people)}):
        for at in range(len(streams), count, 50):
            streams += await asyncio.gather(*(stream(web.port, *person) for person in people[at:min(at + 50, count)]))
        await asyncio.sleep(12)
        calls, cpu, began = log.read_text().count("Called DynamoDB"), system.cpu([pid]), time.monotonic()
        await asyncio.sleep(seconds)
        took = time.monotonic() - began
        calls, cpu, memory = log.read_text().count("Called DynamoDB") - calls, system.cpu([pid]) - cpu, system.resident(pid)
        if lost := sum(reader.at_eof() for reader, _ in streams):
            sys.exit(f"{lost} streams have ended")
        print(f"{count:10,}{memory / MEBIBYTE:16.1f}{(memory - idle) / MEBIBYTE:18.1f}{(memory - idle) / 1024 / count:10.1f}"
              f"{calls / took:32.1f}{cpu / took * 1000:19.1f}", flush=True)


async def stream(port, cookie, job):
    """A stream of one job's events, of which the first has come."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
    writer.write(system.request(f"/annotations/{job}/events", cookie))
    first = await asyncio.wait_for(reader.readuntil(b"\n\n"), 30)
    if b" 200 " not in first.split(b"\r\n")[0] or b"event:progress" not in first:
        sys.exit(f"unexpected answer: {first[:400]!r}")
    return reader, writer


def make_people(running, count):
    """The cookie and the job of each."""
    import psycopg

    system.say(f"making {count:,} people with a job each")
    people = [(str(uuid.uuid4()), base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("="), str(uuid.uuid4())) for _ in range(count)]
    with psycopg.connect(running.endpoints["postgres"]) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO users (id, username, email, name, password_hash) VALUES (%s, %s, %s, 'Ada Lovelace', 'none')",
            [(user, f"bench-{index}", f"bench-{index}@example.org") for index, (user, _, _) in enumerate(people)])
        cursor.executemany(
            "INSERT INTO sessions (token_hash, user_id, expires_at) VALUES (%s, %s, now() + interval '12 hours')",
            [(hashlib.sha256(token.encode()).digest(), user) for user, token, _ in people])
    jobs = running.jobs
    row = {"username": "ada", "email": "ada@example.org", "input_file_name": "a.vcf", "s3_key_input_file": "none", "job_status": "RUNNING",
           "submit_time": int(time.time()), "start_time": int(time.time()), "attempt": 1, "progress": {"records": 1000, "percent": 10}}
    with ThreadPoolExecutor(4) as writers:
        list(writers.map(lambda person: jobs.put_item(Item=row | {"job_id": person[2], "user_id": person[0]}), people))
    return [(f"__Host-session={token}", job) for _, token, job in people]


if __name__ == "__main__":
    main()
