"""Accounts, made before a run as people make them: the form, the mail, the link. Kept in a file for the next run."""

import csv
import json
import os
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

from gevent.pool import Pool

import pages
import visits
from browser import Browser, Unexpected

AT_ONCE = 4  # a password's hash is work; preparing is no load test


@dataclass(frozen=True)
class Session:
    """An account in a browser."""

    username: str
    password: str
    cookies: tuple


class Accounts:
    """Sessions for people who have an account. A reader shares an account whose list is long, a submitter has one alone."""

    def __init__(self, host, options, mailbox):
        self.host, self.options, self.mailbox = host, options, mailbox
        self._file = Path(options.keep) if options.keep else None
        self._sessions = {}

    def prepare(self, readers, submitters):
        """Makes what so many people need; `Unexpected` says what does not work."""
        shared = min(readers, self.options.histories)
        print(f"suite: preparing {readers + submitters} sessions of {shared + submitters} accounts", flush=True)
        known = self._given() if self.options.accounts else self._made(shared + submitters)
        owners = list(islice(cycle(known), shared + submitters))
        logged_in = Pool(AT_ONCE).map
        self._sessions["Reader"] = cycle(logged_in(self._log_in, list(islice(cycle(owners[:shared]), readers))))
        self._sessions["Submitter"] = cycle(logged_in(self._log_in, owners[shared:]))
        Pool(AT_ONCE).map(self._fill, owners[:shared])

    def take(self, kind):
        """The next session for somebody of this kind."""
        return next(self._sessions[kind])

    def _given(self):
        with open(self.options.accounts, newline="") as file:
            given = [(row[0].strip(), row[1].strip()) for row in csv.reader(file) if len(row) >= 2]
        if not given:
            raise Unexpected(f"{self.options.accounts} has no line username,password")
        return given

    def _made(self, number):
        kept = [account for account in self._kept() if self._is_good(account)] if number else []
        lacking = number - len(kept)
        if lacking > 0 and not self.mailbox:
            raise Unexpected(
                f"{lacking} accounts are needed, and new ones are confirmed by mail: --mailbox URL of a sandbox, "
                "or --accounts FILE, lines of username,password that exist"
            )
        made = kept + Pool(AT_ONCE).map(self._make, range(lacking))
        self._keep(made)
        return made[:number]

    def _kept(self):
        try:
            kept = json.loads(self._file.read_text()) if self._file else {}
        except (FileNotFoundError, ValueError):
            return []
        return [tuple(account) for account in kept.get(urlsplit(self.host).netloc, [])]

    def _is_good(self, account):
        """Another system may answer here by now, or the same one without its data."""
        try:
            return bool(self._log_in(account))
        except Unexpected as error:
            if "429" in str(error):
                raise
            return False

    def _keep(self, accounts):
        if self._file and accounts:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump({urlsplit(self.host).netloc: accounts}, file)

    def _browser(self):
        return Browser(self.host, self.options.timeout)

    def _make(self, _):
        username, password, browser = f"load-{token_hex(6)}", token_hex(16), self._browser()
        visits.register(browser, username, password, browser.get("/register", holds="csrf_token"))
        link = self.mailbox.link(visits.address(username))
        if not link:
            raise Unexpected(f"no mail to {visits.address(username)} came to {self.mailbox.url}")
        visits.confirm(browser, urlsplit(link).path, password)
        return username, password

    def _log_in(self, account):
        browser = self._browser()
        visits.log_in(browser, *account)
        return Session(*account, tuple(browser.client.cookiejar))

    def _fill(self, account):
        """Gives the account as many jobs as readers page through."""
        browser = self._browser()
        visits.log_in(browser, *account)
        page = browser.get("/annotations", holds="My annotations").text
        has = len(pages.jobs(page)) if not pages.older(page) else self.options.jobs_each
        content = Path(self.options.vcf).read_bytes()
        for number in range(has, self.options.jobs_each):
            visits.upload(browser, browser.get("/annotate"), f"history-{number + 1}.vcf", content)
