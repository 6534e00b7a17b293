"""Stands for the ECS agent, by which a task protects itself from a scale-in while it works.

<https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html>. On ECS every task has an
address of the agent of its own; here all have one, and are known by the address that they come from.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Agent:
    """Listens on one address of this machine, which containers reach."""

    def __init__(self, address, port=0):
        self.protected, agent = set(), self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_PUT(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                agent.protect(self.client_address[0], asked["ProtectionEnabled"])
                self.answer({"protection": {"ProtectionEnabled": asked["ProtectionEnabled"], "TaskArn": self.client_address[0]}})

            def answer(self, value):
                body = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer((address, port), Handler)
        self.uri = f"http://{address}:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def protect(self, address, on):
        (self.protected.add if on else self.protected.discard)(address)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
