"""Keeps as many containers as the scaler wants, as ECS's scheduler keeps tasks; it works beside the scaler's minutes."""

import threading
import time

from . import containers


class Keeper:
    """Of one service. `agent` says which are protected; those are stopped last, and not before they are let go."""

    def __init__(self, service, agent, wanted):
        self.service, self.agent, self.wanted = service, agent, wanted
        self.replicas, self.failure = containers.running(service.name), None
        self.known = {c.id for c in self.replicas if service.ready(c)}
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        try:
            while not self.ending.is_set():
                if not self.fit():
                    time.sleep(0.5)
        except Exception as failure:  # noqa: BLE001 - told by whoever waits for the end of the rehearsal.
            self.failure = failure

    def fit(self):
        """One thing at a time; whether there was something to do."""
        self.look()
        missing = self.wanted - len(self.replicas)
        if missing > 0:
            containers.start(self.service.name, self.wanted)
        elif missing < 0 and (going := self.leaving()):
            containers.leave(self.service.name, going)
        else:
            return False
        self.look()
        return True

    def look(self):
        """Who is there; of who has become ready those are told that have to know."""
        self.replicas = containers.running(self.service.name)
        new = [c for c in self.replicas if self.service.ready(c) and c.id not in self.known]
        if new:
            self.known |= {c.id for c in new}
            self.service.joined(new)

    def leaving(self):
        """The youngest of those that may be stopped."""
        free = [c for c in self.replicas if not (self.service.protects and c.address in self.agent.protected)]
        return free[-1] if free else None

    def end(self):
        self.ending.set()
        self.thread.join(timeout=180)
