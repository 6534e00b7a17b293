"""Somebody who looks at what was annotated: most of what people do here."""

import pages
from users.member import Member


class Reader(Member):
    """The list, a job, the list again, its next page, another job."""

    cycle = (("newest", 1), ("job", 1), ("newest", 1), ("older", 1), ("job", 1))

    def start_over(self):
        """Nothing was seen yet."""
        super().start_over()
        self.jobs, self.next = [], None

    def newest(self):
        """The newest twenty."""
        self._read("/annotations", "/annotations")

    def older(self):
        """The twenty before. Without any, the same again."""
        if self.next:
            self._read(self.next, "/annotations?after=[job]")
        else:
            self.newest()

    def job(self):
        """One of those that the list has shown, each in its turn."""
        if not self.jobs:
            return self.newest()
        job = self.jobs[(self.number + self.step) % len(self.jobs)]
        self.get(f"/annotations/{job}", "/annotations/[job]", holds='id="job"')

    def _read(self, path, name):
        page = self.get(path, name, holds="My annotations").text
        self.jobs, self.next = pages.jobs(page), pages.older(page)
