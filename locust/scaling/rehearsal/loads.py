"""What comes: people on the pages by `locust/run`, jobs for the farm by `locust/submit_jobs.py`."""

import os
import subprocess
from pathlib import Path
from uuid import uuid4

from .. import ROOT

# How often each record of the sample is in a job's input, for each second of a minute: an annotator then gets some hundredths of a
# processor, less than which Linux does not hand out evenly.
REPEATED = 40
OWNER = "10ad7e57-0000-4000-8000-{:012d}"


class Load:
    """A command that runs beside, with what it says in a file."""

    def __init__(self, words, log, **variables):
        self.log, self.words = log, words
        with log.open("w") as file:
            self.process = subprocess.Popen(words, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT, env=os.environ | variables)

    def wait(self, seconds):
        """Complaints about how it ended."""
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.terminate()
            return [f"{self.words[0]} did not end"]
        if status:
            said = self.log.read_text().strip().splitlines()[-8:]
            return [f"{' '.join(map(str, self.words[:3]))} failed:", *(f"  {line}" for line in said)]
        return []


def people(url, hold, minute, percent, folder):
    """The course's steps: 100 people, 300, nobody, or so many percent of these. Visitors, who need no account; each clicks three times
    in a minute of the policies (of `minute` seconds) or a little more. How fast pages are is not what this is about, nor whether each
    click is made while containers begin on the same processors: locust/run ramp has limits for that. The policies need nine tenths."""
    words = ["locust/run", "ramp", url, "--visitors", "1", "--newcomers", "0", "--submitters", "0", "--readers", "0", "--hold", str(hold),
             "--people", str(percent), "--reached", "90", "--shortest-wait", f"{minute * 0.2:.2f}", "--longest-wait", f"{minute * 0.4:.2f}", "--limit-p95", "5000", "--limit-p99", "10000"]
    return Load(words, folder / "people.log")


def busy(hold):
    """Seconds until the last step of people begins, which is nobody: shapes/steps.py of the load suite."""
    return 100 / 5 + hold + 200 / 30 + hold


def submit(number, endpoints, vcf, folder, user=None):
    """That many jobs at once, each of somebody else, or all of one user."""
    whose = ["--user-id", user] if user else ["--owners", str(number)]
    return Load(["locust/run", "jobs", str(number), *whose, "--endpoints", str(endpoints), "--vcf", str(vcf)], folder / "jobs.log")


def purge(number, endpoints, folder):
    return Load(["locust/run", "jobs", "--purge", "--owners", str(number), "--endpoints", str(endpoints)], folder / "purge.log")


def nobody():
    """A person whom nobody has been before."""
    return OWNER[:8] + str(uuid4())[8:]


def owners(number):
    return [OWNER.format(n) for n in range(1, number + 1)]


def input_file(folder, minute):
    """A VCF that takes longer than the sample, made of it; the longer a minute of the policies, the more."""
    lines = Path(ROOT / "services/web/static/sample.vcf").read_text().splitlines()
    head, records = [x for x in lines if x.startswith("#")], [x for x in lines if not x.startswith("#")]
    path = folder / "job.vcf"
    path.write_text("\n".join([*head, *(r for r in records for _ in range(round(REPEATED * minute)))]) + "\n")
    return path
