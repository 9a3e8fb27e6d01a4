"""D71, D99: a long search for bank files that break a reader. Only statements or refusals may leave it, in time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invoices.bank_formats.registry import bank_formats
from tests.fuzz.bank_files import ANSWERS, SEEDS, read_whatever
from tests.invoices.bank_formats.damage import damaged

LONG = settings(settings.get_profile("fuzz"))
WHOLE = [content for each in SEEDS.values() for content in each]
LINES = sorted({line for content in WHOLE for line in content.splitlines(keepends=True)})
shuffled = st.tuples(st.sampled_from(WHOLE), st.lists(st.sampled_from(LINES), max_size=40)).map(
    lambda drawn: drawn[0][: len(drawn[0]) // 3] + b"".join(drawn[1]) + drawn[0][-len(drawn[0]) // 3 :]
)


@pytest.mark.parametrize("code", bank_formats())
def test_every_format_has_a_seed_that_it_reads_whole(code: str) -> None:
    for content in SEEDS[code]:
        adapter = bank_formats()[code]
        parsed = adapter.read_with(content, ANSWERS) if code == "qif" and adapter.read_with else adapter.parse(content)
        assert (parsed.problems, [each.difference or 0 for each in parsed.statements]) == ((), [0])


@LONG
@given(content=damaged(WHOLE))
def test_d99_damaged_bank_files(content: bytes) -> None:
    read_whatever(content)


@LONG
@given(content=shuffled)
def test_d99_lines_in_any_order(content: bytes) -> None:
    read_whatever(content)


@LONG
@given(content=st.binary(max_size=2000))
def test_d99_any_bytes(content: bytes) -> None:
    read_whatever(content)
