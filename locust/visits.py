"""What takes several pages, for people of the run and for those who prepare it."""

import pages
from browser import target

FULL_NAME = "Load Test"


def address(username):
    """Where mails to this account go: a name that is reserved for examples (RFC 2606)."""
    return f"{username}@example.org"


def register(browser, username, password, page):
    """Sends the form of the page to register. The mail is on its way when the answer is there."""
    typed = {"name": FULL_NAME, "username": username, "email": address(username), "password": password}
    form = pages.form(page.text, "/register")
    hidden = {**dict(pages.fields(form)), "terms": pages.terms(form)}
    browser.ask("POST", "/register", "/register (sent)", data={**hidden, **typed}, holds="Check your e-mail")


def confirm(browser, path, password):
    """Two requests: the page that the link of the mail leads to, and the password that it asks for."""
    page = browser.get(path, "/confirm/[token]", holds="csrf_token")
    sent = {**dict(pages.fields(page.text)), "password": password}
    browser.ask("POST", path, "/confirm/[token] (sent)", data=sent, holds="Your account is ready")


def log_in(browser, username, password):
    """Two requests: the page, and what is typed into it."""
    page = browser.get("/login", holds="csrf_token")
    hidden = dict(pages.fields(pages.form(page.text, "/login")))
    sent = {**hidden, "username": username, "password": password}
    browser.ask("POST", "/login", "/login (sent)", data=sent, status=303)


def upload(browser, page, name, content):
    """Two requests: the file to the object store by the form of the page, and where the store sends the browser then. The
    answer is the path of the job's page."""
    action, fields = pages.upload(page.text)
    body, content_type = pages.multipart(fields, name, content)
    headers = {"Content-Type": content_type}
    sent = browser.ask("POST", action, "upload (store)", status=303, kind="S3", data=body, headers=headers)
    return target(browser.get(target(sent), "/annotate/job", status=303))
