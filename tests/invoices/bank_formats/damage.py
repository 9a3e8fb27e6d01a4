"""Bank files of others to measure by, and ways to damage a file: cut, flipped, written in another encoding."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import strategies as st

from collections_app.lib.currencies import is_currency, quantum
from invoices.bank_formats.contract import BankFormat, Choices, ParsedFile, Refused

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "bank"
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1251", "cp852", "utf-16-le")


def sample(name: str) -> bytes:
    """The content of a sample file, such as "mt940/ing.sta"; the test is skipped where the samples are not here."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"The bank sample {name} is not here.")
    return path.read_bytes()


def damaged(whole: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """One of the files, cut at both ends, with bytes changed or put in, perhaps in another encoding."""

    @st.composite
    def draw(draw: st.DrawFn) -> bytes:
        content = draw(st.sampled_from(whole))
        if draw(st.booleans()):
            text = content.decode("latin-1")
            content = text.encode(draw(st.sampled_from(_ENCODINGS)), errors="replace")
        if draw(st.booleans()):
            content = content[: draw(st.integers(0, len(content)))]
        for _ in range(draw(st.integers(0, 4))):
            at = draw(st.integers(0, len(content)))
            put = draw(st.one_of(st.binary(max_size=3), st.sampled_from([b"\0", b"NaN", b"Infinity", b"9" * 40, b"-"])))
            content = content[:at] + put + content[at + draw(st.integers(0, 3)) :]
        return content

    return draw()


def parsed_or_refused(adapter: BankFormat, content: bytes, choices: Choices | None = None) -> ParsedFile | None:
    """What the adapter gives for the content, None when it refuses; every amount must be money."""
    adapter.sniff(content)
    try:
        parsed = adapter.read_with(content, choices) if choices and adapter.read_with else adapter.parse(content)
    except Refused:
        return None
    for statement in parsed.statements:
        assert is_currency(statement.currency)
        for entry in statement.entries:
            assert entry.currency == statement.currency
            assert entry.amount
            assert entry.amount.is_finite()
            assert entry.amount == entry.amount.quantize(quantum(entry.currency))
            assert abs(entry.amount) < 10**15
            assert "\0" not in entry.text + entry.counterparty_name + entry.reference + entry.bank_reference
            assert entry.position
    assert all(problem.position and problem.sentence.endswith(".") for problem in parsed.problems)
    return parsed
