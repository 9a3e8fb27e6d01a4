"""What people may write, and what becomes of it."""

from datetime import date
from decimal import Decimal
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning.rules.letter import Letter, Line, Seller, write
from dunning.rules.templates import Place, Unfilled, fill, parts, problems_of

TABLE = "{{invoice_table}}\n{{pay_link}}"

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
    assert problems_of("$1,200 and 50 %", f"50 % of $1,200: {{{{amount}}}}, {{{{ amount }}}}\n\n{TABLE}\n") == []


@pytest.mark.parametrize(
    "subject", ["", "  ", "a\nb", "a\rBcc: b", "a\x00b", "{{fee}}", "{{invoice_table}}", "{{unknown}}", "{"]
)
def test_a_subject_is_one_line_of_words_and_names(subject: str) -> None:
    assert {problem.line for problem in problems_of(subject, TABLE)} == {0}


def test_a_text_without_the_invoices_is_refused_and_a_threat_is_warned_of() -> None:
    assert "invoice_table" in problems_of("x", "Pay!")[0].sentence
    (warning,) = problems_of("x", f"We will call the police.\n{TABLE}")
    assert (warning.line, warning.is_warning) == (1, True)


@pytest.mark.parametrize(
    ("body", "channel", "wanted"),
    [
        ("{{invoice_table}}", "email", "no pay link"),
        ("{{invoice_table}}\n{{bank_details}}", "email", "no pay link"),
        ("{{invoice_table}}\n{{bank_details}}", "letter", ""),
        ("{{invoice_table}}\n{{pay_address}}", "email", ""),
        ("{{amount}} is open.", "sms", "no way to pay"),
        ("{{amount}}: {{pay_address}}", "sms", ""),
        ("{{amount}} is open.", "portal", ""),
        ("{{pay_address}} " + "x" * 300, "sms", "300"),
    ],
)
def test_words_without_a_way_to_pay_are_warned_of(body: str, channel: str, wanted: str) -> None:
    found = problems_of("x", body, Place(channel=channel))
    assert [wanted in problem.sentence for problem in found] == ([True] if wanted else [])
    assert all(problem.is_warning for problem in found)


def test_a_short_message_takes_no_blocks_and_an_apology_asks_for_nothing() -> None:
    (refused,) = problems_of("x", TABLE + "\n{{pay_address}}", Place(channel="sms"))
    assert not refused.is_warning
    assert problems_of("Sorry", "It was a mistake.", Place(stage="apology")) == []


def test_the_line_of_a_fee_is_there_only_when_there_is_one() -> None:
    body = "Hello\nThe fee is {{fee}}.\n\n{{fee}} and {{interest}}\n\n{{invoice_table}}"
    without = write(letter(), "x", body)
    assert "fee" not in without.text.lower()
    with_fee = write(letter(fee=Decimal("5.00"), amount=Decimal("1239.50")), "x", body)
    assert "The fee is €5.00." in with_fee.text
    assert "Reminder fee: EUR" in with_fee.text
    assert "Reminder fee" in with_fee.html
    assert " and " not in with_fee.text.split("Invoice")[0]


def test_l10_interest_is_named_and_not_part_of_the_total() -> None:
    written = write(letter(interest=Decimal("3.20")), "x", TABLE)
    assert "Interest so far, not part of the total: EUR\u00a03.20" in written.text
    assert "Total: EUR\u00a01,234.50" in written.text


def test_r10_what_is_held_is_shown_below_the_total() -> None:
    written = write(letter(held=[("R-9", Decimal("70.00"))]), "x", TABLE)
    assert written.text.index("Total") < written.text.index("R-9")
    assert "not asked for now" in written.html


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
