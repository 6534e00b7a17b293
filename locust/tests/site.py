"""Small sites, real ones, that are well or not: what the gate is tried on."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"""<!doctype html><title>Genomics Annotation Service</title><p>csrf_token</p>"""


class Site(BaseHTTPRequestHandler):
    """Answers every page at once."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    begun = None  # when the first page was asked for

    def do_GET(self):
        """A page; what is asked before the run is always answered well."""
        if self.path != "/healthz":
            self.trouble()
        self.answer(200)

    def trouble(self):
        """What is wrong with this site."""

    def answer(self, status):
        """One page."""
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_):
        """Says nothing."""


class Hangs(Site):
    """Takes requests and never answers."""

    def trouble(self):
        """Until the test is over."""
        time.sleep(60)


class Fails(Site):
    """Cannot answer."""

    def do_GET(self):
        """A page with the status of a server that is broken."""
        self.answer(200 if self.path == "/healthz" else 500)


class Slow(Site):
    """Answers everybody, late."""

    def trouble(self):
        """Longer than the gate allows, shorter than people wait between clicks."""
        time.sleep(0.15)


class Stalls(Site):
    """Answers at once, but for some seconds in the middle answers nobody; then it goes on as if nothing had been."""

    def trouble(self):
        """One stall: each person waits in one request, so that the statistics have few slow ones."""
        cls = type(self)
        cls.begun = cls.begun or time.monotonic()
        since = time.monotonic() - cls.begun
        if 2 < since < 4:
            time.sleep(4 - since)


class Server(ThreadingHTTPServer):
    """A thread a connection. All may come at once: with the usual queue of five, others would wait a second."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


@contextmanager
def running(site):
    """The address of a site of this kind."""
    server = Server(("127.0.0.1", 0), site)
    site.begun = None
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
