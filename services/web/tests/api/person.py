"""Somebody who registers, confirms, logs in and makes a token, through the pages."""

import re
import uuid

import httpx

PASSWORD = "correct horse battery staple"


def fetch(address):
    answer = httpx.get(address, verify=False)
    answer.raise_for_status()
    return answer.content


def with_tokens(web, mailbox, number):
    """So many tokens that may do everything, of somebody new, and the browser in which they are signed in."""
    browser = httpx.Client(base_url=web, verify=False)
    username = f"api-{uuid.uuid4().hex[:8]}"
    email = f"{username}@example.org"
    fields = {"username": username, "name": "Ada Lovelace", "email": email, "password": PASSWORD}
    submit(browser, "/register", {**fields, "terms": field(browser.get("/register").text, "terms")})
    link = re.search(r"/confirm/\S+", mail_to(mailbox, email)).group()
    submit(browser, link, {"password": PASSWORD})
    submit(browser, "/login", {"username": username, "password": PASSWORD, "redirect_url": ""})
    return browser, [make_token(browser) for _ in range(number)]


def make_token(browser):
    wanted = {"name": "schemathesis", "lasts": "7", "password": PASSWORD}
    page = submit(browser, "/profile/tokens", {**wanted, "read": "yes", "submit": "yes", "webhooks": "yes", "delete": "yes"})
    return re.search(r'id="token">(gas_[0-9a-v]+)<', page).group(1)


def approve(browser, code):
    """Says yes to a program that logs in."""
    page = submit(browser, "/device", {"code": code, "decision": "approve", "password": PASSWORD}, "/device/decide")
    assert "is logged in" in page, page


def submit(browser, path, fields, action=None):
    token = field(browser.get(path).text, "csrf_token")
    answer = browser.post(action or path, data={**fields, "csrf_token": token})
    assert answer.status_code < 400, answer.text
    return answer.text


def field(page, name):
    """The value of a field of a page's form."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page).group()
    return re.search(r'value="([^"]*)"', tag).group(1)


def mail_to(mailbox, email):
    mails = httpx.get(f"{mailbox.removesuffix('/mailbox')}/mailbox.json").json()
    return next(mail["text"] for mail in mails if mail["to"] == email)
