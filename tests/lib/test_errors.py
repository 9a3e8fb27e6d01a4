"""Refusals carry a sentence, a stable code and sentences per field."""

import copy

import pytest

from collections_app.lib.errors import BadInput, Conflict, NotAllowed, Refusal, quoted


def test_a_refusal_speaks_in_a_sentence() -> None:
    refusal = Refusal("Choose a date.", code="no_date", fields={"due_on": "Choose a date."})
    assert (str(refusal), refusal.sentence, refusal.code) == ("Choose a date.", "Choose a date.", "no_date")
    assert refusal.fields == {"due_on": "Choose a date."}


@pytest.mark.parametrize(
    ("kind", "code"),
    [(Refusal, "refused"), (NotAllowed, "not_allowed"), (Conflict, "conflict"), (BadInput, "bad_input")],
)
def test_every_kind_is_a_refusal_with_a_code_of_its_own(kind: type[Refusal], code: str) -> None:
    assert isinstance(kind("No."), Refusal)
    assert kind("No.").code == code


def test_a_refusal_survives_the_way_through_a_queue() -> None:
    sent = copy.copy(BadInput("No.", code="no", fields={"a": "b"}))  # copying uses the same protocol as pickling
    assert (type(sent), sent.sentence, sent.code, sent.fields) == (BadInput, "No.", "no", {"a": "b"})


def test_quoting_shortens_and_disarms() -> None:
    assert quoted("a\x00b\nc") == "“a?b c”"
    assert quoted("x" * 100) == "“" + "x" * 40 + "…”"
