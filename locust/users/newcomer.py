"""Somebody who gets an account, as people do: the form, the mail, the link."""

from secrets import token_hex
from urllib.parse import urlsplit

import visits
from browser import Unexpected
from users.person import Person


class Newcomer(Person):
    """Registers, confirms through the sandbox's mailbox, logs in, and sees an empty list."""

    cycle = (("home", 1), ("form", 1), ("register", 1), ("confirm", 2), ("log_in", 2), ("first_look", 1))

    def home(self):
        """Another newcomer."""
        self.client.cookiejar.clear()
        self.username, self.password = f"load-{token_hex(6)}", token_hex(16)
        self.get("/")

    def form(self):
        """Reads the form."""
        self.page = self.get("/register", holds="csrf_token")

    def register(self):
        """Sends it."""
        visits.register(self, self.username, self.password, self.page)

    def confirm(self):
        """Reads the mail, follows its link and enters the password."""
        link = None  # A mailbox that does not answer is told as a failure of this row, and swallowed.
        with self.environment.events.request.measure("MAIL", "the link") as mail:
            link = self.suite.mailbox.link(visits.address(self.username))
            if link is None:
                mail["exception"] = TimeoutError("no mail came")
        if link is None:
            raise Unexpected("no mail came")
        visits.confirm(self, urlsplit(link).path, self.password)

    def log_in(self):
        """The page, and what is typed into it."""
        visits.log_in(self, self.username, self.password)

    def first_look(self):
        """Nothing here yet."""
        self.get("/annotations", holds="Nothing here yet")
