"""A job is followed to its end by a stream that says so, breaks off, or is begun again."""

import time
import unittest
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace

from locust.event import EventHook

from browser import Browser
from counts import JOBS, Counts
from following import Following
from tests.site import running

DONE = b'event: done\ndata: {"status":"%s"}\n\n'


class Streams(BaseHTTPRequestHandler):
    """Answers `/annotations/…/events` as the job's name says."""

    protocol_version = "HTTP/1.1"
    begun = None
    asked = 0

    def do_GET(self):
        """A stream."""
        type(self).asked += 1
        job = self.path.split("/")[2]
        if job == "refused":
            self.send_response(303)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.chunk(b'event: progress\ndata: {"status":"RUNNING"}\n\n')
        if job == "long" and type(self).asked == 1:
            return self.chunk(b"")
        if job == "breaks":
            self.close_connection = True
            return
        time.sleep(60 if job == "endless" else 0.3)
        self.chunk(DONE % (b"FAILED" if job == "fails" else b"COMPLETED"))
        self.chunk(b"")

    def chunk(self, text):
        """One piece of the stream; an empty one ends it."""
        self.wfile.write(b"%x\r\n%s\r\n" % (len(text), text))

    def log_message(self, *_):
        """Says nothing."""


class Followed(unittest.TestCase):
    """What the statistics are told."""

    def follow(self, *jobs, within=5):
        """Counts, and what was told of each job."""
        Streams.asked, counts, told = 0, Counts(), []
        events = SimpleNamespace(request=EventHook())
        events.request.add_listener(counts.request)
        events.request.add_listener(lambda exception, **_: told.append(str(exception or "completed")))
        with running(Streams) as host:
            person = SimpleNamespace(counts=counts, environment=SimpleNamespace(events=events), client=Browser(host, 2).client)
            following = Following(person)
            for job in jobs:
                following.add(f"/annotations/{job}")
            following.finish(within)
        return counts, told

    def test_the_time_to_the_end_is_told(self):
        counts, told = self.follow("well")
        self.assertEqual(told, ["completed"])
        self.assertTrue(300 <= counts.group(JOBS)["longest"] < 1500, counts.times)

    def test_a_job_that_ends_badly_a_stream_that_breaks_off_and_one_that_is_refused_are_failures(self):
        counts, told = self.follow("fails", "breaks", "refused")
        self.assertEqual(told[0], "the job ended as FAILED")
        self.assertTrue(told[1].startswith("the events broke off ("), told)
        self.assertEqual(told[2], "the events broke off (Refused)")
        self.assertEqual((counts.failed, counts.followed), (3, 3))

    def test_a_stream_that_ends_before_the_job_is_begun_again(self):
        self.assertEqual(self.follow("long")[1], ["completed"])

    def test_a_job_that_does_not_end_is_counted_as_followed_alone(self):
        counts, told = self.follow("endless", within=1)
        self.assertEqual((counts.followed, counts.group(JOBS)["count"], told), (1, 0, []))
