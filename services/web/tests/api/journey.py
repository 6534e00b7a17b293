"""The whole journey by the client that openapi-python-client has made: nothing of it is written by hand."""

import time
from pathlib import Path

import httpx

SAMPLE = Path(__file__).parents[2] / "static/sample.vcf"
PATIENCE = 60


def go(web, token):
    """Submits a few jobs, downloads and deletes one of them; gives the number of the deletion, and the other jobs."""
    from gas_client import AuthenticatedClient
    from gas_client.api.account import show_account
    from gas_client.api.jobs import delete_job, list_jobs, show_deletion, show_job

    client = AuthenticatedClient(base_url=web, token=token, verify_ssl=False, raise_on_unexpected_status=True)
    account = show_account.sync(client=client)
    assert account.plan.value == "free" and account.takes.bytes_ == 153_600, account
    jobs = [submit(client, f"journey {number}.vcf", f"key-{number}") for number in range(3)]
    assert submit(client, "journey 0.vcf", "key-0") == jobs[0], "the same key is the same job"
    for job in jobs:
        ended = until(lambda: of_status(show_job.sync(id=job, client=client), "COMPLETED"))
        assert ended.results.access.value == "available", ended
    listed = list_jobs.sync(client=client)
    assert {str(job.id) for job in listed.jobs} == set(map(str, jobs)), listed
    download(client, jobs[0])
    asked = delete_job.sync(id=jobs[0], client=client)
    until(lambda: show_deletion.sync(id=asked.deletion, client=client).done_at)
    left = list_jobs.sync(client=client)
    assert len(left.jobs) == 2, left
    print("the generated client has submitted, waited, downloaded and deleted")
    return [str(asked.deletion), *map(str, jobs[1:])]


def submit(client, name, key):
    from gas_client.api.submitting import prepare_upload, submit_job
    from gas_client.models import NewJob, NewUpload

    wanted = NewUpload(file_name=name, bytes_=SAMPLE.stat().st_size)
    upload = prepare_upload.sync(client=client, body=wanted, idempotency_key=key)
    if not upload.is_submitted:
        fields = upload.form.fields.additional_properties
        stored = httpx.post(upload.form.url, data=fields, files={"file": (name, SAMPLE.read_bytes())})
        assert stored.status_code == 201, stored.text
    return submit_job.sync(client=client, body=NewJob(upload=upload.id)).id


def download(client, job):
    from gas_client.api.files import download_index, download_input, download_log, download_results

    for file in [download_input, download_results, download_index, download_log]:
        there = file.sync(id=job, client=client)
        content = httpx.get(there.url).content
        assert len(content) == there.bytes_, there
        assert file is not download_input or content == SAMPLE.read_bytes()


def of_status(job, status):
    return job if job.status.value == status else None


def until(ask):
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if answer := ask():
            return answer
        time.sleep(0.2)
    raise AssertionError(f"nothing within {PATIENCE} s")
