#!/usr/bin/env bash
# A load test of a server that never answers passes, and a timeout that is asked for goes to the server instead.
#
# One would guess: a run of Locust against a server that takes requests and never answers them ends with failures, or at least not
#   with exit status 0; and `self.client.get(path, timeout=2)`, as with requests and with HttpUser, limits the wait.
# What is so: a request that still waits when the run ends is in no statistics; with nothing else there are 0 requests, 0 failures
#   and the exit status is 0. FastHttpUser takes unknown keywords as parameters of the query, as geventhttpclient does:
#   the server is asked for `/?timeout=2`, and the wait is not limited. `network_timeout` of the class limits it.
# Why it matters: a pipeline with `locust --headless --run-time 5m` is green while the site is down in the worst way; who adds a
#   timeout to mend that has the same, with another address in the statistics of the server.
# Versions: locust 2.47.0, geventhttpclient 2.6.1. Sources: locust/runners.py, stop_users; geventhttpclient/useragent.py, urlopen
#   ("POST or GET parameters can be passed in **kw").
set -euo pipefail
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check locust==2.47.0 geventhttpclient==2.6.1

cat >hangs.py <<'PY'
import socket, threading
listening = socket.create_server(("127.0.0.1", 0))
open("port", "w").write(str(listening.getsockname()[1]))
kept = []


def read(connection):
    with open("asked", "a") as asked:
        asked.write(connection.recv(4096).split(b"\r\n")[0].decode() + "\n")


while True:
    connection, _ = listening.accept()
    kept.append(connection)
    threading.Thread(target=read, args=[connection], daemon=True).start()
PY
python3 hangs.py &
server=$!
while [ ! -s port ]; do sleep 0.1; done

cat >locustfile.py <<'PY'
from locust import FastHttpUser, task


class Person(FastHttpUser):
    @task
    def look(self):
        self.client.get("/", timeout=2)
PY
status=0
venv/bin/locust --headless --users 3 --spawn-rate 3 --run-time 5s --host "http://127.0.0.1:$(cat port)" --json-file seen \
  >log 2>&1 || status=$?
requests=$(python3 -c 'import json; print(sum(row["num_requests"] for row in json.load(open("seen.json"))))')
echo "exit status $status, $requests requests in the statistics; the server was asked:"
sort asked | uniq -c
[ "$status" = 0 ] && [ "$requests" = 0 ] && [ "$(sort -u asked)" = 'GET /?timeout=2 HTTP/1.1' ]
