"""Somebody who has an account, made before the run."""

import visits
from users.person import Person


class Member(Person):
    """Comes with a session, as people do who keep their browser open, and signs in anew now and then."""

    abstract = True
    signing_in = 2

    def on_start(self):
        """Takes an account and its session."""
        super().on_start()
        self.account = self.suite.accounts.take(type(self).__name__)
        self.start_over()

    def sign_in(self):
        """In a browser that knows nothing."""
        self.client.cookiejar.clear()
        visits.log_in(self, self.account.username, self.account.password)

    def start_over(self):
        """Whatever was wrong, the session from before the run helps."""
        self.client.cookiejar.clear()
        for cookie in self.account.cookies:
            self.client.cookiejar.set_cookie(cookie)
