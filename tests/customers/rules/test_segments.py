"""The language of segment rules: what is refused, and how facts fit (F3)."""

from decimal import Decimal
from typing import Any

import pytest

from collections_app.lib.errors import BadInput
from customers.rules.segments import FIELDS, Kind, SegmentFacts, as_data, belongs, groups_of, read_rule, sentence

FACTS = SegmentFacts(
    1, "EUR", country="DE", kind="business", tags=frozenset({"Key", "export"}), risk_class="", currency="EUR",
    entity="DE01", overdue_balance=Decimal(500), oldest_days_late=30, months_known=14, broken_promises=2,
)  # fmt: skip


def rule(*entries: Any) -> Any:
    return {"all": list(entries)}


def one(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        (one("country", "in", ["de", "AT"]), True),
        (one("country", "in", "de"), True),
        (one("country", "not_in", ["de"]), False),
        (one("tags", "in", ["KEY"]), True),
        (one("tags", "not_in", ["key", "vip"]), False),
        (one("tags", "not_in", ["vip"]), True),
        (one("risk_class", "not_in", ["high"]), True),
        (one("risk_class", "unknown"), True),
        (one("overdue_balance", "ge", "500"), True),
        (one("overdue_balance", "gt", 500), False),
        (one("overdue_balance", "le", "500.00"), True),
        (one("overdue_balance", "lt", "500"), False),
        (one("credit_limit", "ge", "0"), False),
        (one("credit_limit", "lt", "1"), False),
        (one("credit_limit", "unknown"), True),
        (one("months_known", "known"), True),
    ],
)
def test_f03_a_condition_fits_or_not_and_unknown_numbers_fit_no_comparison(
    condition: dict[str, Any], fits: bool
) -> None:
    assert belongs(read_rule(rule(condition)), FACTS) is fits


def test_f03_all_groups_must_hold_and_of_each_any_condition() -> None:
    german, french = one("country", "in", ["DE"]), one("country", "in", ["FR"])
    late = one("oldest_days_late", "ge", "30")
    assert belongs(read_rule(rule({"any": [german, french]}, late)), FACTS)
    assert not belongs(read_rule(rule(german, french)), FACTS)
    assert not belongs(read_rule(rule(late, french)), FACTS)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "rule_shape"),
        ([], "rule_shape"),
        ({"any": []}, "rule_shape"),
        ({"all": "x"}, "rule_shape"),
        ({"all": []}, "rule_empty"),
        (rule("x"), "rule_shape"),
        (rule({"any": []}), "rule_shape"),
        (rule({"any": [{"any": [one("country", "in", "DE")]}]}), "rule_shape"),
        (rule({**one("country", "in", "DE"), "more": 1}), "rule_shape"),
        (rule(one("password", "in", "x")), "rule_field"),
        (rule(one("country", "ge", "1")), "rule_operator"),
        (rule(one("sales", "in", "1")), "rule_operator"),
        (rule(one("country", "in", [])), "rule_value"),
        (rule(one("country", "in", [1])), "rule_value"),
        (rule(one("country", "in", ["x" * 81])), "rule_value"),
        (rule(one("sales", "ge", "NaN")), "rule_value"),
        (rule(one("sales", "ge", "1e30")), "rule_value"),
        (rule(one("sales", "ge", "-1")), "rule_value"),
        (rule(one("sales", "ge", True)), "rule_value"),
        (rule(one("sales", "ge", 1.5)), "rule_value"),
        (rule(*[one("country", "in", "DE")] * 41), "rule_long"),
    ],
)
def test_f03_what_is_no_rule_is_refused_with_a_reason(data: Any, code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read_rule(data)
    assert refusal.value.code == code


def test_f03_a_rule_reads_as_a_sentence_and_survives_the_form() -> None:
    data = rule(
        one("country", "in", ["de", "at"]), {"any": [one("risk_class", "in", ["high"]), one("sales", "lt", "5")]}
    )
    assert sentence(read_rule(data)) == (
        "Country is one of AT, DE, and (Risk class is one of high or Sales, 12 months is less than 5)"
    )
    assert as_data(groups_of(data)) == data


def test_every_field_is_a_fact_of_its_kind() -> None:
    assert set(FIELDS) <= set(SegmentFacts._fields)
    for field in FIELDS.values():
        fact = getattr(FACTS, field.name)
        assert isinstance(fact, frozenset) == (field.kind is Kind.WORDS)
        assert isinstance(fact, str) == (field.kind is Kind.WORD)
