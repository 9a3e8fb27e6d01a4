"""With the database or the broker really away, every answer is a sentence, never a 500, and says when to come back."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

NOWHERE = {
    "database": {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing", "COLLECTIONS_SECRET_KEY": "k" * 60},
    "broker": {"REDIS_URL": "redis://127.0.0.1:1/0"},
}
_ASK = """
import json, os
import pytest  # the settings of tests: no manifest of static files is needed
os.environ["DJANGO_SETTINGS_MODULE"] = "collections_app.settings"
import django
django.setup()
from django.conf import settings
from django.test import Client
found = {}
for path in ("/healthz", "/readyz", "/invoices/", "/api/v1/invoices/", "/cash/"):
    client = Client(raise_request_exception=False)
    headers = {"Host": "localhost"}
    if "DATABASE_URL" in os.environ and path.startswith("/api"):
        headers["Authorization"] = "Bearer col_x"
    elif "DATABASE_URL" in os.environ and path not in ("/healthz", "/readyz"):
        client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    answer = client.get(path, headers=headers)
    found[path] = [answer.status_code, answer.headers.get("Retry-After", ""), answer.content.decode()]
print("ANSWER" + json.dumps(found))
"""


def answers(missing: str) -> dict[str, Any]:
    """Path -> status, Retry-After and body, from a process that cannot reach the missing engine."""
    environ = {**os.environ, **NOWHERE[missing]}
    done = subprocess.run([sys.executable, "-c", _ASK], env=environ, capture_output=True, text=True, timeout=120)
    assert "ANSWER" in done.stdout, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.split("ANSWER", 1)[1])
    return found


@pytest.fixture(scope="module")
def without_database() -> dict[str, Any]:
    return answers("database")


@pytest.mark.parametrize("path", ["/invoices/", "/cash/", "/api/v1/invoices/"])
def test_without_the_database_pages_and_api_say_so(without_database: dict[str, Any], path: str) -> None:
    status, retry, body = without_database[path]
    assert (status, retry) == (503, "15")
    assert "The database cannot be reached" in body
    assert "127.0.0.1" not in body


def test_d94_without_the_database_the_process_lives_but_is_not_ready(without_database: dict[str, Any]) -> None:
    assert without_database["/healthz"][0] == 200
    assert without_database["/readyz"][0] == 503
    assert json.loads(without_database["/readyz"][2])["database"] == "away"


def test_d94_without_the_broker_the_process_is_not_ready_and_says_which() -> None:
    found = answers("broker")
    assert found["/healthz"][0] == 200
    assert found["/readyz"][0] == 503
    assert json.loads(found["/readyz"][2])["broker"] == "away"
    assert found["/invoices/"][0] == 302
    assert found["/api/v1/invoices/"][0] == 401
