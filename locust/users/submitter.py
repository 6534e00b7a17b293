"""Somebody who has a file annotated."""

from browser import Unexpected
from following import Following
import visits
from users.member import Member


class Submitter(Member):
    """Uploads straight to the object store, follows the job by its events, looks at the list, reads log and results, and reads on
    before the next file.

    The next file is uploaded when it is due, however far the earlier ones are: a farm that is slow does not get less to do.
    """

    concurrency = 2  # As in a browser, the events have a connection of their own.
    of_a_file = cycle = (("form", 1), ("upload", 3), ("list", 1), ("results", 1))

    @classmethod
    def read_on(cls, reads):
        """By so many clicks after each file; one who comes may just have been reading."""
        cls.cycle, cls.rests = cls.of_a_file + (("read", 1),) * reads, reads

    def on_start(self):
        """Follows nothing yet."""
        super().on_start()
        self.uploads = 0
        self.job = None
        self.following = Following(self)

    def on_stop(self):
        """Jobs on their way may end."""
        self.following.finish(self.suite.settle)

    def form(self):
        """The page with the form, which is signed for this one upload."""
        self.page = self.get("/annotate", holds='id="upload"')

    def upload(self):
        """The file, what the store's redirect leads to, and the job's page."""
        self.uploads += 1
        name = f"load-{self.number}-{self.uploads}.vcf"
        self.job = visits.upload(self, self.page, name, self.suite.vcf)
        self.get(self.job, "/annotations/[job]", holds='id="job"')
        self.following.add(self.job)

    def list(self):
        """My annotations."""
        self.get("/annotations", holds="My annotations")

    def results(self):
        """Page, log and results of a job that has ended; as long as none has, the page of the last."""
        if not self.following.ended:
            if self.job is None:
                raise Unexpected("nothing was uploaded")
            self.get(self.job, "/annotations/[job]", holds='id="job"')
            return
        job = self.following.ended.pop(0)
        self.get(job, "/annotations/[job]", holds='data-status="COMPLETED"')
        self.get(f"{job}/log", "/annotations/[job]/log", holds="Annotation log")
        stored = self.get(f"{job}/results", "/annotations/[job]/results", status=302)
        self.get(stored.headers["location"], "results (store)", kind="S3")

    def read(self):
        """The list and the last job, in turn; the list where there is none yet."""
        if self.job and self.step % 2:
            self.get(self.job, "/annotations/[job]", holds='id="job"')
        else:
            self.list()
