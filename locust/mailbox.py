"""The sandbox's mailbox: every mail that was sent, as JSON. It stands for the reader of mails that people have."""

import re
import time

import gevent
import requests
from gevent.lock import RLock

PAUSE = 2.0  # seconds between two looks of all people together: each look brings every mail there is
_LINK = re.compile(r"https?://[^\s\"]+/confirm/[A-Za-z0-9_-]+")


class Mailbox:
    """Links that confirm addresses."""

    def __init__(self, url):
        self.url = url.rstrip("/").removesuffix("/mailbox") + "/mailbox.json"
        self._links = {}
        self._seen = 0
        self._looked = 0.0
        self._lock = RLock()

    def link(self, address, within=30.0):
        """The newest link that was mailed there; None if no mail comes within so many seconds."""
        deadline = time.monotonic() + within
        while address not in self._links:
            if time.monotonic() > deadline:
                return None
            # One looks for all who wait.
            with self._lock:
                if address not in self._links:
                    gevent.sleep(max(self._looked + PAUSE - time.monotonic(), 0))
                    self._look()
        return self._links.pop(address)

    def _look(self):
        mails = requests.get(self.url, timeout=30).json()
        self._looked = time.monotonic()
        # Newest first; what was there before is known.
        for mail in reversed(mails[: len(mails) - self._seen]):
            found = _LINK.search(mail["text"])
            if found:
                self._links[mail["to"]] = found[0]
        self._seen = len(mails)
