"""Somebody who has heard of the site and looks at it."""

import pages
from users.person import Person


class Visitor(Person):
    """Home, with style and script as a new browser loads them; the page to register; the page to log in."""

    cycle = (("home", 1), ("register", 1), ("login", 1))

    def home(self):
        """Each time another visitor, who has no cookie and has loaded nothing yet."""
        self.client.cookiejar.clear()
        page = self.get("/", holds="Genomics Annotation Service")
        for path in pages.assets(page.text):
            self.get(path, path.partition("?")[0])

    def register(self):
        """Looks, and does not register."""
        self.get("/register", holds="csrf_token")

    def login(self):
        """Looks, and has no account."""
        self.get("/login", holds="csrf_token")
