#!/usr/bin/env python3
"""How fast a person sees the variants of a whole genome: the first page, each filter and order, and twenty people at once.

    cargo build --release --workspace --locked
    python3 services/web/benches/variants.py --data ../shared/data            (--records 5000000 for five million)

Makes a genome and the variants of a family in it (`genome.py` of the annotator's benches), annotates them by a job, as anybody would, and asks for
pages of them over TLS, with a web process that has not seen them before. Each time is from the question to the last byte of the page.

first     the page is asked for the first time: nothing of the columns that it reads is in memory
again     the median of five more
at once   so many people, each over a connection of their own, who ask for one page after the other, mixed; of one file that all
          look at, and of a file each. Files are copies of one, their jobs copies of its row. Pages that the service was too
          busy for are counted as refused

The floors, of a million variants on two cores: first page 300 ms; any filter and order alone 1 s; 20 people at once 5 s for 95 of 100
pages; 256 MiB of memory. S3 is the emulator of the sandbox, on the same cores. It reads a whole table for each part of it, so that the
last two lines are measured once more with a store that reads parts (`recorded.py`), some milliseconds after they are asked for.
"""

import argparse
import atexit
import base64
import hashlib
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import system
from system import ROOT, say

sys.path.insert(0, str(ROOT / "services/annotator/benches"))
from genome import Genome

MEBIBYTE = 1024 * 1024
FAMILY = "child=child&mother=mother&father=father&model="
FIRST = [("the first page", "")]
ALONE = [
    ("by severity", "?sort=severity"),
    ("by frequency", "?sort=frequency"),
    ("far behind", "?offset={far}"),
    ("gene", "?gene=BRCA1"),
    ("twenty genes, by severity", "?gene=BRCA1,BRCA2,TP53,CFTR,TTN,DMD,APC,ATM,MLH1,MSH2,PTEN,RB1,VHL,NF1,KRAS,EGFR,MYH7,LDLR,FBN1,PKD1&sort=severity"),
    ("region", "?region=chr17:41000000-42000000"),
    ("impact high", "?impact=high"),
    ("impact high or moderate, by severity", "?impact=high&impact=moderate&sort=severity"),
    ("consequence", "?consequence=missense_variant"),
    ("known", "?known=yes"),
    ("not known, by frequency", "?known=no&sort=frequency"),
    ("rare", "?frequency=0.01"),
    ("PASS", "?filter=PASS"),
    ("quality", "?quality=3000"),
    ("deletions of 5 bases and more", "?kind=deletion&length=5-"),
    ("C to T", "?change=C%3ET"),
    ("ClinVar", "?clinvar=pathogenic"),
    ("heterozygous child", "?genotype=child:het"),
    ("de novo", "?" + FAMILY + "denovo"),
    ("recessive, by severity", "?" + FAMILY + "recessive&sort=severity"),
    ("compound heterozygous", "?" + FAMILY + "compound"),
    ("text: a gene", "?q=brca1"),
    ("text: an id", "?q=rs1000"),
    ("text that is nowhere", "?q=nosuchthing"),
    ("all of it at once", "?impact=high&impact=moderate&frequency=0.01&filter=PASS&genotype=child:het&quality=100&sort=severity"),
    ("charts", "/charts"),
    ("charts of what is rare", "/charts?frequency=0.01"),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with goldenPath and variants")
    parser.add_argument("--records", type=int, default=1_000_000, help="how many (default 1,000,000)")
    parser.add_argument("--people", type=int, default=20, help="how many ask at once (default 20)")
    parser.add_argument("--pages", type=int, default=10, help="how many each of them asks for (default 10)")
    parser.add_argument("--latency", type=int, nargs="*", default=[0, 100], metavar="MS",
                        help="after how many milliseconds a store that reads parts answers (default 0 and 100, which is Amazon's own figure)")
    parser.add_argument("--parts", action="store_true", help="let every line be of a store that reads parts, as S3 does: for millions of variants")
    parser.add_argument("--work", type=Path, help="a folder in which genome and variants are kept for the next run (4 GB for a while)")
    args = parser.parse_args()
    system.in_venv()
    with tempfile.TemporaryDirectory(prefix="gas-variants-") as folder:
        work = args.work or Path(folder)
        # Three gigabytes of bases, which are gone with the process that has made them.
        maker = multiprocessing.Process(target=make, args=(args.data, args.records, work))
        maker.start()
        maker.join()
        if maker.exitcode:
            sys.exit("the genome could not be made")
        Bench(args, work).run()


def vcf_of(work, records):
    return work / f"family-{records}.vcf.gz"


def make(data, records, work):
    """The reference and the variants, if they are not there yet."""
    vcf, references = vcf_of(work, records), work / "references"
    if vcf.exists() and (references / "hg19.gasref").exists():
        return
    say("making a genome")
    work.mkdir(parents=True, exist_ok=True)
    genome, sequence = Genome(data), work / "hg19.2bit"
    say(f"making {records:,} variants")
    genome.write_variants(vcf.with_suffix(".part"), records)
    tracks = [word for key, file in genome.write_tracks(work).items() for word in ("--track", f"{key}={file}")]
    genome.write_2bit(sequence)
    say("compiling the reference")
    command = [system.binary("annotator"), "reference", "build", "hg19", "--assembly", "hg19", "--tables", data / "goldenPath/hg19",
               "--sequence", sequence, "--reference-dir", references, *tracks]
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    sequence.unlink()
    vcf.with_suffix(".part").rename(vcf)


class Bench:
    def __init__(self, args, work):
        self.args = args
        self.system = system.System(references=work / "references", GAS_LOG="warn")
        self.person = self.system.person()
        self.person.become_premium(self.system.endpoints)
        self.row = self.annotate(vcf_of(work, args.records))

    def annotate(self, vcf):
        """A job of all of it; gives its row."""
        say("annotating")
        job, jobs = self.person.annotate(vcf), self.system.jobs
        row = lambda: jobs.get_item(Key={"job_id": job}, ConsistentRead=True)["Item"]
        began = time.monotonic()
        system.wait("the job", lambda: row()["job_status"] in ("COMPLETED", "FAILED"), 3600)
        if row()["job_status"] != "COMPLETED":
            sys.exit(f"the job has failed: {row()}")
        say(f"annotated within {time.monotonic() - began:.0f} s; the table has {int(row()['variants_size']) / MEBIBYTE:.0f} MiB")
        return row()

    def run(self):
        people, store = self.make_people(), self.start_store()
        web = self.system.web(GAS_LOG="warn", **({"GAS_AWS_ENDPOINT": store(0)} if self.args.parts else {}))
        print(f"{self.args.records:,} variants; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before\n")
        print(f"{'':40}{'first, ms':>10}{'again, ms':>11}{'page, KB':>10}")
        far = self.args.records * 9 // 10
        for name, query in FIRST + ALONE:
            self.alone(web, name, query.format(far=far))
        questions = [query.format(far=far) for _, query in FIRST + ALONE]
        owner = (self.person.cookie, self.row["job_id"])
        print(f"\n{'':40}{'pages':>7}{'refused':>9}{'median, s':>11}{'p95, s':>8}{'longest, s':>12}{'pages/s':>9}{'web, MiB':>10}")
        self.at_once(web, "people at once, one file", [owner] * self.args.people, questions)
        self.at_once(web, "people at once, a file each", people, questions)
        for latency in self.args.latency:
            web = self.system.web(GAS_LOG="warn", GAS_AWS_ENDPOINT=store(latency))
            self.at_once(web, f"… a file each, parts after {latency} ms", people, questions)
        print(f"\nload {os.getloadavg()[0]:.1f}")

    def alone(self, web, name, query):
        connection = system.connect(web.port)
        times = [ask(connection, self.row["job_id"], query, self.person.cookie) for _ in range(6)]
        again = statistics.median(took for took, _ in times[1:])
        print(f"{name:40}{times[0][0] * 1000:10.0f}{again * 1000:11.0f}{times[0][1] / 1000:10.0f}", flush=True)

    def at_once(self, web, what, people, questions):
        times, refused, failures = [], [], []

        def converse(number, cookie, job):
            try:
                connection, chance = system.connect(web.port), random.Random(number)
                for _ in range(self.args.pages):
                    try:
                        times.append(ask(connection, job, chance.choice(questions), cookie)[0])
                    except Busy as busy:
                        refused.append(busy)
                        connection = system.connect(web.port)
            except Exception as failure:
                failures.append(failure)

        began = time.monotonic()
        threads = [threading.Thread(target=converse, args=(number, *person)) for number, person in enumerate(people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
        p95 = statistics.quantiles(times, n=20, method="inclusive")[18]
        print(f"{f'{len(people)} {what}':40}{len(times):7}{len(refused):9}{statistics.median(times):11.2f}{p95:8.2f}{max(times):12.2f}"
              f"{len(times) / (time.monotonic() - began):9.1f}{system.most_resident(web.process.pid) / MEBIBYTE:10.0f}", flush=True)

    def start_store(self):
        """Starts stores that read parts of the table; gives what tells where one is whose parts come after so many milliseconds."""
        file = Path(self.system.folder.name) / "variants.parquet"
        self.s3().download_file("gas-results", self.table(), str(file))

        def store(latency):
            command = [sys.executable, system.HERE / "recorded.py", self.system.endpoints["aws"], file, latency]
            process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)
            atexit.register(process.kill)
            return f"http://127.0.0.1:{process.stdout.readline().strip()}"

        return store

    def s3(self):
        import boto3

        at = self.system.endpoints
        return boto3.client("s3", endpoint_url=at["aws"], region_name="us-east-1", aws_access_key_id=at["aws_access_key_id"],
                            aws_secret_access_key=at["aws_secret_access_key"])

    def table(self):
        """The key of the job's table."""
        objects = self.s3().list_objects_v2(Bucket="gas-results", Prefix=f"{self.row['user_id']}/{self.row['job_id']}/")["Contents"]
        return next(each["Key"] for each in objects if each["Key"].endswith(".parquet"))

    def make_people(self):
        """People who are signed in, each with a copy of the job and of its table: their cookies and jobs."""
        import psycopg

        say(f"copying the table for {self.args.people} people")
        row, s3, table = self.row, self.s3(), self.table()
        own = f"{row['user_id']}/{row['job_id']}/"
        people = []
        with psycopg.connect(self.system.endpoints["postgres"]) as connection:
            for number in range(self.args.people):
                user, job, token = str(uuid.uuid4()), str(uuid.uuid4()), base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
                connection.execute("INSERT INTO users (id, username, email, name, password_hash, role) VALUES (%s, %s, %s, 'Ada Lovelace', 'none', "
                                   "'premium_user')", [user, f"look-{number}", f"look-{number}@example.org"])
                connection.execute("INSERT INTO sessions (token_hash, user_id, expires_at) VALUES (%s, %s, now() + interval '12 hours')",
                                   [hashlib.sha256(token.encode()).digest(), user])
                s3.copy_object(Bucket="gas-results", CopySource={"Bucket": "gas-results", "Key": table}, Key=table.replace(own, f"{user}/{job}/"))
                self.system.jobs.put_item(Item=row | {"job_id": job, "user_id": user})
                people.append((f"__Host-session={token}", job))
        return people


class Busy(Exception):
    """The service has no room for the page."""


def ask(connection, job, query, cookie):
    """One page: seconds until all of it is there, and its bytes."""
    began = time.monotonic()
    connection.settimeout(120)
    connection.sendall(system.request(f"/annotations/{job}/variants{query}", cookie))
    received = b""
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += connection.recv(65536)
    head = received[:end].lower()
    if head.startswith(b"http/1.1 503"):
        raise Busy
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(f"unexpected answer to {query}: {received[:300]!r}")
    length, got = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]), len(received) - end - 4
    while got < length:
        got += len(connection.recv(65536))
    return time.monotonic() - began, length


if __name__ == "__main__":
    main()
