"""The configuration: defaults that need nothing, and every problem told at once (D93)."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from collections_app.embedded.announcement import Announcement, announcement_path
from collections_app.embedded.processes import start_mark
from collections_app.env import ConfigurationError, read_environment
from collections_app.env_values import ValueReader

from .conftest import ROOT

KEY = "k" * 50
PRODUCTION = {
    "DATABASE_URL": "postgresql://app:p%40ss@db.example.com:5433/receivables?sslmode=require",
    "REDIS_URL": "redis://cache.example.com:6379/3",
    "COLLECTIONS_SECRET_KEY": KEY,
    "COLLECTIONS_BASE_URL": "https://ar.example.com/",
}


def test_an_empty_environment_is_enough_and_keeps_a_secret_of_its_own(tmp_path: Path) -> None:
    first = read_environment({"COLLECTIONS_HOME": str(tmp_path / "home")}, ROOT)
    again = read_environment({"COLLECTIONS_HOME": str(tmp_path / "home")}, ROOT)
    assert first == again
    assert len(first.secret_key) >= 50
    assert stat.S_IMODE((tmp_path / "home/secret_key").stat().st_mode) == 0o600
    assert (first.base_url, first.database_name, first.database_url) == ("http://localhost:8000", "collections", None)
    assert first.webhook_secrets[0] != first.secret_key


def test_a_production_configuration_is_read_as_written(tmp_path: Path) -> None:
    env = read_environment({**PRODUCTION, "COLLECTIONS_DATASET": "sap"}, tmp_path)
    default = env.databases_default()
    assert (default["HOST"], default["PORT"], default["PASSWORD"]) == ("db.example.com", 5433, "p@ss")
    assert default["NAME"] == env.database_name == "receivables_sap"
    assert default["OPTIONS"] == {"sslmode": "require"}
    assert (env.broker_url, env.cache_url) == ("redis://cache.example.com:6379/3", "redis://cache.example.com:6379/4")
    assert env.base_url == "https://ar.example.com"
    assert "ar.example.com" in env.allowed_hosts
    assert not list(tmp_path.iterdir())


def test_d93_all_problems_are_listed_at_once_with_name_reason_and_example(tmp_path: Path) -> None:
    wrong = {
        "DATABASE_URL": "mysql://somewhere/db",
        "REDIS_URL": "http://somewhere",
        "COLLECTIONS_PORT": "80000",
        "COLLECTIONS_DEBUG": "perhaps",
        "COLLECTIONS_DATASET": "../sap",
        "COLLECTIONS_BASE_URL": "ar.example.com",
        "COLLECTIONS_EMAIL_BACKEND": "pigeon",
        "COLLECTIONS_MAIL_SINK": "nowhere",
        "COLLECTIONS_TICK_SECONDS": "NaN",
        "EMAIL_PORT": "-1",
        "EMAIL_PASSWORD_FILE": str(tmp_path / "missing"),
    }
    with pytest.raises(ConfigurationError) as caught:
        read_environment(wrong, tmp_path)
    text = str(caught.value)
    for name in [*wrong, "COLLECTIONS_SECRET_KEY"]:
        assert f"- {name}: " in text
        assert f"for example: {name}=" in text
    assert not (tmp_path / "var").exists()


def test_d93_manage_py_ends_at_once_without_a_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=ROOT,
        env={"DATABASE_URL": "mysql://x", "COLLECTIONS_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=5,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "DATABASE_URL: it must start with postgresql://" in done.stderr
    assert "COLLECTIONS_SECRET_KEY: it is required" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("wrong", ["receivables", "a+b@example.com", "Ann <a@example.com>", "a@localhost"])
def test_the_address_for_answers_is_a_bare_one(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_environment({"COLLECTIONS_HOME": str(tmp_path), "COLLECTIONS_REPLY_ADDRESS": wrong}, tmp_path)
    assert "COLLECTIONS_REPLY_ADDRESS" in str(caught.value)


def test_secrets_may_come_from_files_but_not_twice(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    production = {name: value for name, value in PRODUCTION.items() if name != "COLLECTIONS_SECRET_KEY"}
    env = read_environment({**production, "COLLECTIONS_SECRET_KEY_FILE": str(file)}, tmp_path)
    assert env.secret_key == KEY
    with pytest.raises(ConfigurationError, match="both COLLECTIONS_SECRET_KEY and COLLECTIONS_SECRET_KEY_FILE"):
        read_environment({**PRODUCTION, "COLLECTIONS_SECRET_KEY_FILE": str(file)}, tmp_path)


def test_debug_pages_are_refused_on_a_public_address(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="COLLECTIONS_DEBUG: debug pages"):
        read_environment({**PRODUCTION, "COLLECTIONS_DEBUG": "true"}, tmp_path)


def test_a_provider_needs_its_key_and_gets_it_under_its_own_name(tmp_path: Path) -> None:
    chosen = {**PRODUCTION, "COLLECTIONS_EMAIL_BACKEND": "postmark"}
    with pytest.raises(ConfigurationError, match="COLLECTIONS_EMAIL_API_KEY: postmark needs the key"):
        read_environment(chosen, tmp_path)
    env = read_environment({**chosen, "COLLECTIONS_EMAIL_API_KEY": "abc"}, tmp_path)
    assert env.email_backend == "anymail.backends.postmark.EmailBackend"
    assert env.anymail_settings == {"POSTMARK_SERVER_TOKEN": "abc"}


def test_a_name_that_nothing_reads_is_warned_about(tmp_path: Path) -> None:
    env = read_environment({**PRODUCTION, "COLLECTIONS_BASEURL": "x"}, tmp_path)
    assert [warning.split()[0] for warning in env.warnings] == ["COLLECTIONS_BASEURL"]


def test_commands_agree_with_a_running_server_and_ignore_a_dead_one(tmp_path: Path) -> None:

    alive = Announcement(os.getpid(), start_mark(os.getpid()), 8123, "http://localhost:8123", True, "127.0.0.1:8030")
    alive.write(announcement_path(tmp_path, ""))
    env = read_environment({"COLLECTIONS_HOME": str(tmp_path)}, ROOT)
    assert (env.port, env.base_url, env.demo) == (8123, "http://localhost:8123", True)
    assert (env.email_host, env.email_port) == ("127.0.0.1", 8030)
    alive.started = "0"
    alive.write(announcement_path(tmp_path, ""))
    assert read_environment({"COLLECTIONS_HOME": str(tmp_path)}, ROOT).port == 8000


def test_every_name_that_is_read_is_in_the_example_file(tmp_path: Path) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        asked: set[str] = set()
        original = ValueReader.text

        def remember(self: ValueReader, name: str, default: str = "") -> str:
            asked.add(name)
            return original(self, name, default)

        patch.setattr(ValueReader, "text", remember)
        read_environment(PRODUCTION, tmp_path)
    missing = sorted(name for name in asked if f"{name}=" not in example)
    assert missing == []
