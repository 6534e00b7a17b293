"""A generated client's journey, the command line's, then requests made up by schemathesis, against the system of `run`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import command_line
import journey
import person

HERE = Path(__file__).parent
FEWEST_REQUESTS = 3000


def main():
    work = Path(sys.argv[1])
    endpoints = json.loads((work / "endpoints.json").read_text())
    tools = Path(sys.executable).parent
    document = f"{endpoints['web']}/api/v1/openapi.json"
    written = work / "openapi.json"
    written.write_bytes(person.fetch(document))
    browser, (token, spare, terminal) = person.with_tokens(endpoints["web"], endpoints["mailbox"], 3)

    client = work / "client"
    subprocess.run(
        [tools / "openapi-python-client", "generate", "--path", written, "--meta", "none", "--fail-on-warning",
         "--output-path", client / "gas_client"],
        check=True,
    )
    sys.path.insert(0, str(client))
    ids = journey.go(endpoints["web"], token)

    command_line.go(os.environ["GAS_GAS"], endpoints["web"], terminal, browser, work)

    # What revokes the token that comes with it is tried last, with a token of its own.
    most = schemathesis(work, document, token, ids, ["--exclude-operation-id", "revoke_token", *sys.argv[2:]])
    last = schemathesis(work, document, spare, ids, ["--include-operation-id", "revoke_token"])
    print(f"{most + last:,} requests, {FEWEST_REQUESTS:,} wanted")
    sys.exit(most + last < FEWEST_REQUESTS)


def schemathesis(work, document, token, ids, options):
    """Has requests made up; gives how many."""
    report = work / "report.json"
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": str(HERE),
        "GAS_API_TOKEN": token,
        "GAS_API_IDS": " ".join(ids),
    }
    tool = Path(sys.executable).parent / "schemathesis"
    settings = ["--config-file", HERE / "schemathesis.toml"]
    written = ["--report", "json", "--report-json-path", report]
    command = [tool, *settings, "run", document, "--tls-verify", "false", *written, *options]
    if tried := subprocess.run(command, env=environment, cwd=work).returncode:
        sys.exit(tried)
    cases = json.loads(report.read_text())["test_cases"]
    return cases["generated"] - cases["without_checks"]


if __name__ == "__main__":
    main()
