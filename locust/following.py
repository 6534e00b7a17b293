"""Following jobs by their server-sent events, as the script of a job's page does.

<https://html.spec.whatwg.org/multipage/server-sent-events.html>
"""

import json
import time

import gevent
from gevent.queue import Queue

NAME = "a job, from submission to end"
AGAIN = 1.0  # seconds after which a browser connects again


class Refused(Exception):
    """There are no events to be had."""


class Following:
    """One person's jobs, one stream at a time and in the order of submission, beside what else the person does.

    Locust's own `iter_lines` gives lines when another kilobyte is there, which is when a job has ended long ago.
    """

    def __init__(self, person):
        self.person = person
        self.ended = []
        self._jobs = Queue()
        self._open = 0
        self._follower = gevent.spawn(self._follow_all)

    def add(self, path):
        """Follows the job whose page has this path, which was submitted just now."""
        self.person.counts.followed += 1
        self._open += 1
        self._jobs.put((path, time.perf_counter()))

    def finish(self, within):
        """Waits until all have ended, for some seconds at most."""
        deadline = time.monotonic() + within
        try:
            while self._open and time.monotonic() < deadline:
                gevent.sleep(0.2)
        finally:
            self._follower.kill()

    def _follow_all(self):
        for path, since in self._jobs:
            fault = self._follow(path)
            self._tell(since, fault)
            self._open -= 1
            if not fault:
                self.ended.append(path)

    def _follow(self, path):
        """Waits for the job's end; what was wrong, or None."""
        while True:
            try:
                end = self._stream(path)
            except Exception as error:
                return Exception(f"the events broke off ({type(error).__name__})")
            if end:
                return None if end["status"] == "COMPLETED" else Exception(f"the job ended as {end['status']}")
            gevent.sleep(AGAIN)

    def _stream(self, path):
        """The event `done`; None if the stream ends without, as it does after a while."""
        client = self.person.client
        answer = client.client.urlopen(f"{client.base_url}{path}/events", headers={"Accept": "text/event-stream"})
        if answer.status_code != 200:
            raise Refused(answer.status_code)
        event, end = "", None
        # The stream ends after that event, which leaves the connection fit for the next.
        while line := answer._response.readline(b"\n"):
            field, _, value = line.decode().strip().partition(":")
            if field == "event":
                event = value.strip()
            elif field == "data" and event == "done":
                end = json.loads(value)
        return end

    def _tell(self, since, fault):
        self.person.environment.events.request.fire(
            request_type="EVENTS", name=NAME, response_time=(time.perf_counter() - since) * 1000, response_length=0,
            exception=fault, context={}, response=None, start_time=time.time(), url=None,
        )
