"""Bank lines find their invoices in the ledger: what posts, what waits, what is learned, and with how many queries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.services.merge_customers import merge_customers
from invoices.models import BankLine, BankPosting, CurrencyRules, MatchSuggestion, PayerAlias, Payment, RemittanceAdvice
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.verify_ledger import violations
from invoices.services.suggest_matches import Matched, suggest_matches
from tests.factories import DAY, customer, entity, invoice
from tests.invoices.bank_lines import bank_account, bank_line

pytestmark = pytest.mark.django_db


def matched(*lines: BankLine) -> Matched:
    """The lines matched on DAY; the ledger holds afterwards."""
    found = suggest_matches(lines=lines, on=DAY)
    assert list(violations()) == []
    for line in lines:
        line.refresh_from_db()
    return found


def left(*invoices: object) -> list[Decimal]:
    """What is open of these invoices now."""
    ids = [one.pk for one in invoices]  # type: ignore[attr-defined]
    opened = open_amount_now(ids)
    return [opened[pk] for pk in ids]


def test_a_line_with_number_and_amount_posts_by_itself_and_teaches_the_payer() -> None:
    debtor = customer(name="Ash Pumps GmbH")
    owed = invoice(debtor, number="NW-40123", total="70.00")
    line = bank_line("70.00", "RE NW-40123", counterparty_name="ASH PUMPS GMBH", counterparty_account="DE1")
    assert matched(line) == Matched(lines=1, posted=1, suggested=0)
    assert line.state == BankLine.State.POSTED
    posting = BankPosting.objects.get(line=line)
    assert posting.payment is not None
    assert (posting.payment.customer, posting.payment.amount, posting.payment.received_on) == (debtor, Decimal(70), DAY)
    assert posting.by_itself
    assert {reason["code"] for reason in posting.reasons} >= {"number", "amount_exact"}
    assert left(owed) == [0]
    learned = PayerAlias.objects.values_list("kind", "value", "times", "customer_id")
    assert set(learned) == {("account", "DE1", 1, debtor.pk), ("name", "ASH PUMPS GMBH", 1, debtor.pk)}


def test_the_next_line_is_known_by_its_account() -> None:
    debtor = customer(name="Ash Pumps GmbH")
    invoice(debtor, number="NW-40123", total="70.00")
    owed = invoice(debtor, number="NW-40124", total="81.50")
    matched(bank_line("70.00", "NW-40123", counterparty_account="DE1"))
    assert matched(bank_line("81.50", "danke", counterparty_account="DE1")).posted == 1
    assert left(owed) == [0]
    assert PayerAlias.objects.get(kind="account").times == 2


def test_two_invoices_of_one_amount_wait_with_both_suggested() -> None:
    debtor = customer(name="Ash Pumps GmbH")
    for number in ("NW-40123", "NW-40199"):
        invoice(debtor, number=number, total="70.00")
    line = bank_line("70.00", "", counterparty_name="Ash Pumps GmbH")
    assert matched(line) == Matched(lines=1, posted=0, suggested=1)
    assert line.state == BankLine.State.WAITING
    found = MatchSuggestion.objects.filter(line=line, shares__0__amount="70.0000")
    assert [suggestion.is_certain for suggestion in found] == [False, False]
    assert Payment.objects.count() == 0


def test_d71_two_equal_payments_post_once_and_the_second_waits() -> None:
    owed = invoice(customer(), number="NW-40123", total="70.00")
    first, second = bank_line("70.00", "NW-40123"), bank_line("70.00", "NW-40123")
    assert matched(first, second).posted == 1
    assert (first.state, second.state) == ("posted", "waiting")
    assert left(owed) == [0]


def test_matching_again_replaces_suggestions_and_posts_nothing_twice() -> None:
    debtor = customer(name="Ash Pumps GmbH")
    invoice(debtor, number="NW-40123", total="70.00")
    waits = bank_line("65.00", "NW-40123")
    posts = bank_line("70.00", "NW-40123")
    matched(waits, posts)
    assert matched(waits, posts) == Matched(lines=1, posted=0, suggested=1)
    assert BankPosting.objects.count() == 1
    # The invoice is paid now; the money may still be its customer's.
    again = MatchSuggestion.objects.get(line=waits)
    assert (again.customer, again.shares, again.reasons[0]["code"]) == (debtor, [], "number_settled")


def test_an_early_discount_is_settled_with_the_payment() -> None:
    owed = invoice(customer(), number="NW-40123", total="100.00", discount=(Decimal(2), DAY))
    assert matched(bank_line("98.00", "NW-40123", counterparty_name=owed.customer.name)).posted == 1
    assert left(owed) == [0]


def test_d16_a_small_difference_is_settled_with_the_payment() -> None:
    CurrencyRules.objects.update_or_create(currency="EUR", defaults={"under_tolerance": 1, "over_tolerance": 1})
    owed = invoice(customer(), number="NW-40123", total="100.00")
    assert matched(bank_line("99.50", "NW-40123", counterparty_name=owed.customer.name)).posted == 1
    assert left(owed) == [0]


def test_a_short_payment_leaves_the_rest_open() -> None:
    owed = invoice(customer(), number="NW-40123", total="100.00")
    PayerAlias.objects.create(customer=owed.customer, kind="account", value="DE1", times=1, last_on=DAY)
    line = bank_line("60.00", "NW-40123 less damage", counterparty_account="DE1")
    assert matched(line).posted == 1
    assert left(owed) == [40]
    suggestion = MatchSuggestion.objects.get(line=line, rank=1)
    assert (suggestion.short, suggestion.short_kind) == (Decimal(40), "deduction")


def test_nothing_posts_by_itself_where_the_account_forbids_it() -> None:
    invoice(customer(), number="NW-40123", total="70.00")
    line = bank_line("70.00", "NW-40123", account=bank_account(post_certain=False))
    assert matched(line) == Matched(lines=1, posted=0, suggested=1)
    assert MatchSuggestion.objects.get(line=line, rank=1).is_certain


def test_money_of_tomorrow_waits() -> None:
    invoice(customer(), number="NW-40123", total="70.00")
    assert matched(bank_line("70.00", "NW-40123", on=DAY + timedelta(days=1))).posted == 0


def test_only_invoices_of_the_accounts_entity_are_found() -> None:
    other = entity("GB01", iban="GB82WEST12345698765432")
    invoice(customer(of=other), number="NW-40123", total="70.00")
    line = bank_line("70.00", "NW-40123")
    assert matched(line) == Matched(lines=1)


def test_a_returned_payment_reopens_its_invoice() -> None:
    owed = invoice(customer(), number="NW-40123", total="70.00")
    matched(
        bank_line("70.00", "NW-40123", end_to_end_id="E2E-1", counterparty_account="DE1", on=DAY - timedelta(days=3))
    )
    back = bank_line("-70.00", "Rückgabe", end_to_end_id="E2E-1", is_reversal=True)
    fee = bank_line("-4.50", "Kontoführung")
    assert matched(back, fee) == Matched(lines=2, posted=1, suggested=0)
    assert left(owed) == [70]
    assert BankPosting.objects.get(line=back).refund is not None
    assert fee.state == BankLine.State.WAITING


def test_a_second_payment_of_a_paid_invoice_waits_though_another_number_is_near() -> None:
    debtor = customer(name="Ash Pumps GmbH")
    first = invoice(debtor, number="NW-40123", total="70.00")
    second = invoice(debtor, number="NW-40223", total="70.00")
    matched(bank_line("70.00", "NW-40123", counterparty_account="DE1", counterparty_name="Ash Pumps GmbH"))
    again = bank_line("70.00", "NW-40123", counterparty_account="DE1", counterparty_name="Ash Pumps GmbH")
    assert matched(again).posted == 0
    assert left(first, second) == [0, 70]


def test_a_remittance_advice_tells_what_a_line_pays() -> None:
    debtor = customer(name="Ash Pumps GmbH")
    items = [invoice(debtor, number=f"NW-4012{place}", total="35.00") for place in range(3)]
    advice = RemittanceAdvice.objects.create(
        name="advice.csv", digest="a" * 64, currency="EUR", total=Decimal(70), paid_on=DAY
    )
    for place in (0, 2):
        advice.items.create(position=f"row {place}", number=items[place].number, amount=35)
    assert matched(bank_line("70.00", "see advice", counterparty_name="Ash Pumps GmbH")).posted == 1
    assert left(*items) == [0, 35, 0]


def test_the_invoices_and_the_name_of_a_merged_customer_lead_to_its_survivor() -> None:
    gone, stays = customer(name="Old Pumps GmbH"), customer(name="Ash Pumps GmbH")
    owed = [invoice(gone, number="NW-40123", total="70.00"), invoice(stays, number="NW-40124", total="81.50")]
    merge_customers(
        absorbed=gone, survivor=stays, merged_on=DAY - timedelta(days=1), on=DAY, reason="one company", actor=None
    )
    line = bank_line("151.50", "NW-40123 + NW-40124", counterparty_name="Old Pumps GmbH")
    assert matched(line).posted == 1
    posting = BankPosting.objects.select_related("payment").get(line=line)
    assert posting.payment is not None
    assert posting.payment.customer == stays
    assert left(*owed) == [0, 0]
    assert "name_learned" in {reason["code"] for reason in posting.reasons}


def test_suggesting_takes_as_many_queries_for_one_line_as_for_thirty() -> None:
    account = bank_account(post_certain=False)
    counts = []
    for size in (1, 30):
        lines = []
        for place in range(size):
            owed = invoice(customer(), number=f"NW-4{size:02}{place:02}", total="70.00")
            lines.append(bank_line("70.00", owed.number, account=account, counterparty_account=f"DE{size}{place}"))
            lines.append(bank_line(f"-{place + 5}.00", "out", account=account))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            suggest_matches(lines=lines, on=DAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]
