"""A DynamoDB that answers at once: what is read is asked of the emulator the first time and then answered from memory. All else
goes to the emulator. With TABLE, a file, parts of any `.parquet` in S3 are those of this file, MILLISECONDS after they are asked for:
the emulator reads the whole of an object for each part of it.

    recorded.py EMULATOR_URL [TABLE MILLISECONDS]        prints its port, and answers until it is killed
"""

import asyncio
import hashlib
import http.client
import mmap
import os
import re
import socket
import sys
from urllib.parse import urlsplit

READS = (b"DynamoDB_20120810.Query", b"DynamoDB_20120810.GetItem", b"DynamoDB_20120810.BatchGetItem")
TARGET, LENGTH = re.compile(rb"\nx-amz-target: *([^\r]+)", re.I), re.compile(rb"\ncontent-length: *(\d+)", re.I)
RANGE = re.compile(rb"^GET [^ ]+\.parquet[? ].*\nrange: *bytes=(\d+)-(\d+)", re.I | re.S)
emulator = urlsplit(sys.argv[1])
answers = {}
table = mmap.mmap(os.open(sys.argv[2], os.O_RDONLY), 0, prot=mmap.PROT_READ) if len(sys.argv) > 2 else None
etag = hashlib.md5(table or b"").hexdigest()


class Recorded(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.received = transport, b""

    def data_received(self, data):
        self.received += data
        while (end := self.received.find(b"\r\n\r\n") + 4) >= 4:
            head = self.received[:end]
            length = LENGTH.search(head)
            whole = end + (int(length[1]) if length else 0)
            if len(self.received) < whole:
                return
            request, self.received = self.received[:whole], self.received[whole:]
            if table and (asked := RANGE.search(head)):
                asyncio.get_running_loop().call_later(int(sys.argv[3]) / 1000, self.transport.write, part(*map(int, asked.groups())))
                continue
            target = TARGET.search(head)
            key = (target[1], request[end:]) if target and target[1] in READS else None
            answer = answers.get(key) or ask(request)
            if key and answer.startswith(b"HTTP/1.1 200"):
                answers[key] = answer
            self.transport.write(answer)


def part(first, last):
    """Bytes of the table, 0-based, the last one included."""
    last = min(last, len(table) - 1)
    head = f'etag: "{etag}"\r\ncontent-length: {last + 1 - first}\r\ncontent-range: bytes {first}-{last}/{len(table)}\r\n'
    return f"HTTP/1.1 206 Partial Content\r\n{head}\r\n".encode() + table[first:last + 1]


def ask(request):
    """The emulator's answer to a request, which is signed and goes there byte for byte."""
    with socket.create_connection((emulator.hostname, emulator.port)) as connection:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection, method=request.split(b" ", 1)[0].decode())
        response.begin()
        body = response.read()
    kept = [(name, value) for name, value in response.getheaders()
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "keep-alive")]
    head = "".join(f"{name}: {value}\r\n" for name, value in kept)
    return f"HTTP/1.1 {response.status} {response.reason}\r\n{head}content-length: {len(body)}\r\n\r\n".encode() + body


async def main():
    server = await asyncio.get_running_loop().create_server(Recorded, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
