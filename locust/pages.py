"""What a browser reads in our pages: forms, links and what they say."""

import re
from html import unescape

import urllib3

_FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
_ASSET = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js)[^"]*)"')
_JOB = re.compile(r'href="/annotations/([0-9a-f-]{36})"')
_NEXT = re.compile(r'href="(/annotations\?after=[^"]*)"')
_TERMS = re.compile(r'name="terms"[^>]* value="([^"]*)"')
_UPLOAD = re.compile(r'<form id="upload".*?</form>', re.DOTALL)


def fields(form):
    """The hidden fields of a form, in their order."""
    return [(unescape(name), unescape(value)) for name, value in _FIELD.findall(form)]


def form(page, action):
    """The form that goes to `action`, or nothing."""
    begin = page.find(f'action="{action}"')
    return page[begin : page.find("</form>", begin)] if begin >= 0 else ""


def terms(form):
    """The version of the terms that whoever registers accepts, or nothing where there are none."""
    found = _TERMS.search(form)
    return unescape(found[1]) if found else ""


def assets(page):
    """Style and scripts that the page wants loaded, with the version that lets browsers keep them."""
    return [unescape(path) for path in _ASSET.findall(page)]


def jobs(page):
    """Ids of the jobs that a list shows, newest first."""
    return list(dict.fromkeys(_JOB.findall(page)))


def older(page):
    """Address of the list's next page, or None."""
    found = _NEXT.search(page)
    return unescape(found[1]) if found else None


def state(page):
    """What a job's page says of it: PENDING, RUNNING, COMPLETED …, or None."""
    found = re.search(r'<div id="job"[^>]*data-status="([A-Z]+)"', page)
    return found[1] if found else None


def upload(page):
    """Where the form of the upload goes, and its fields, the first of each choice among them; None if the page has no such form."""
    found = _UPLOAD.search(page)
    action = found and re.search(r'action="([^"]*)"', found[0])
    if not action:
        return None
    choices = re.findall(r'<select [^>]*name="([^"]*)".*?<option value="([^"]*)"', found[0], re.DOTALL)
    chosen = [(unescape(name), unescape(first)) for name, first in choices]
    return unescape(action[1]), fields(found[0]) + chosen


def multipart(values, name, content):
    """Body and type of an upload. Storage wants the file last."""
    file = ("file", (name, content, "application/octet-stream"))
    return urllib3.encode_multipart_formdata([*values, file])
