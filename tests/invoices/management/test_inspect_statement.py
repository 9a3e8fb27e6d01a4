"""The command inspect_statement: what it shows of a file, how it refuses one, and that it needs no database."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.invoices.bank_formats.camt_files import OWN, camt, entry, statement

ROOT = Path(__file__).resolve().parents[3]
GOOD = camt(
    statement(entry("5.00"), entry("3.50", side="DBIT"), opening="1.00", closing="2.50"),
    statement(entry("70", currency="JPY", status="<Cd>PDNG</Cd>"), currency="JPY", number="8"),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A good file."""
    path = tmp_path / "november.xml"
    path.write_bytes(GOOD)
    return path


def shown(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    """What the command prints as JSON."""
    call_command("inspect_statement", str(path), "--format", "json", *more)
    return json.loads(capsys.readouterr().out)


def test_json_shows_format_accounts_entries_sums_and_balances(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = shown(file, capsys)
    assert (told["format"], told["accounts"], told["entries"]) == ("camt.053.001.08", [OWN], 3)
    assert told["problems"] == []
    assert told["statements"][0] == {
        "account": OWN, "currency": "EUR", "number": "7", "from": "2026-11-02", "to": "2026-11-02", "entries": 2,
        "not_booked": 0, "in": "5.00", "out": "-3.50", "opening": "1.00", "closing": "2.50", "difference": "0.00",
    }  # fmt: skip
    other = told["statements"][1]
    assert (other["entries"], other["not_booked"], other["in"], other["opening"]) == (1, 1, "0", None)


def test_problems_are_shown_with_their_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.xml"
    path.write_bytes(camt(statement(entry("NaN"), entry("1.00"))))
    (problem,) = shown(path, capsys)["problems"]
    assert problem["position"] == "statement 1, entry 1, line 6"
    assert "“NaN” is not an amount" in problem["sentence"]


def test_a_table_is_for_people(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("inspect_statement", str(file))
    printed = capsys.readouterr().out
    assert printed.startswith("camt.053.001.08. Entries: 3, accounts: 1.")
    assert f"{OWN} EUR no. 7" in printed
    assert "opening 1.00, closing 2.50, difference 0.00" in printed
    assert "opening not stated, closing not stated" in printed
    assert "entries: 1, 1 of them not booked" in printed


def test_a_format_can_be_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(file, capsys, "--as", "camt")["entries"] == 3
    with pytest.raises(CommandError, match="no complete <OFX> element"):
        call_command("inspect_statement", str(file), "--as", "ofx")


@pytest.mark.parametrize(
    ("content", "sentence", "position"),
    [
        (b"", "The file “odd.xml” is empty. Ask the bank for it again.", ""),
        (GOOD.replace(b"</Stmt>", b"", 1), "The XML breaks here", "line 10, column 3"),
        (b"hello", "not a bank statement in a format known here", ""),
    ],
)
def test_a_refused_file_is_told_as_json_and_fails(
    content: bytes, sentence: str, position: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "odd.xml"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("inspect_statement", str(path), "--format", "json")
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"refused", "position"}
    assert sentence in told["refused"]
    assert told["position"] == position


def test_a_table_that_leaves_something_open_says_what_and_takes_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text("Date,Amount,Text\n2026-11-02,5.00,one\n2026-11-03,-3.00,two\n")
    with pytest.raises(CommandError):
        call_command("inspect_statement", str(path), "--format", "json")
    assert "currency" in json.loads(capsys.readouterr().out)["fields"]
    told = shown(path, capsys, "--currency", "EUR", "--account", "4711")
    assert (told["accounts"], told["entries"]) == (["4711"], 2)


@pytest.mark.parametrize("name", ["absent.xml", "", "\0"])
def test_a_file_that_cannot_be_opened_is_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError):
        call_command("inspect_statement", str(tmp_path / name), "--format", "json")
    assert "cannot be opened" in json.loads(capsys.readouterr().out)["refused"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with a database that does not answer."""
    away = {"DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/nothing", "COLLECTIONS_SECRET_KEY": "k" * 60}
    return subprocess.run(
        [sys.executable, "manage.py", "inspect_statement", *arguments], cwd=ROOT, env={**os.environ, **away},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_it_needs_no_database_and_fails_with_1_for_a_refused_file(file: Path, tmp_path: Path) -> None:
    done = run(str(file), "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["entries"]) == (0, 3)
    done = run(str(tmp_path), "--format", "json")
    assert done.returncode == 1
    assert "Is a directory" in json.loads(done.stdout)["refused"]
    assert "Traceback" not in done.stderr
