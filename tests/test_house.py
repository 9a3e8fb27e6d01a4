"""The habits of the house: sizes, names, places, and import contracts that hold and break when violated."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("collections_app", "customers", "invoices", "dunning", "worklist")
CODE = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]
TOP_LEVEL = {
    *PACKAGES, "manage.py", "templates", "static", "tests", "requirements.txt", "requirements-dev.txt", "docs",
    "docker-compose.yml", "README.md", "pyproject.toml", "Makefile", "Dockerfile", "CONTRIBUTING.md", "CHANGELOG.md",
}  # fmt: skip


def test_no_file_is_over_400_lines() -> None:
    long = {str(path.relative_to(ROOT)): n for path in CODE if (n := len(path.read_text().splitlines())) > 400}
    assert long == {}


def test_most_files_are_under_200_lines() -> None:
    short = [path for path in CODE if len(path.read_text().splitlines()) <= 200]
    assert len(short) >= 0.9 * len(CODE)


def test_no_room_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "helpers", "common", "manager", "handler", "misc"}
    assert [str(path.relative_to(ROOT)) for path in CODE if path.stem in drawers or path.parent.name in drawers] == []


def test_every_module_opens_by_saying_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in CODE
        if path.name != "__init__.py" and not path.read_text().lstrip().startswith(('"""', "#!"))
    ]
    assert silent == []


def test_the_top_level_holds_only_what_was_agreed() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    top = {name.split("/")[0] for name in tracked}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the packages and their contracts that a test may spoil."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_import_contracts_hold(house: Path) -> None:
    result = lint_imports(house)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("spoiled", "line", "contract"),
    [
        ("invoices/rules/aging.py", "from django.db import models", "Rules are pure"),
        ("customers/access.py", "from worklist.models import WorklistItem", "Apps only look down"),
        ("invoices/services/allocate.py", "from invoices import tasks", "Services never import tasks or views"),
        ("dunning/models/policy.py", "from dunning.services import prepare_run", "Inside an app"),
    ],
)
def test_import_contracts_break_when_violated(house: Path, spoiled: str, line: str, contract: str) -> None:
    path = house / spoiled
    path.write_text(f"{path.read_text()}\n{line}\n")
    result = lint_imports(house)
    assert result.returncode == 1
    assert any(contract in broken and "BROKEN" in broken for broken in result.stdout.splitlines()), result.stdout
