"""One value, one byte form; a chain breaks when anything before it changes."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.lib.digests import canonical_json, chain_digest
from collections_app.lib.errors import BadInput


def test_the_canonical_form_is_sorted_tight_and_exact() -> None:
    value = {
        "b": Decimal("1.50"),
        "a": date(2026, 11, 3),
        "d": [1, True, None, "ü"],
        "c": datetime(2026, 11, 3, 12, tzinfo=ZoneInfo("Europe/Berlin")),
        "e": UUID(int=1),
    }
    assert canonical_json(value).decode() == (
        '{"a":"2026-11-03","b":"1.50","c":"2026-11-03T11:00:00+00:00","d":[1,true,null,"ü"],'
        '"e":"00000000-0000-0000-0000-000000000001"}'
    )


@pytest.mark.parametrize(
    "value", [1.5, Decimal("NaN"), datetime(2026, 1, 1), {1: "a"}, {"a": {1.0}}, b"x", object(), "\ud800", float("nan")]
)
def test_what_has_no_exact_form_is_refused(value: Any) -> None:
    with pytest.raises(BadInput):
        canonical_json(value)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
).filter(lambda value: "\\ud" not in json.dumps(value))


@given(PLAIN)
def test_a_stored_payload_read_back_has_the_same_bytes(value: object) -> None:
    assert canonical_json(json.loads(canonical_json(value))) == canonical_json(value)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), st.integers(), max_size=5))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


def test_a_digest_depends_on_the_payload_and_all_before_it() -> None:
    first = chain_digest(None, {"a": 1})
    second = chain_digest(bytes.fromhex(first), {"a": 2})
    assert len(first) == 64
    assert first == chain_digest(None, {"a": 1})
    assert second != chain_digest(None, {"a": 2})
    assert second != chain_digest(bytes.fromhex(chain_digest(None, {"a": 3})), {"a": 2})


def test_a_payload_cannot_pass_for_a_piece_of_the_digest_before() -> None:
    assert chain_digest(b"1", 2) != chain_digest(None, 12)


def test_the_same_instant_in_two_zones_has_one_form() -> None:
    berlin = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)
    assert canonical_json(berlin) == canonical_json(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
