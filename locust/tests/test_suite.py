"""What cannot be run says so in one sentence."""

import contextlib
import io
import socket
import unittest

import pages
from connect_to import connect_to
from counts import Counts
from tests.site import Site, running
from tests.test_gate import PACE, PATIENCE, VISITORS, started
from users.submitter import Submitter


class Refusals(unittest.TestCase):
    """Before anything is measured."""

    def said(self, host, *options):
        """The last line of a run that does not begin."""
        status, output = started(host, *options)
        self.assertEqual(status, 1, output)
        return output.strip().splitlines()[-1]

    def test_a_service_without_a_mailbox_needs_accounts_that_exist(self):
        with running(Site) as host:
            self.assertIn("--accounts FILE", self.said(host, "--run-time", "5s"))

    def test_a_service_that_does_not_answer_is_told_by_its_name(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            host = f"http://127.0.0.1:{taken.getsockname()[1]}"
            self.assertIn(f"{host} is not ready for this run: GET /healthz: no answer", self.said(host, "--run-time", "5s"))

    def test_a_run_without_an_end_is_refused(self):
        with running(Site) as host:
            self.assertIn("how long? --run-time, or a shape", self.said(host))


class Pages(unittest.TestCase):
    """What is read in our templates, as they are."""

    def test_the_upload_form_is_found(self):
        page = (
            '<form id="upload" class="stack" method="post" action="http:&#x2F;&#x2F;s3&#x2F;in">'
            '<input type="hidden" name="key" value="a&#x2F;b">'
            '<select id="r" name="x-ref">\n<option value="auto" selected>Detect</option><option value="hg19">hg19</option></select>'
            '<select id="f" name="x-form"><option value="modern">Today</option></select></form>'
        )
        chosen = [("x-ref", "auto"), ("x-form", "modern")]
        self.assertEqual(pages.upload(page), ("http://s3/in", [("key", "a/b"), *chosen]))
        self.assertIsNone(pages.upload("<form></form>"))

    def test_storage_gets_the_file_last(self):
        body, content_type = pages.multipart([("key", "k")], "a.vcf", b"##fileformat")
        self.assertTrue(content_type.startswith("multipart/form-data; boundary="))
        self.assertLess(body.index(b'name="key"'), body.index(b'name="file"; filename="a.vcf"'))

    def test_the_list_tells_its_jobs_and_what_is_older(self):
        job = "6f9619ff-8b86-4011-b42d-00c04fc964ff"
        page = f'<a href="/annotations/{job}">x</a> <a href="/annotations/{job}/results">y</a><a href="/annotations?after=1.{job}">'
        self.assertEqual((pages.jobs(page), pages.older(page)), ([job], f"/annotations?after=1.{job}"))


class Submitters(unittest.TestCase):
    """How often they have a file annotated."""

    def tearDown(self):
        Submitter.read_on(0)

    def test_a_file_is_four_clicks_and_forty_more_are_for_reading(self):
        Submitter.read_on(40)
        kind = Submitter.kind()
        self.assertEqual((len(kind.requests), sum(kind.requests), kind.rests), (44, 46, 40))


class Told(unittest.TestCase):
    """What stands beside what the gate judges."""

    def test_pages_with_jobs_are_told_apart(self):
        counts = Counts()
        for kind, name, ms in (("GET", "/", 1), ("GET", "/annotations", 7), ("GET", "/annotate/job", 9), ("S3", "upload (store)", 50)):
            counts.request(kind, name, ms, None, None)
        self.assertEqual(counts.of_jobs(), {"count": 2, "p50": 7, "p95": 9, "p99": 9, "longest": 9})


class Elsewhere(unittest.TestCase):
    """Connecting to another place than a URL says."""

    def test_a_site_is_reached_under_the_name_that_browsers_know(self):
        with running(Site) as host:
            place = host.removeprefix("http://")
            options = [*VISITORS, *PACE, *PATIENCE, "--run-time", "2s", "--connect-to", f"gas.example.org:80={place}"]
            _, output = started("http://gas.example.org", *options)
            self.assertRegex(output, r"requests were planned, [1-9][0-9]* answered, 0 failed")

    def test_a_nonsensical_place_is_refused(self):
        with contextlib.redirect_stderr(io.StringIO()), self.assertRaisesRegex(ValueError, "'lb' is no host:port"):
            connect_to("localhost:4433=lb")
