"""The table in docs/bank-formats.md is what the readers make of the bank files that lie beside the project."""

from pathlib import Path

import pytest

from tests.bank_samples import DOCUMENT, FOLDER, HEAD, row, samples

PATHS = samples()
pytestmark = pytest.mark.skipif(not PATHS, reason="The bank samples are not beside the project.")


def rows() -> list[str]:
    """The lines of the table, without head and rule."""
    return DOCUMENT.read_text(encoding="utf-8").split(HEAD)[1].split("\n\n")[0].strip().splitlines()[1:]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_the_document_says_what_becomes_of_the_file(path: Path) -> None:
    assert row(path) in rows()


def test_the_document_lists_every_file_once() -> None:
    listed = [line.split("|")[1].strip() for line in rows()]
    assert listed == [path.relative_to(FOLDER).as_posix() for path in PATHS]


def test_every_sample_that_states_both_balances_leads_from_one_to_the_other_or_says_which_entry_is_missing() -> None:
    apart = [line for line in rows() if " apart" in line]
    assert [line for line in apart if "line " not in line] == []
