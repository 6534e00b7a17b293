#!/usr/bin/env bash
# A load test with `insecure = True` reads all certificate authorities of the world for each of its users, and tells the time as
# the server's.
#
# One would guess: a FastHttpUser of Locust that does not verify certificates (`insecure = True`, its default) has nothing to do
#   with authorities; and the time of a user's first page is DNS, TCP, TLS and the server.
# What is so: each user's first connection by TLS loads certifi's 130 authorities into a context of its own, where they are never
#   asked. That takes some 15 to 60 ms of CPU, in which the generator's other users wait, too, and is told as the time of the
#   first page. A `ssl_context_factory` that takes the argument `cafile` and does without costs nothing of that; Locust's own
#   takes none, so that geventhttpclient loads the file by itself.
# Why it matters: 30 users a second that come, each with a first page, take up to two cores, so that percentiles during a ramp
#   are the generator's; verification by a private authority costs the same again.
# Versions: locust 2.47.0, geventhttpclient 2.6.1. Sources: locust/contrib/fasthttp.py, insecure_ssl_context_factory;
#   geventhttpclient/connectionpool.py, init_ssl_context.
set -euo pipefail
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check locust==2.47.0 geventhttpclient==2.6.1
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost -keyout key -out cert 2>/dev/null

cat >site.py <<'PY'
import http.server, ssl


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert", "key")
server.socket = context.wrap_socket(server.socket, server_side=True)
open("port", "w").write(str(server.server_address[1]))
server.serve_forever()
PY
python3 site.py &
server=$!
while [ ! -s port ]; do sleep 0.1; done

cat >first.py <<'PY'
import ssl, sys, time
from locust.contrib.fasthttp import FastHttpSession
from locust.event import EventHook

USERS = 20
shared = ssl._create_unverified_context()


def cpu(factory):
    sessions = [FastHttpSession(f"https://127.0.0.1:{sys.argv[1]}", EventHook(), None, insecure=True, ssl_context_factory=factory)
                for _ in range(USERS)]
    begun = time.process_time()
    for session in sessions:
        assert session.get("/").text == "ok"
    return (time.process_time() - begun) / USERS * 1000


cpu(lambda cafile=None: shared)
usual, without = cpu(None), cpu(lambda cafile=None: shared)
print(f"CPU of the generator for a user's first page: {usual:.1f} ms as it comes, {without:.1f} ms without authorities")
sys.exit(0 if usual > 3 * without else 1)
PY
venv/bin/python first.py "$(cat port)"
