"""What people may write, and what becomes of it."""

from datetime import date
from decimal import Decimal
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning.rules.letter import Letter, Line, Seller, write
from dunning.rules.templates import Unfilled, fill, parts, problems_of

DAY = date(2026, 3, 2)
EVIL = "<script>alert(1)</script>\"'&{{amount}}"


def letter(**fields: object) -> Letter:
    lines = [Line("R-1", DAY, DAY, Decimal("1234.50"), Decimal("1234.50"), 9)]
    made = {
        "language": "en", "currency": "EUR", "amount": Decimal("1234.50"), "credits": Decimal(0), "lines": lines,
        "seller": Seller("Nordwind", iban="DE89370400440532013000"), "customer_name": "Meyer", "customer_number": "C1",
        "customer_address": "", "contact_name": "Pat", "on": DAY, "pay_by": DAY, "link": "https://x.example/pay/t/",
    }  # fmt: skip
    return Letter(**{**made, **fields})  # type: ignore[arg-type]


REFUSED = """
{% load static %}
{{ settings.SECRET_KEY }}
{{ c.delete }}
{c.__init__}
${x}
{{7*7}}
{{unknown}}
{{amount|safe}}
{# note #}
{{amount
amount}}
{{{amount}}}
{{AMOUNT}}
{
}
text {{invoice_table}} text
{{invoice_table}}{{pay_link}}
"""


@pytest.mark.parametrize("line", REFUSED.strip().splitlines())
def test_d65_anything_but_a_known_name_is_refused_with_its_line(line: str) -> None:
    found = problems_of("Subject", f"Hello\n{line}\n{{{{invoice_table}}}}")
    assert [problem.line for problem in found if not problem.is_warning][:1] == [2]
    assert all(problem.sentence.endswith(".") for problem in found)


def test_d65_money_and_per_cent_are_fine() -> None:
    assert problems_of("$1,200 and 50 %", "50 % of $1,200: {{amount}}, {{ amount }}\n\n{{invoice_table}}\n") == []


@pytest.mark.parametrize("subject", ["", "  ", "a\nb", "{{invoice_table}}", "{{unknown}}", "{"])
def test_a_subject_is_one_line_of_words_and_names(subject: str) -> None:
    assert {problem.line for problem in problems_of(subject, "{{invoice_table}}")} == {0}


def test_a_text_without_the_invoices_is_refused_and_a_threat_is_warned_of() -> None:
    assert "invoice_table" in problems_of("x", "Pay!")[0].sentence
    (warning,) = problems_of("x", "We will call the police.\n{{invoice_table}}")
    assert (warning.line, warning.is_warning) == (1, True)


def test_u26_a_placeholder_without_a_value_blocks() -> None:
    with pytest.raises(Unfilled, match="seller_name"):
        write(letter(seller=Seller("")), "x", "{{seller_name}}\n{{invoice_table}}")


def test_d66_a_value_that_looks_like_markup_or_a_placeholder_stays_as_it_is() -> None:
    evil = letter(customer_name=EVIL, contact_name=EVIL, seller=Seller(EVIL), lines=[
        Line(EVIL, DAY, DAY, Decimal("1.00"), Decimal("1.00"), 1, EVIL)])  # fmt: skip
    written = write(
        evil, "{{customer_name}}", "Hello {{contact_name}}\n{{invoice_table}}\n{{pay_link}}\n{{bank_details}}"
    )
    assert "<script>" not in written.html
    assert escape(EVIL) in written.html
    assert EVIL in written.subject
    assert EVIL in written.text


def test_d84_a_line_break_in_a_value_cannot_forge_a_header() -> None:
    written = write(letter(customer_name="Meyer\r\nBcc: all@example.com"), "For {{customer_name}}", "{{invoice_table}}")
    assert "\n" not in written.subject
    assert "\r" not in written.subject


def test_the_blocks_stand_where_they_were_put() -> None:
    assert parts("Hello\nyou\n\n{{ invoice_table }}\nBye") == ["Hello\nyou", "{{invoice_table}}", "Bye"]


@given(st.text(alphabet="ab{}%#$ \n", max_size=60))
def test_whatever_is_accepted_can_be_filled(body: str) -> None:
    body = f"{body}\n\n{{{{invoice_table}}}}"
    if not [problem for problem in problems_of("x", body) if not problem.is_warning]:
        assert "Total" in write(letter(), "x", body).text


@given(st.text(max_size=80))
def test_filling_changes_only_placeholders(text: str) -> None:
    if "{{" not in text:
        assert fill(text, {}) == text
