"""The command line `gas`: many files by one line that is killed twice, a download that goes on, and exit codes."""

import gzip
import json
import os
import signal
import subprocess
import time
import uuid
from pathlib import Path

import httpx

import person

SAMPLE = Path(__file__).parents[2] / "static/sample.vcf"
FILES = int(os.environ.get("GAS_API_FILES", "60"))


def go(gas, web, token, browser, work):
    def run(*arguments, code=0, **more):
        done = subprocess.run([gas, *arguments], env=environment, capture_output=True, text=True, **more)
        assert done.returncode == code, (arguments, done)
        return done.stdout

    environment = {**os.environ, "GAS_URL": web, "GAS_INSECURE": "true", "GAS_TOKEN_FILE": str(work / "token")}
    run("login", "--with-token", input=f"{token}\n")
    assert (work / "token").stat().st_mode & 0o777 == 0o600
    by_browser(gas, environment, browser, run)
    before = jobs(run)
    files, results = samples(work / "files"), work / "results"
    line = ["submit", *files, "--download", results, "--parallel", "8"]
    killed(gas, line, environment, lambda said, _: said.count("\n") > FILES // 3, results)
    sent = len(jobs(run)) - len(before)
    assert 0 < sent < FILES, f"{sent} jobs when it was killed"
    killed(gas, line, environment, lambda _, there: there > FILES // 4, results)
    run(*line)
    ours = [job for job in jobs(run) if job["id"] not in {job["id"] for job in before}]
    assert sorted(job["file_name"] for job in ours) == sorted(file.name for file in files), "each file is one job"
    for file in files:
        result = results / f"{file.stem}.annot.vcf.gz"
        assert f"##number={file.stem}" in gzip.decompress(result.read_bytes()).decode(), result
    assert len(list(results.iterdir())) == FILES, "nothing is left of what was cut off"
    print(f"{FILES} files by one line, killed after {sent} jobs and again among downloads: {len(ours)} jobs, {FILES} results")

    job = ours[0]["id"]
    goes_on(run, web, results / ours[0]["file_name"].replace(".vcf", ".annot.vcf.gz"), job, work)
    others(run, job, work)


def by_browser(gas, environment, browser, run):
    """Logs in by a code that somebody approves on the page, in place of the token that there was."""
    run("logout")
    waits = subprocess.Popen([gas, "login", "--no-browser", "--name", "terminal 7"], env=environment, text=True, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
    code = waits.stderr.readline().removeprefix("Your code: ").strip()
    assert waits.stderr.readline() == f"Open {environment['GAS_URL']}/device and approve it there.\n"
    person.approve(browser, code)
    said, _ = waits.communicate(timeout=60)
    assert waits.returncode == 0 and said.startswith("You are api-"), said
    assert "terminal 7" in run("token") and "terminal 7" in browser.get("/profile/tokens").text
    print("a program logs in by a code that its person approves")


def samples(folder):
    """Files that differ in a line of the header."""
    folder.mkdir()
    first, rest = SAMPLE.read_text().split("\n", 1)
    files = [folder / f"{number:03}.vcf" for number in range(FILES)]
    for file in files:
        file.write_text(f"{first}\n##number={file.stem}\n{rest}")
    return files


def jobs(run):
    return [json.loads(line) for line in run("--json", "jobs", "--all").splitlines()]


def killed(gas, line, environment, is_time, results):
    """Runs a line and kills it in the middle."""
    said = results.with_name("said")
    with said.open("w") as output:
        process = subprocess.Popen([gas, *line], env=environment, stdout=output, stderr=subprocess.STDOUT)
        while not is_time(said.read_text(), len(list(results.glob("*.gz")))):
            assert process.poll() is None, f"it had ended before it could be killed: {said.read_text()}"
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()


def goes_on(run, web, result, job, work):
    """A download of which a part is there fetches the rest."""
    whole, folder = result.read_bytes(), work / "part"
    folder.mkdir()
    token = (work / "token").read_text().strip()
    headers = {"Authorization": f"Bearer {token}"}
    address = httpx.get(f"{web}/api/v1/jobs/{job}/results", headers=headers, verify=False).headers["location"]
    etag = httpx.get(address).headers["etag"]
    # Wrong bytes show that what was there is kept, and not fetched anew.
    (folder / f"{result.name}.part").write_bytes(b"\0" * 100)
    (folder / f"{result.name}.part.etag").write_text(etag)
    run("download", job, "--output", folder)
    assert (folder / result.name).read_bytes() == b"\0" * 100 + whole[100:], "the rest was fetched, and only that"
    # Another version is fetched from its beginning.
    other = work / "other"
    other.mkdir()
    (other / f"{result.name}.part").write_bytes(b"\0" * 100)
    (other / f"{result.name}.part.etag").write_text('"another"')
    run("download", job, "--output", other)
    assert (other / result.name).read_bytes() == whole
    print("a download goes on where it stopped, and begins anew with another version")


def others(run, job, work):
    """The other commands, and what exit codes say."""
    assert "Free" in run("plan") or "free" in run("plan")
    assert "read, submit, delete" in run("token")
    assert "completed" in run("show", job)
    assert run("log", job, "--follow")
    named = json.loads(run("--json", "describe", job, "--name", "Family 7", "--notes", "of the child"))
    assert (named["name"], named["notes"]) == ("Family 7", "of the child")
    assert "Family 7" in run("show", job) and "of the child" in run("describe", job, "--name", "")
    run("describe", job, code=2)
    again = json.loads(run("--json", "rerun", job, "--form", "anntools"))
    assert again["settings"]["form"] == "anntools" and again["id"] != job
    run("show", str(uuid.uuid4()), code=4)
    run("show", "no-id", code=2)
    run("rm", job, code=2)
    run("rm", job, "--yes")
    run("show", job, code=4)
    bad = work / "bad.vcf"
    bad.write_text("##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nMT\tx\t.\tA\tG\t.\t.\t.\n")
    run("submit", bad, "--wait", code=5)
    large = work / "large.vcf"
    large.write_bytes(b"x" * 153_601)
    run("submit", large, code=7)
    run("logout")
    run("jobs", code=3)
    print("the command line does what it says, and its exit codes say how that went")
