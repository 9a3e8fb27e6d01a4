"""The files that carry the program to other machines say what the program understands."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from collections_app.embedded.health import CHECKS, main
from collections_app.env import read_environment

from .conftest import ROOT

SERVICES = {"postgres", "valkey", "migrate", "web", "worker", "beat", "mail"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def test_every_service_has_a_health_check_and_a_user_that_is_not_root(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == SERVICES
    for name, service in compose["services"].items():
        assert int(service["user"].split(":")[0]) > 0, name
        if name != "migrate":
            assert service["healthcheck"]["test"], name


def test_only_the_web_is_published_and_only_on_this_machine(compose: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_what_compose_sets_is_a_configuration_the_program_accepts(compose: dict[str, Any], tmp_path: Path) -> None:
    for name in ("web", "worker", "beat", "mail", "migrate"):
        given = {
            variable: re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", re.sub(r"\$\{[A-Z_]+:\?[^}]*\}", "x" * 50, str(value)))
            for variable, value in compose["services"][name]["environment"].items()
        }
        env = read_environment(given, tmp_path)
        assert env.warnings == ()
        assert env.database_url
        assert env.redis_url
        assert env.email_port == 8025


def test_a_broken_process_is_reported_as_ill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLECTIONS_MAIL_SINK", "127.0.0.1:1")
    assert main(["mail"]) == 1
    assert main(["nothing"]) == 2
    assert set(CHECKS) == {"web", "beat", "mail"}


@pytest.mark.parametrize("script", ["setup", "check", "run"])
def test_scripts_are_executable_and_parse(script: str) -> None:
    path = ROOT / ".ci" / script
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0


def test_make_knows_every_promised_target() -> None:
    for target in ("setup", "demo", "test", "check", "bench", "fuzz", "chaos", "screenshots", "fmt"):
        done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
