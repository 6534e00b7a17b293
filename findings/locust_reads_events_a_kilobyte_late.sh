#!/usr/bin/env bash
# Locust's reader of streamed lines gives an event when a kilobyte more has come, not when the event has.
#
# One would guess: `FastHttpSession.iter_lines`, described as being for streaming responses, yields each line of a stream of
#   server-sent events when it arrives, as `requests` does with chunk_size=1 and as a browser's EventSource does.
# What is so: it asks the response for 1,024 bytes and waits for all of them. Of a stream with a short event each half second
#   nothing is seen for many seconds, then a dozen events at once; the last ones when the stream ends.
# Why it matters: a load test that measures when an event came measures when the buffer was full: progress that is told every
#   second seems half a minute late, and a stream that is quiet seems dead. `_response.readline(b"\n")` gives lines as they come.
# Versions: locust 2.47.0, geventhttpclient 2.6.1. Sources: locust/contrib/fasthttp.py, iter_lines and iter_content;
#   geventhttpclient/response.py, read.
set -euo pipefail
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check locust==2.47.0 geventhttpclient==2.6.1

cat >stream.py <<'PY'
import http.server, time


class Stream(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for number in range(8):
            self.wfile.write(f"data: {number}\n\n".encode())
            time.sleep(0.5)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stream)
open("port", "w").write(str(server.server_address[1]))
server.serve_forever()
PY
python3 stream.py &
server=$!
while [ ! -s port ]; do sleep 0.1; done

cat >read.py <<'PY'
import sys, time
from locust.contrib.fasthttp import FastHttpSession
from locust.event import EventHook

session = FastHttpSession(f"http://127.0.0.1:{sys.argv[1]}", EventHook(), None)


def by_iter_lines():
    yield from session.iter_lines("/")


def by_readline():
    response = session.client.urlopen(session.base_url + "/")
    try:
        while line := response._response.readline(b"\n"):
            yield line.decode().strip()
    except Exception:  # The end of a stream without a length is an error for it.
        pass


first = {}
for reader in (by_iter_lines, by_readline):
    begun = time.monotonic()
    for line in reader():
        if line:
            first.setdefault(reader.__name__, time.monotonic() - begun)
print("the first event was seen after", ", ".join(f"{after:.1f} s {name}" for name, after in first.items()))
sys.exit(0 if first["by_iter_lines"] > 3 and first["by_readline"] < 1 else 1)
PY
venv/bin/python read.py "$(cat port)"
