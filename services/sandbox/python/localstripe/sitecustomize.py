"""Runs before localstripe does, and keeps it to itself.

localstripe listens on every address and keeps its objects in one file for every instance, which it reads back with pickle,
so whoever may write to /tmp could run code in it. Python imports this module at start
(https://docs.python.org/3/library/site.html): here the address becomes loopback, and the file one in the TMPDIR of this process.
"""

import builtins
import os
import socket

PICKLE = "/tmp/localstripe.pickle"
KEPT = os.path.join(os.environ["TMPDIR"], "localstripe.pickle")

_open = builtins.open
_bind = socket.socket.bind


def open_ours(file, *arguments, **named):
    return _open(KEPT if file == PICKLE else file, *arguments, **named)


def bind_to_loopback(self, address):
    # A socket of IPv6 takes this address for IPv4's 127.0.0.1.
    _bind(self, ("::ffff:127.0.0.1", *address[1:]) if address[0] == "::" else address)


builtins.open = open_ours
socket.socket.bind = bind_to_loopback
