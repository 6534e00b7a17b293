#!/usr/bin/env python3
"""How long a job takes on a system that is idle: from the request that submits it until its row says COMPLETED.

    cargo build --release --workspace --locked
    python3 services/web/benches/jobs.py --vcf ../shared/data/samples/free_1.vcf

The file is uploaded before; then web, SNS, SQS, annotator, S3 and DynamoDB do what they do, the last four as emulators.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import system


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vcf", type=Path, required=True, help="what is annotated; mitochondrial, as no reference is prepared")
    parser.add_argument("--jobs", type=int, default=50, help="how many, one after the other (default 50)")
    args = parser.parse_args()
    system.in_venv()
    running = system.System()
    person, jobs = running.person(), running.jobs
    times = sorted(timed(person, jobs, args.vcf) for _ in range(args.jobs + 1))[:args.jobs]
    p95 = statistics.quantiles(times, n=20, method="inclusive")[18]
    print(f"{args.vcf.name}, submitted → COMPLETED, {len(times)} jobs: median {statistics.median(times) * 1000:.0f} ms, "
          f"p95 {p95 * 1000:.0f} ms, longest {times[-1] * 1000:.0f} ms")


def timed(person, jobs, vcf):
    upload = person.upload(vcf)
    began = time.monotonic()
    job = person.submit_upload(upload)
    while (status := read(jobs, job)) not in ("COMPLETED", "FAILED"):
        if time.monotonic() - began > 60:
            sys.exit(f"job {job} does not end")
        time.sleep(0.005)
    took = time.monotonic() - began
    if status != "COMPLETED":
        sys.exit(f"job {job} has failed")
    time.sleep(0.5)
    return took


def read(jobs, job):
    return jobs.get_item(Key={"job_id": job}, ConsistentRead=True, ProjectionExpression="job_status")["Item"]["job_status"]


if __name__ == "__main__":
    main()
