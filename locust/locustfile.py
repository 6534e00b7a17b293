"""The load suite of GAS. `locust/run NAME` runs it, locust/README.md tells what it stands for."""

import sys
from math import ceil
from pathlib import Path

from locust import events
from locust.runners import LocalRunner

import settings
from accounts import Accounts
from browser import Browser, Unexpected
from connect_to import connect_to
from gate import Gate
from mailbox import Mailbox
from plan import Stage
from users.newcomer import Newcomer
from users.person import Person
from users.reader import Reader
from users.submitter import Submitter
from users.visitor import Visitor

KINDS = [Visitor, Newcomer, Submitter, Reader]


class Suite:
    """What the people of one run share."""

    def __init__(self, environment):
        options = environment.parsed_options
        self.settle, self.vcf = options.settle, Path(options.vcf).read_bytes()
        self.habits = settings.habits(options)
        self.mailbox = Mailbox(options.mailbox) if options.mailbox else None
        self.people = shares(environment, options, self.mailbox)
        kinds = [kind.kind() for kind in self.people]
        self.gate = Gate(environment, stages(environment), self.habits, settings.limits(options), kinds)
        self.accounts = Accounts(environment.host, options, self.mailbox)

    def prepare(self):
        """Makes the accounts that this run needs."""
        total = sum(self.people.values())
        wanted = {kind: ceil(self.gate.plan.people * share / total) for kind, share in self.people.items()}
        self.accounts.prepare(wanted.get(Reader, 0), wanted.get(Submitter, 0))


def shares(environment, options, mailbox):
    """{kind of people: its share}; Locust is told."""
    weights = settings.weights(options)
    if not mailbox and weights["Newcomer"]:
        print("suite: without --mailbox nobody can confirm an account; the run goes without newcomers", flush=True)
        weights["Newcomer"] = 0
    for kind in KINDS:
        kind.weight = weights[kind.__name__]
        kind.network_timeout = kind.connection_timeout = options.timeout
    Submitter.read_on(settings.reads(options))
    environment.user_classes = [kind for kind in environment.user_classes if kind.weight]
    if not environment.user_classes:
        raise ValueError("nobody is left to come")
    return {kind: kind.weight for kind in environment.user_classes}


def stages(environment):
    """How many people there are, and when."""
    options = environment.parsed_options
    if environment.shape_class:
        return environment.shape_class.chosen(options)
    if options.headless and not options.run_time:
        raise ValueError("how long? --run-time, or a shape")
    return [Stage(options.run_time or 60, options.num_users or 1, options.spawn_rate or 1)]


@events.init_command_line_parser.add_listener
def add_options(parser):
    """Ours, beside Locust's."""
    settings.add_options(parser)


@events.init.add_listener
def begin(environment, **_):
    """Prepares the run; ends it with one sentence if that does not work."""
    if not isinstance(environment.runner, LocalRunner):
        sys.exit("error: the gate counts in one process; for more load run several, each with its own gate")
    options = environment.parsed_options
    try:
        connect_to(options.connect_to)
        Browser(environment.host, options.timeout).get("/healthz")
        Person.suite = Suite(environment)
        Person.suite.prepare()
    except (Unexpected, ValueError, OSError) as error:
        sys.exit(f"error: {environment.host} is not ready for this run: {error}")
    if options.headless:
        environment.events.quitting.add_listener(Person.suite.gate.judge)
