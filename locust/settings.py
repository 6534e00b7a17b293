"""What a run can be told: options, each with its variable; a `.conf` file takes the same names without the dashes.

Locust's own options (users, spawn-rate, run-time, stop-timeout …) stand beside these, but its help does not tell ours.
"""

from dataclasses import dataclass

from plan import Habits

OPTIONS = [
    ("--visitors", "GAS_LOAD_VISITORS", int, 14, "share of people who look at home, register and login page and go"),
    ("--newcomers", "GAS_LOAD_NEWCOMERS", int, 1, "share of people who register, confirm by the mailbox and log in"),
    ("--submitters", "GAS_LOAD_SUBMITTERS", int, 2, "share of people who upload, follow their job and read what came of it"),
    ("--readers", "GAS_LOAD_READERS", int, 3, "share of people who read their list, page through it and look at jobs"),
    ("--reads", "GAS_LOAD_READS", int, 40, "clicks by which a submitter reads on, from what came of a file to the next file"),
    ("--shortest-wait", "GAS_LOAD_SHORTEST_WAIT", float, 2.0, "seconds from one click of a person to the next, at least"),
    ("--longest-wait", "GAS_LOAD_LONGEST_WAIT", float, 5.0, "seconds from one click of a person to the next, at most"),
    ("--sign-in-every", "GAS_LOAD_SIGN_IN_EVERY", int, 50, "one in so many clicks of people with an account signs in anew; 0: none"),
    ("--hold", "GAS_LOAD_HOLD", float, 300.0, "seconds that a shape holds each of its steps"),
    ("--people", "GAS_LOAD_PEOPLE", float, 100.0, "percent of the people that a shape has"),
    ("--histories", "GAS_LOAD_HISTORIES", int, 10, "accounts with jobs that readers share"),
    ("--jobs-each", "GAS_LOAD_JOBS_EACH", int, 25, "jobs of such an account, uploaded before the run; a page of the list has 20"),
    ("--vcf", "GAS_LOAD_VCF", str, "../services/web/static/sample.vcf", "the file that is uploaded"),
    ("--mailbox", "GAS_LOAD_MAILBOX", str, "", "address of the sandbox's mailbox, which confirms accounts"),
    ("--accounts", "GAS_LOAD_ACCOUNTS", str, "", "CSV of accounts that exist, username,password: for a service without such a mailbox"),
    ("--keep", "GAS_LOAD_KEEP", str, "", "file that keeps the accounts made here for the next run"),
    ("--timeout", "GAS_LOAD_TIMEOUT", float, 30.0, "seconds without a byte after which an answer counts as failed"),
    ("--settle", "GAS_LOAD_SETTLE", float, 60.0, "seconds at the end that jobs on their way have"),
    ("--limit-p95", "GAS_LOAD_LIMIT_P95", float, 100.0, "milliseconds within which 95 of 100 pages must be there"),
    ("--limit-p99", "GAS_LOAD_LIMIT_P99", float, 250.0, "milliseconds within which 99 of 100 pages must be there"),
    ("--limit-jobs", "GAS_LOAD_LIMIT_JOBS", float, 60.0, "seconds within which 95 of 100 jobs must have ended"),
    ("--reached", "GAS_LOAD_REACHED", float, 95.0, "percent of the planned clicks and requests that must be reached"),
    ("--gate-file", "GAS_LOAD_GATE_FILE", str, "", "file for what the gate measured, as JSON"),
    ("--connect-to", "GAS_LOAD_CONNECT_TO", str, "", "host:port=other:port,…: connect elsewhere than a URL says, as curl does"),
]


@dataclass(frozen=True)
class Limits:
    """What the gate asks for: milliseconds for pages, seconds for jobs, percent of the plan."""

    p95: float
    p99: float
    jobs: float
    reached: float


def add_options(parser):
    """Adds ours to Locust's."""
    ours = parser.add_argument_group("The suite of GAS")
    for name, variable, kind, default, words in OPTIONS:
        ours.add_argument(name, env_var=variable, type=kind, default=default, help=words)


def habits(options):
    """How people use the site."""
    if not 0 < options.shortest_wait <= options.longest_wait:
        raise ValueError("the shortest wait must be above 0 and not above the longest")
    return Habits(options.shortest_wait, options.longest_wait, options.sign_in_every)


def limits(options):
    """What the gate asks for."""
    return Limits(options.limit_p95, options.limit_p99, options.limit_jobs, options.reached)


def reads(options):
    """Clicks by which a submitter reads on after each file."""
    if options.reads < 0:
        raise ValueError("clicks of reading must not be fewer than none")
    return options.reads


def weights(options):
    """{name of the class of people: its share}."""
    found = {
        "Visitor": options.visitors, "Newcomer": options.newcomers,
        "Submitter": options.submitters, "Reader": options.readers,
    }
    if min(found.values()) < 0 or not any(found.values()):
        raise ValueError("shares of people must not be negative, nor all be 0")
    return found


if __name__ == "__main__":
    for name, variable, _, default, words in OPTIONS:
        print(f"  {name:<16} {words}\n{'':<19}{variable}" + (f" [{default}]" if default != "" else ""))
