"""Connecting elsewhere than a URL says, as curl's --connect-to does: in a container, `localhost` is another machine's."""

import gevent.socket
import socket


def connect_to(wanted):
    """Takes `host:port=other:port`, separated by commas. Names in certificates, cookies and signatures stay as they are."""
    elsewhere = dict(_pair(pair) for pair in wanted.split(",") if pair)
    if not elsewhere:
        return
    resolve = gevent.socket.getaddrinfo

    def getaddrinfo(host, port, *rest, **options):
        host, port = elsewhere.get((host, int(port or 0)), (host, port))
        return resolve(host, port, *rest, **options)

    gevent.socket.getaddrinfo = socket.getaddrinfo = getaddrinfo


def _pair(text):
    seen, _, meant = text.partition("=")
    return _place(seen), _place(meant)


def _place(text):
    host, _, port = text.strip().rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"{text!r} is no host:port")
    return host, int(port)
