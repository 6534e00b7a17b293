"""The plain peer of `pages.py`: the signed-in list of jobs, as a service in Flask does it, from the same stores as ours.

    gunicorn --worker-class gthread --workers 2 --threads 8 --certfile CERT --keyfile KEY peer:app

Clients are made once and kept, connections are pooled, and no more is read than is shown. Variables: DATABASE_URL,
ENDPOINT and those of boto3.
"""

import base64
import datetime
import hashlib
import hmac
import os

import boto3
import flask
from boto3.dynamodb.conditions import Key
from botocore.config import Config
from sqlalchemy import create_engine, text

app = flask.Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"], pool_size=16)
dynamodb = boto3.resource("dynamodb", endpoint_url=os.environ["ENDPOINT"], config=Config(max_pool_connections=16))
annotations = dynamodb.Table("annotations")
SECRET = os.urandom(32)

SESSION = text("""
    SELECT u.id, u.username, u.name, u.role FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.token_hash = :hash AND s.expires_at > now()""")

app.jinja_env.globals["csrf"] = lambda: base64.urlsafe_b64encode(
    hmac.digest(SECRET, flask.request.cookies["__Host-session"].encode(), "sha256")).decode()

PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>My annotations</title>
  <link rel="stylesheet" href="/static/app.css">
  <script type="module" src="/static/app.js"></script>
</head>
<body>
  <header>
    <a href="/">GAS</a>
    <nav><a href="/annotate">Annotate</a> <a href="/annotations" aria-current="page">My annotations</a></nav>
    <p>{{ user.name }} ({{ user.username }}, {{ user.role }}) <a href="/profile">My Account</a></p>
    <form method="post" action="/logout"><input type="hidden" name="csrf_token" value="{{ csrf() }}"><button>Logout</button></form>
  </header>
  <main>
    <h1>My annotations</h1>
    <table>
      <tr><th>ID</th><th>Request time</th><th>File name</th><th>Status</th><th>Results</th></tr>
      {% for job in jobs %}
      <tr>
        <td><a href="/annotations/{{ job.job_id }}">{{ job.job_id }}</a></td>
        <td>{{ job.submit_time | utc }}</td>
        <td>{{ job.input_file_name }} <span title="{{ job.input_size }} bytes">{{ job.input_size | filesizeformat }}</span></td>
        <td>{{ job.job_status }}</td>
        <td>{% if job.job_status == "COMPLETED" %}<a href="/annotations/{{ job.job_id }}/results">Download</a>
          {{ job.results_size | filesizeformat }} {{ job.complete_time | minutes_left }} min left{% else %}–{% endif %}</td>
      </tr>
      {% endfor %}
    </table>
  </main>
</body>
</html>
"""


@app.template_filter()
def utc(seconds):
    return datetime.datetime.fromtimestamp(int(seconds), datetime.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


@app.template_filter()
def minutes_left(completed):
    return max(0, int(completed) + 1800 - int(datetime.datetime.now().timestamp())) // 60


page = app.jinja_env.from_string(PAGE)


@app.get("/annotations")
def listed():
    token = flask.request.cookies.get("__Host-session", "")
    with engine.connect() as connection:
        user = connection.execute(SESSION, {"hash": hashlib.sha256(token.encode()).digest()}).first()
    if user is None:
        return flask.redirect("/login")
    found = annotations.query(
        IndexName="user_id_index", KeyConditionExpression=Key("user_id").eq(str(user.id)), ScanIndexForward=False, Limit=20,
        ProjectionExpression="job_id, submit_time, input_file_name, input_size, job_status, complete_time, results_size")
    return page.render(user=user, jobs=found["Items"])
