"""Asking for pages and minding the answers: what people of the run do, and what is prepared before it."""

import ssl
from urllib.parse import urlsplit

from locust.contrib.fasthttp import FastHttpSession
from locust.event import EventHook

# A browser's, so that what is logged of it reads like one.
AGENT = "Mozilla/5.0 (X11; Linux x86_64) GAS load test"


# A sandbox's certificate is vouched for by nobody.
_UNVERIFIED = ssl._create_unverified_context()


def unverified(cafile=None):
    """TLS for everybody. By itself each browser would read all authorities of the world anew, never to ask them: 60 ms of the
    generator's time, in which nobody else gets on, told as the time of that person's first page. Sessions are not shared."""
    return _UNVERIFIED


class Unexpected(Exception):
    """An answer was not what one can go on from; it is counted as failed already."""


class Asks:
    """Whoever has a `client`, Locust's session of FastHttpUser."""

    def get(self, path, name=None, **wanted):
        """The page at `path`, as `ask` gives it."""
        return self.ask("GET", path, name, **wanted)

    def ask(self, method, path, name=None, *, status=200, holds="", kind=None, **sent):
        """Asks, and makes sure that the answer has the status and the text; the answer, or `Unexpected`."""
        # Nothing may leave the block early: a request whose block is left by an exception is in no statistics.
        with self.client.request(method, path, name=name or path, catch_response=True, **sent) as answer:
            fault = _fault(answer, status, holds)
            answer.failure(fault) if fault else answer.success()
            if kind:
                answer.request_meta["request_type"] = kind
        if fault:
            raise Unexpected(f"{method} {name or path}: {fault}")
        return answer


class Browser(Asks):
    """Somebody before the run: what is asked is in no statistics."""

    def __init__(self, host, timeout):
        self.client = FastHttpSession(
            host, EventHook(), None, insecure=True, network_timeout=timeout, connection_timeout=timeout,
            max_redirects=0, headers={"User-Agent": AGENT}, ssl_context_factory=unverified,
        )
        follow_no_redirects(self.client)


def follow_no_redirects(client):
    """Every redirect is a request of its own: followed unseen, its time would be another page's."""
    client.client.redirect_response_codes = frozenset()


def target(answer):
    """Where a redirect leads, as a path: the site may be reached under another name than its own."""
    url = urlsplit(answer.headers.get("location") or "")
    return url.path + (f"?{url.query}" if url.query else "")


def _fault(answer, status, holds):
    if answer.status_code == 0:
        return f"no answer ({type(answer.error).__name__})"
    if answer.status_code == 429:
        return "429, this address or account asks too often: locust/README.md says which limits to raise"
    if answer.status_code != status:
        return f"the answer is {answer.status_code}, not {status}"
    if holds and holds not in (answer.text or ""):
        return f"the page does not say {holds!r}"
    return None
