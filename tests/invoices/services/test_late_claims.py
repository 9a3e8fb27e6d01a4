"""Claiming, waiving and reinstating what lateness costs: documents, limits of roles, four eyes, each day once."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from collections_app.accounts.roles import Role
from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput, Conflict, NotAllowed
from customers.models import Customer
from invoices.models import Adjustment, Approval, CurrencyRules, Invoice, LateClaim, LateWaiver
from invoices.queries.late_claims import accrued_interest, late_claims
from invoices.queries.open_amounts import open_amount_now, open_invoices
from invoices.services.add_statutory_rate import add_statutory_rate
from invoices.services.approve import approve
from invoices.services.approve_waiver import approve_waiver
from invoices.services.claim_fees import FeeClaim, claim_fees
from invoices.services.claim_interest import InterestTerms, claim_interest
from invoices.services.claim_late_interest import claim_late_interest
from invoices.services.claim_lump_sum import claim_lump_sum
from invoices.services.reinstate_waiver import reinstate_waiver
from invoices.services.reject_waiver import reject_waiver
from invoices.services.reverse_adjustment import reverse_adjustment
from invoices.services.waive_accrued import waive_accrued
from invoices.services.waive_fees import waive_fees
from invoices.services.waive_late_claim import waive_late_claim
from tests import factories

pytestmark = pytest.mark.django_db

DUE = date(2025, 5, 31)
AUG = date(2025, 8, 29)  # 90 days later: 26.15 on 1000 EUR in Germany
INTEREST, LUMP_SUM = LateWaiver.Kind.INTEREST, LateWaiver.Kind.LUMP_SUM


def overdue(total: str = "1000.00", *, due: date = DUE, of: Any = None, **customer: Any) -> Invoice:
    return factories.invoice(factories.customer(of=of, **customer), total, due_on=due)


def british() -> Any:
    return factories.entity("GB01", country="GB", currency="GBP", holiday_region="GB", time_zone="Europe/London")


def limits(analyst: str = "30", manager: str = "100", currency: str = "EUR") -> None:
    CurrencyRules.objects.create(
        currency=currency, waive_analyst=Decimal(analyst), waive_accountant=Decimal(50), waive_manager=Decimal(manager)
    )


def books_agree() -> bool:
    call_command("verify_ledger", "--format", "json")
    return True


def test_l04_the_published_debt_is_claimed_with_its_lump_sum() -> None:
    invoice = overdue("10000.00", due=date(2026, 1, 31), of=british())
    day = date(2026, 4, 1)
    [interest] = claim_late_interest(invoice=invoice, until=day, on=day, by="test")
    fixed = claim_lump_sum(invoice=invoice, on=day, by="test")
    assert (interest.total, fixed.total) == (Decimal("193.15"), Decimal(100))
    assert (interest.kind, interest.claims_for_id, interest.number) == ("interest", invoice.pk, f"{invoice.number}-I1")
    assert (fixed.kind, fixed.claims_for_id, fixed.number) == ("fee", invoice.pk, f"{invoice.number}-L1")
    assert interest.late_claim.basis["slices"] == [
        {"first": "2026-02-01", "last": "2026-04-01", "days": 60, "open": "10000.0000", "percent": "11.75",
         "reference": "3.75", "source": "Bank of England, official Bank Rate on the last day before the half-year"}
    ]  # fmt: skip
    assert books_agree()


def test_l10_what_accrues_is_computed_and_nothing_is_in_the_books_until_it_is_claimed() -> None:
    invoice = overdue()
    late = late_claims([invoice.pk], as_of=AUG)[invoice.pk]
    assert (late.accrued.total, late.lump_sum, late.total) == (Decimal("26.15"), Decimal(40), Decimal("66.15"))
    assert [row.pk for row in open_invoices(customer_id=invoice.customer_id, as_of=AUG)] == [invoice.pk]


def test_l09_interest_survives_the_payment_of_the_invoice_until_it_is_claimed() -> None:
    invoice = overdue()
    factories.payment(invoice.customer, "1000.00", received_on=date(2025, 6, 30), shares=[(invoice, None)])
    assert accrued_interest([invoice.pk], as_of=date(2025, 12, 31)) == {invoice.pk: Decimal("9.26")}
    [made] = claim_late_interest(invoice=invoice, until=date(2025, 12, 31), on=date(2025, 12, 31), by="test")
    assert (made.total, made.accrued_from, made.accrued_until) == (
        Decimal("9.26"), date(2025, 6, 1), date(2025, 6, 30)
    )  # fmt: skip
    assert accrued_interest([invoice.pk], as_of=date(2026, 3, 1)) == {}


def test_l09_part_payments_lower_what_bears_interest_from_the_day_after() -> None:
    invoice = overdue()
    factories.payment(invoice.customer, "400.00", received_on=date(2025, 6, 10), shares=[(invoice, None)])
    slices = late_claims([invoice.pk], as_of=date(2025, 7, 2))[invoice.pk].accrued.slices
    assert [(part.days, part.open_amount, part.percent) for part in slices] == [
        (10, Decimal(1000), Decimal("11.27")), (20, Decimal(600), Decimal("11.27")), (2, Decimal(600), Decimal("10.27"))
    ]  # fmt: skip


def test_l09_later_claims_begin_where_the_last_one_ended() -> None:
    invoice = overdue()
    [first] = claim_late_interest(invoice=invoice, until=date(2025, 6, 30), on=AUG, by="test")
    [second] = claim_late_interest(invoice=invoice, until=AUG, on=AUG, by="test")
    assert (second.accrued_from, second.number) == (date(2025, 7, 1), f"{invoice.number}-I2")
    assert first.total + second.total == Decimal("9.26") + Decimal("16.88")
    with pytest.raises(BadInput, match="There is no interest to claim"):
        claim_late_interest(invoice=invoice, until=AUG, on=AUG, by="test")


def test_l06_no_interest_and_no_lump_sum_on_fees_and_interest() -> None:
    invoice = overdue()
    fee = claim_lump_sum(invoice=invoice, on=DUE + timedelta(days=1), by="test")
    assert late_claims([fee.pk], as_of=AUG) == {}
    with pytest.raises(BadInput, match="There is no lump sum to claim"):
        claim_lump_sum(invoice=fee, on=AUG, by="test")


def test_l03_the_lump_sum_is_claimed_once_per_invoice_by_the_database() -> None:
    invoice = overdue()
    made = claim_lump_sum(invoice=invoice, on=AUG, by="test")
    with pytest.raises(BadInput, match="The lump sum was claimed"):
        claim_lump_sum(invoice=invoice, on=AUG, by="test")
    other = factories.invoice(invoice.customer, "5", due_on=AUG, claims_for=invoice, kind="fee")
    with pytest.raises(IntegrityError, match="late_claim_one_lump_sum"), transaction.atomic():
        LateClaim.objects.create(document=other, invoice=invoice, customer=invoice.customer, kind="lump_sum", pack="DE")
    assert made.total == 40


def test_l02_consumers_and_businesses_differ() -> None:
    consumer = overdue(kind=Customer.Kind.CONSUMER)
    late = late_claims([consumer.pk], as_of=AUG)[consumer.pk]
    assert (late.accrued.total, late.lump_sum) == (Decimal("16.28"), Decimal(0))
    assert late.why_no_lump_sum == "§ 288 (5) BGB gives no lump sum against consumers."


def test_each_instalment_bears_interest_from_its_own_due_date() -> None:
    who = factories.customer()
    parts = [(date(2025, 6, 30), Decimal(500)), (date(2025, 7, 31), Decimal(500))]
    invoice = factories.invoice(who, "1000", issued_on=date(2025, 6, 1), due_on=parts[-1][0], instalments=parts)
    factories.payment(who, "500", received_on=date(2025, 7, 10), shares=[(invoice, None)])
    slices = late_claims([invoice.pk], as_of=date(2025, 8, 10))[invoice.pk].accrued.slices
    assert [(part.first, part.days, part.open_amount) for part in slices] == [
        (date(2025, 7, 1), 10, Decimal(500)), (date(2025, 8, 1), 10, Decimal(500))
    ]  # fmt: skip


def test_a_missing_rate_stops_the_claim_and_an_added_one_continues_it() -> None:
    invoice = overdue(due=date(2026, 6, 10))
    day = date(2026, 8, 31)
    late = late_claims([invoice.pk], as_of=day)[invoice.pk]
    assert late.accrued.missing.startswith("The base rate (§ 247 BGB) from 1 Jul 2026 is not in the country packs.")
    [first] = claim_late_interest(invoice=invoice, until=day, on=day, by="test")
    assert first.accrued_until == date(2026, 6, 30)
    with pytest.raises(BadInput, match="from 1 Jul 2026 is not in the country packs"):
        claim_late_interest(invoice=invoice, until=day, on=day, by="test")
    add_statutory_rate(
        series="de_base", starts_on=date(2026, 7, 1), value=Decimal("1.27"), source="Bundesanzeiger", actor=None
    )
    [second] = claim_late_interest(invoice=invoice, until=day, on=day, by="test")
    assert (second.accrued_from, second.accrued_until) == (date(2026, 7, 1), day)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("series", {"series": "nothing"}),
        ("value", {"value": Decimal(200)}),
        ("starts_on", {"starts_on": date(2026, 7, 2)}),
        ("source", {"source": " "}),
    ],
)
def test_a_rate_that_cannot_be_is_refused_at_its_field(field: str, wrong: dict[str, Any]) -> None:
    told = {"series": "de_base", "starts_on": date(2026, 7, 1), "value": Decimal("1.27"), "source": "Bundesanzeiger"}
    with pytest.raises(BadInput) as refusal:
        add_statutory_rate(**{**told, **wrong}, actor=None)
    assert field in refusal.value.fields


def test_days_to_come_are_not_claimed() -> None:
    with pytest.raises(BadInput, match="days that have passed"):
        claim_late_interest(invoice=overdue(), until=AUG, on=AUG - timedelta(days=1), by="test")


def test_f33_an_analyst_waives_up_to_the_limit_alone_and_the_days_are_gone() -> None:
    limits(analyst="30")
    invoice, anna = overdue(), factories.user(Role.ANALYST)
    [waiver] = waive_accrued(invoice=invoice, kind=INTEREST, until=AUG, reason="Long-standing customer", actor=anna)
    assert (waiver.state, waiver.amount, waiver.over_limit) == ("in_force", Decimal("26.15"), False)
    assert (waiver.first_on, waiver.last_on) == (date(2025, 6, 1), AUG)
    assert accrued_interest([invoice.pk], as_of=AUG) == {}
    later = accrued_interest([invoice.pk], as_of=AUG + timedelta(days=10))
    assert later == {invoice.pk: Decimal("2.81")}
    assert AuditEntry.objects.filter(action="late_waiver.in_force", subject_id=waiver.pk).exists()


def test_f33_a_second_waiver_of_the_same_invoice_counts_with_the_first() -> None:
    limits(analyst="30")
    invoice, anna = overdue(), factories.user(Role.ANALYST)
    waive_accrued(invoice=invoice, kind=INTEREST, until=AUG, reason="Kind", actor=anna)
    [more] = waive_accrued(invoice=invoice, kind=INTEREST, until=AUG + timedelta(days=20), reason="Kind", actor=anna)
    assert more.state == "requested"


def test_f33_over_the_limit_a_second_person_decides_and_nobody_decides_alone() -> None:
    limits(analyst="30")
    invoice, anna, boss = overdue(), factories.user(Role.ANALYST), factories.user(Role.MANAGER)
    [waiver] = waive_accrued(invoice=invoice, kind=LUMP_SUM, until=AUG, reason="Kind", actor=anna)
    assert waiver.state == "requested"
    assert late_claims([invoice.pk], as_of=AUG)[invoice.pk].lump_sum == 40
    with pytest.raises(NotAllowed):
        approve_waiver(waiver=waiver, actor=anna)
    approve_waiver(waiver=waiver, actor=boss)
    late = late_claims([invoice.pk], as_of=AUG)[invoice.pk]
    assert (late.lump_sum, late.why_no_lump_sum) == (Decimal(0), "The lump sum was waived.")
    with pytest.raises(Conflict, match="decided before"):
        reject_waiver(waiver=waiver, reason="No", actor=boss)


def test_f33_a_manager_cannot_approve_what_she_asked_for_herself() -> None:
    limits(manager="10")
    boss = factories.user(Role.MANAGER)
    [waiver] = waive_accrued(invoice=overdue(), kind=LUMP_SUM, until=AUG, reason="Kind", actor=boss)
    with pytest.raises(NotAllowed, match="yourself"):
        approve_waiver(waiver=waiver, actor=boss)
    with pytest.raises(IntegrityError, match="late_waiver_by_a_second_person"), transaction.atomic():
        LateWaiver.objects.filter(pk=waiver.pk).update(state="in_force", decided_by=boss)


def test_f33_what_was_claimed_meanwhile_is_not_approved_as_a_waiver() -> None:
    limits(analyst="0")
    invoice = overdue()
    [waiver] = waive_accrued(
        invoice=invoice, kind=INTEREST, until=AUG, reason="Kind", actor=factories.user(Role.ANALYST)
    )
    claim_late_interest(invoice=invoice, until=AUG, on=AUG, by="test")
    with pytest.raises(Conflict, match="claimed since"):
        approve_waiver(waiver=waiver, actor=factories.user(Role.MANAGER))


def test_f33_a_waiver_that_waits_is_taken_back_by_its_author_or_rejected_with_a_reason() -> None:
    limits(analyst="0")
    anna, boss = factories.user(Role.ANALYST), factories.user(Role.MANAGER)
    [own] = waive_accrued(invoice=overdue(), kind=LUMP_SUM, until=AUG, reason="Kind", actor=anna)
    assert reject_waiver(waiver=own, reason="", actor=anna).state == "rejected"
    [other] = waive_accrued(invoice=overdue(), kind=LUMP_SUM, until=AUG, reason="Kind", actor=anna)
    with pytest.raises(BadInput, match="why you reject"):
        reject_waiver(waiver=other, reason=" ", actor=boss)
    with pytest.raises(NotAllowed):
        reject_waiver(waiver=other, reason="No", actor=factories.user(Role.ACCOUNTANT))
    assert reject_waiver(waiver=other, reason="They can pay", actor=boss).note == "They can pay"


def test_f33_a_waiver_is_reinstated_and_its_days_can_be_claimed_again_between_later_claims() -> None:
    limits(analyst="30")
    invoice, anna = overdue(), factories.user(Role.ANALYST)
    [waiver] = waive_accrued(invoice=invoice, kind=INTEREST, until=date(2025, 6, 30), reason="Kind", actor=anna)
    claim_late_interest(invoice=invoice, until=date(2025, 7, 31), on=AUG, by="test")
    reinstate_waiver(waiver=waiver, reason="The agreement was broken", actor=anna)
    made = claim_late_interest(invoice=invoice, until=AUG, on=AUG, by="test")
    assert [(one.accrued_from, one.accrued_until, one.total) for one in made] == [
        (date(2025, 6, 1), date(2025, 6, 30), Decimal("9.26")), (date(2025, 8, 1), AUG, Decimal("8.16"))
    ]  # fmt: skip
    with pytest.raises(Conflict, match="not in force"):
        reinstate_waiver(waiver=waiver, reason="Again", actor=anna)


def test_f33_a_waived_day_is_not_claimed_by_hand_either() -> None:
    limits(analyst="30")
    invoice = overdue()
    waive_accrued(invoice=invoice, kind=INTEREST, until=AUG, reason="Kind", actor=factories.user(Role.ANALYST))
    with pytest.raises(Conflict, match="claimed or waived up to 29 Aug 2025"):
        claim_interest(invoice=invoice, number="Z1", until=AUG, terms=InterestTerms(Decimal(5)), by="test")


def test_f33_a_waiver_needs_a_reason_and_something_to_waive() -> None:
    limits()
    invoice, anna = overdue(), factories.user(Role.ANALYST)
    with pytest.raises(BadInput, match="why you waive"):
        waive_accrued(invoice=invoice, kind=INTEREST, until=AUG, reason=" ", actor=anna)
    with pytest.raises(BadInput, match="nothing to waive"):
        waive_accrued(invoice=invoice, kind=INTEREST, until=DUE, reason="Kind", actor=anna)


def test_f33_a_claimed_document_is_waived_by_an_adjustment_and_reinstated_by_undoing_it() -> None:
    limits(analyst="50")
    invoice, anna = overdue(), factories.user(Role.ANALYST)
    fee = claim_lump_sum(invoice=invoice, on=AUG, by="test")
    made = waive_late_claim(document=fee, reason="Kind", on=AUG, actor=anna)
    assert isinstance(made, Adjustment)
    assert (made.kind, made.amount, open_amount_now([fee.pk])[fee.pk]) == ("waiver", Decimal(40), Decimal(0))
    reverse_adjustment(adjustment=made, effective_on=AUG, reason="It was owed after all", actor=anna)
    assert open_amount_now([fee.pk])[fee.pk] == 40
    assert books_agree()


def test_f33_a_claimed_document_over_the_limit_waits_in_the_approvals() -> None:
    limits(analyst="39.99")
    fee = claim_lump_sum(invoice=overdue(), on=AUG, by="test")
    asked = waive_late_claim(document=fee, reason="Kind", on=AUG, actor=factories.user(Role.ANALYST))
    assert isinstance(asked, Approval)
    made = approve(approval=asked, actor=factories.user(Role.MANAGER))
    assert (made.kind, open_amount_now([fee.pk])[fee.pk]) == ("waiver", Decimal(0))
    assert books_agree()


def test_f33_documents_and_accrued_interest_share_the_limit_of_an_invoice() -> None:
    limits(analyst="50")
    invoice, anna = overdue(), factories.user(Role.ANALYST)
    fee = claim_lump_sum(invoice=invoice, on=AUG, by="test")
    assert isinstance(waive_late_claim(document=fee, reason="Kind", on=AUG, actor=anna), Adjustment)
    [waiver] = waive_accrued(invoice=invoice, kind=INTEREST, until=AUG, reason="Kind", actor=anna)
    assert waiver.state == "requested"


def test_f33_a_waiver_never_lowers_the_principal() -> None:
    limits(analyst="5000")
    invoice, anna = overdue(), factories.user(Role.ANALYST)
    with pytest.raises(BadInput, match="is no fee and no interest"):
        waive_late_claim(document=invoice, reason="Kind", on=AUG, actor=anna)


def test_without_limits_every_waiver_waits_for_a_second_person() -> None:
    [waiver] = waive_accrued(
        invoice=overdue(), kind=LUMP_SUM, until=AUG, reason="Kind", actor=factories.user(Role.MANAGER)
    )
    assert waiver.state == "requested"


def test_l10_fees_by_set_are_made_once_per_source_and_name_their_invoice() -> None:
    one, two = overdue(), overdue()
    wanted = [
        FeeClaim("notice:1", one.pk, Decimal(5), AUG, AUG + timedelta(days=7), "Reminder fee"),
        FeeClaim("notice:2", one.pk, Decimal(6), AUG, AUG, "Reminder fee"),
        FeeClaim("notice:3", two.pk, Decimal(7), AUG, AUG, "Reminder fee"),
    ]
    made = claim_fees(fees=wanted, by="test")
    assert claim_fees(fees=wanted, by="test") == made
    fees = Invoice.objects.in_bulk(made.values())
    assert [(fees[made[fee.source]].claims_for_id, fees[made[fee.source]].total) for fee in wanted] == [
        (one.pk, Decimal(5)), (one.pk, Decimal(6)), (two.pk, Decimal(7))
    ]  # fmt: skip
    assert sorted(fee.number for fee in fees.values()) == sorted(
        [f"{one.number}-F1", f"{one.number}-F2", f"{two.number}-F1"]
    )
    assert fees[made["notice:1"]].due_on == AUG + timedelta(days=7)
    assert books_agree()


def test_fees_by_set_take_a_bounded_number_of_statements(django_assert_max_num_queries: Any) -> None:
    invoices = [overdue() for _ in range(12)]
    wanted = [FeeClaim(f"n:{one.pk}", one.pk, Decimal(5), AUG, AUG, "Fee") for one in invoices]
    with django_assert_max_num_queries(20):
        claim_fees(fees=wanted, by="test")


def test_accrued_figures_of_many_invoices_take_a_fixed_number_of_statements(django_assert_num_queries: Any) -> None:
    invoices = [overdue() for _ in range(12)]
    with django_assert_num_queries(7):
        found = late_claims([one.pk for one in invoices], as_of=AUG)
    assert {late.accrued.total for late in found.values()} == {Decimal("26.15")}


def test_recalled_fees_are_waived_once_and_what_was_paid_becomes_credit() -> None:
    one, two = overdue(), overdue()
    made = claim_fees(
        fees=[FeeClaim(f"n:{row.pk}", row.pk, Decimal(5), AUG, AUG, "Fee") for row in (one, two)], by="test"
    )
    first, second = Invoice.objects.order_by("pk").filter(pk__in=made.values())
    factories.payment(two.customer, "2.00", received_on=AUG, shares=[(second, None)])
    documents = [first.pk, second.pk]
    assert waive_fees(document_ids=documents, reason="The reminder was recalled.", on=AUG, by="test") == 2
    assert waive_fees(document_ids=documents, reason="The reminder was recalled.", on=AUG, by="test") == 0
    assert set(open_amount_now(documents).values()) == {Decimal(0)}
    note = second.corrections.get()
    assert (note.total, note.allocations.count()) == (Decimal("2.00"), 0)
    assert books_agree()


def test_late_claims_and_waivers_are_never_edited_or_deleted() -> None:
    limits()
    invoice = overdue()
    claim_lump_sum(invoice=invoice, on=AUG, by="test")
    waive_accrued(invoice=invoice, kind=INTEREST, until=AUG, reason="Kind", actor=factories.user(Role.ANALYST))
    for statement in (
        "UPDATE invoices_lateclaim SET pack = 'FR'",
        "DELETE FROM invoices_lateclaim",
        "UPDATE invoices_latewaiver SET amount = 1",
        "DELETE FROM invoices_latewaiver",
    ):
        with pytest.raises(Exception, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
