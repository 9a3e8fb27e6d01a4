"""The aging statements: they agree with the pure rule, with each other, and with the balance, on any day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.access import visible_customers
from customers.models import Customer
from invoices.models import Allocation, CreditNote, Dispute, Instalment, Invoice, Payment
from invoices.queries.aging import aging_of, aging_totals, beside_buckets
from invoices.queries.aging_documents import documents_behind
from invoices.queries.aging_matrix import GROUPINGS, aging_matrix, sorts
from invoices.queries.aging_sql import AgingScope
from invoices.queries.aging_trend import aging_trend, month_ends
from invoices.rules.aging import Basis, Credits, LedgerDocument, Used, aging_of_ledger
from invoices.rules.buckets import BUCKETS, DEFAULT, Bucket, BucketSet
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from tests.invoices.ledgers import Ledger, as_of_days, ledgers, undone
from tests.tables import table

pytestmark = pytest.mark.django_db

DOCUMENT = "algorithms/aging.md"
KEYS = [bucket.key for bucket in BUCKETS]


def two_customers() -> list[Customer]:
    return [factories.customer(email=None), factories.customer(email=None)]


bucket_sets = st.sampled_from((DEFAULT, BucketSet((15,)), BucketSet((1, 2, 7, 45))))


@given(
    ledger=ledgers(),
    as_of=as_of_days,
    known=st.none() | as_of_days,
    basis=st.sampled_from(Basis),
    credits=st.sampled_from(Credits),
    buckets=bucket_sets,
)
@settings(max_examples=120)
def test_i4_the_statement_agrees_with_the_rule_on_any_ledger_day_and_mode(
    ledger: Ledger, as_of: date, known: date | None, basis: Basis, credits: Credits, buckets: BucketSet
) -> None:
    with undone():
        customers = two_customers()
        ledger.write(customers)
        scope = AgingScope(as_of, known_on=known, basis=basis, credits=credits, buckets=buckets)
        found = {(row.customer_id, row.currency): row.amounts for row in aging_of(scope)}
        expected = {
            (customers[who].pk, currency): aging_of_ledger(
                documents, as_of, basis=basis, credits=credits, buckets=buckets
            )
            for (who, currency), documents in ledger.documents(as_of, known).items()
        }
        expected = {key: aging for key, aging in expected.items() if aging.documents}
        assert found.keys() == expected.keys()
        for key, aging in expected.items():
            amounts = found[key]
            assert amounts.by_key == aging.buckets
            assert beside_buckets(scope, amounts) == aging.credits
            assert amounts.total == aging.total
            told = (amounts.disputed, amounts.on_plan, amounts.promised, amounts.collectable, amounts.documents)
            assert told == (aging.disputed, aging.on_plan, aging.promised, aging.collectable, aging.documents)


@given(
    ledger=ledgers(),
    as_of=as_of_days,
    known=st.none() | as_of_days,
    basis=st.sampled_from(Basis),
    credits=st.sampled_from(Credits),
)
@settings(max_examples=40)
def test_i3_totals_matrix_trend_and_documents_add_up_to_the_same_balance(
    ledger: Ledger, as_of: date, known: date | None, basis: Basis, credits: Credits
) -> None:
    with undone():
        ledger.write(two_customers())
        scope = AgingScope(as_of, known_on=known, basis=basis, credits=credits)
        totals = aging_totals(scope)
        assert totals.documents == sum(amounts.documents for amounts in totals.currencies.values())
        days = month_ends(as_of)
        trend = aging_trend(scope, days)
        by = {word: {m.currency: m for m in aging_matrix(scope, by=GROUPINGS[word], size=None)} for word in GROUPINGS}
        for currency, amounts in totals.currencies.items():
            beside = beside_buckets(scope, amounts)
            assert sum(amounts.buckets, beside) == amounts.total
            if known is None:
                assert amounts.total == balance(currency, as_of)
            if credits is not Credits.OLDEST:
                nothing = dict.fromkeys(days, (Decimal(0),) * len(BUCKETS))
                assert trend.get(currency, nothing)[as_of] == amounts.buckets
            for word in GROUPINGS:
                matrix = by[word][currency]
                assert matrix.totals == amounts
                lines = [row.amounts for row in matrix.rows]
                assert tuple(map(sum, zip(*(line.buckets for line in lines), strict=True))) == amounts.buckets
                assert sum(line.documents for line in lines) == amounts.documents
            one = replace(scope, currency=currency)
            for bucket in BUCKETS:
                assert behind(one, buckets=[bucket]) == amounts.of(bucket)
            for part in ("disputed", "on_plan", "promised", "collectable", "credits"):
                assert behind(one, part=part) == getattr(amounts, part)
            assert behind(one) == amounts.total
        if credits is not Credits.OLDEST and not ledger.merged:
            for day in days[:-1:4]:
                then = aging_totals(replace(scope, as_of=day)).currencies
                assert {code: at[day] for code, at in trend.items() if any(at[day])} == {
                    code: amounts.buckets for code, amounts in then.items() if any(amounts.buckets)
                }


def behind(scope: AgingScope, *, buckets: Sequence[Bucket] = (), part: str = "") -> Decimal:
    """What the documents behind a cell add up to, once as told and once added here."""
    found = documents_behind(scope, buckets=buckets, part=part, size=None)
    told = sum((row.of(part) for row in found.sums), Decimal(0))
    column = part if part in ("disputed", "on_plan", "promised", "collectable") else "open"
    netted = sum((row.netted for row in found.sums), Decimal(0))
    assert sum((getattr(row, column) for row in found.rows), netted) == told
    assert len(found.rows) == sum(row.documents for row in found.sums)
    return told


def balance(currency: str, as_of: date) -> Decimal:
    """Invoiced less credited, received and adjusted, by plain addition over the tables."""

    def added(values: list[Decimal]) -> Decimal:
        return sum(values, Decimal(0))

    issued = {"currency": currency, "status": "issued", "issued_on__lte": as_of}
    return (
        added(list(Invoice.objects.filter(**issued).values_list("total", flat=True)))
        - added(list(CreditNote.objects.filter(**issued).values_list("total", flat=True)))
        - added(
            list(Payment.objects.filter(currency=currency, received_on__lte=as_of).values_list("amount", flat=True))
        )
        - added(
            list(
                Allocation.objects.filter(
                    adjustment__isnull=False, currency=currency, effective_on__lte=as_of
                ).values_list("amount", flat=True)
            )
        )
    )


def worked_ledger() -> list[LedgerDocument]:
    """The ledger of the document: told to the rule as returned, and written to the database."""
    who = factories.customer(email=None)
    rows: dict[str, Invoice | CreditNote | Payment] = {}
    facts: dict[str, LedgerDocument] = {}
    for key, kind, on, due_on, amount in table(DOCUMENT, "id", "document", "date", "due on", "amount"):
        rows[key] = document(who, key, kind, date.fromisoformat(on), date.fromisoformat(due_on), Decimal(amount))
        sign = 1 if kind == "invoice" else -1
        facts[key] = LedgerDocument(sign, Decimal(amount), date.fromisoformat(on), date.fromisoformat(due_on))
    for source, target, amount, day in table(DOCUMENT, "from", "to", "allocated", "effective on"):
        allocation(who, rows[source], rows[target], Decimal(amount), date.fromisoformat(day))
        for key in (source, target):
            used = (*facts[key].used, Used(Decimal(amount), date.fromisoformat(day)))
            facts[key] = replace(facts[key], used=used)
    return list(facts.values())


def test_the_worked_ledger_of_the_document_comes_out_of_rule_and_statement() -> None:
    facts = worked_ledger()
    lines = table(DOCUMENT, "as of", *KEYS, "total", "documents")
    assert len(lines) == 4
    for line in lines:
        as_of, *amounts, total, documents = line
        asked = date.fromisoformat(as_of)
        told = ([Decimal(amount) for amount in amounts], Decimal(total), int(documents))
        computed = aging_of_ledger(facts, asked)
        stored = aging_totals(AgingScope(asked)).currencies["EUR"]
        assert (list(computed.buckets.values()), computed.total, computed.documents) == told
        assert (list(stored.buckets), stored.total, stored.documents) == told


def test_a07_the_worked_ledger_comes_out_of_rule_and_statement_in_every_mode_and_basis() -> None:
    facts = worked_ledger()
    lines = table(DOCUMENT, "as of", "basis", "mode", *KEYS, "credits", "total")
    assert len(lines) == 12
    for as_of, basis, mode, *amounts, beside, total in lines:
        scope = AgingScope(date.fromisoformat(as_of), basis=Basis(basis), credits=Credits(mode))
        told = ([Decimal(amount) for amount in amounts], Decimal(beside), Decimal(total))
        computed = aging_of_ledger(facts, scope.as_of, basis=scope.basis, credits=scope.credits)
        stored = aging_totals(scope).currencies["EUR"]
        assert (list(computed.buckets.values()), computed.credits, computed.total) == told
        assert (list(stored.buckets), beside_buckets(scope, stored), stored.total) == told


def test_d50_the_worked_back_dated_payment_is_known_from_the_day_it_was_booked() -> None:
    who = factories.customer(email=None)
    booked = {"recorded_at": datetime(2026, 11, 3, 9, tzinfo=UTC)}
    common = {"entity": who.entity, "customer": who, "currency": "EUR"}
    invoice = Invoice.objects.create(
        **common, number="R1", status="issued", total=100, issued_on=date(2026, 9, 1), due_on=date(2026, 9, 30),
        recorded_at=datetime(2026, 9, 1, 9, tzinfo=UTC),
    )  # fmt: skip
    day = date(2026, 10, 28)
    paid = Payment.objects.create(**common, amount=100, received_on=day, **booked)
    Allocation.objects.create(
        customer=who, payment=paid, invoice=invoice, currency="EUR", amount=100, effective_on=day, **booked
    )
    lines = table(DOCUMENT, "as of", "known on", "open")
    assert len(lines) == 5
    for as_of, known_on, open_ in lines:
        known = date.fromisoformat(known_on) if known_on else None
        totals = aging_totals(AgingScope(date.fromisoformat(as_of), known_on=known)).currencies
        assert (totals["EUR"].total if totals else Decimal(0)) == Decimal(open_)


@pytest.mark.parametrize(
    "line", table(DOCUMENT, *(f"named for {n}" for n in (1, 2, 3)), "unnamed", *(f"open of {n}" for n in (1, 2, 3)))
)
def test_a06_the_worked_instalments_come_out_of_the_statement(line: list[str]) -> None:
    *money, first, second, third = map(Decimal, line)
    who = factories.customer(email=None)
    days = [date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)]
    invoice = Invoice.objects.create(
        entity=who.entity, customer=who, currency="EUR", number="R1", total=900, issued_on=days[0], due_on=days[2]
    )
    parts = [
        Instalment.objects.create(invoice=invoice, position=place, due_on=day, amount=300)
        for place, day in enumerate(days, start=1)
    ]
    Invoice.objects.filter(pk=invoice.pk).update(status="issued")
    for part, amount in zip([*parts, None], money, strict=True):
        if amount:
            paid = factories.payment(who, amount, received_on=days[0])
            Allocation.objects.create(
                customer=who, payment=paid, invoice=invoice, instalment=part, currency="EUR", amount=amount,
                effective_on=days[0],
            )  # fmt: skip
    found = {row.position: row.open for row in documents_behind(AgingScope(days[0])).rows}
    expected = {1: first, 2: second, 3: third}
    assert found == {place: amount for place, amount in expected.items() if amount}
    totals = aging_totals(AgingScope(days[0]))
    assert totals.documents == (1 if any(expected.values()) else 0)


def document(
    who: Customer, key: str, kind: str, on: date, due_on: date, amount: Decimal
) -> Invoice | CreditNote | Payment:
    common = {"entity": who.entity, "customer": who, "currency": "EUR"}
    if kind == "payment":
        return Payment.objects.create(**common, amount=amount, received_on=on)
    model = Invoice if kind == "invoice" else CreditNote
    dates = {"issued_on": on, "due_on": due_on}
    made: Invoice | CreditNote = model.objects.create(**common, **dates, number=key, status="issued", total=amount)
    return made


def allocation(
    who: Customer, source: Invoice | CreditNote | Payment, target: object, amount: Decimal, day: date
) -> None:
    side = "payment" if isinstance(source, Payment) else "credit_note"
    ends = {side: source, "invoice": target, "customer": who, "currency": "EUR"}
    undone_row = Allocation.objects.filter(**ends, amount=-amount).first() if amount < 0 else None
    Allocation.objects.create(**ends, amount=amount, effective_on=day, reverses=undone_row)


def test_d50_a_back_dated_payment_changes_the_day_but_not_what_was_known_then() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00", due_on=DAY - timedelta(days=10))
    known_then = Invoice.objects.get(pk=invoice.pk).recorded_at
    factories.payment(who, "100.00", received_on=DAY - timedelta(days=1), shares=[(invoice, None)])
    assert aging_totals(AgingScope(DAY)).currencies == {}
    then = aging_totals(AgingScope(DAY, known_by=known_then)).currencies["EUR"]
    assert then.by_key["1-30"] == Decimal(100)
    trend = aging_trend(AgingScope(DAY, known_by=known_then), month_ends(DAY))
    assert trend["EUR"][DAY] == then.buckets


def test_a08_a_dispute_is_shown_apart_and_ends_on_its_closing_day() -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "100.00")
    Dispute.objects.create(
        customer=who, invoice=invoice, reference="D1", reason="price", currency="EUR", amount=Decimal(30),
        opened_on=DAY, answer_by=DAY, state="rejected", closed_on=DAY + timedelta(days=2),
    )  # fmt: skip

    def disputed(day: date) -> tuple[Decimal, Decimal]:
        amounts = aging_totals(AgingScope(day)).currencies["EUR"]
        return amounts.total, amounts.disputed

    assert disputed(DAY - timedelta(days=1)) == (Decimal(100), Decimal(0))
    assert disputed(DAY + timedelta(days=1)) == (Decimal(100), Decimal(30))
    assert disputed(DAY + timedelta(days=2)) == (Decimal(100), Decimal(0))


def test_only_visible_customers_count_and_currencies_stay_apart(cast: Cast) -> None:
    ours, theirs = (
        factories.customer(),
        factories.customer(of=factories.entity("UK01", team=factories.team("Southern team"))),
    )
    factories.invoice(ours, "100.00")
    factories.invoice(ours, "7.00", currency="GBP")
    factories.invoice(theirs, "900.00")
    seen = aging_totals(AgingScope(DAY, customers=visible_customers(cast.collector)))
    assert {code: amounts.total for code, amounts in seen.currencies.items()} == {
        "EUR": Decimal(100),
        "GBP": Decimal(7),
    }
    assert (seen.documents, seen.customers) == (2, 1)
    assert aging_totals(AgingScope(DAY, customers=Customer.objects.none())).customers == 0
    assert aging_totals(AgingScope(DAY, customers=visible_customers(cast.admin))).documents == 3


def test_a_name_with_a_percent_sign_can_be_searched_for() -> None:
    who = factories.customer(name="100% Cotton")
    factories.invoice(who, "5.00")
    scope = AgingScope(DAY, customers=Customer.objects.filter(name__contains="0% C"))
    assert aging_totals(scope).currencies["EUR"].total == Decimal(5)


@pytest.mark.parametrize("sort", [f"{sign}{key}" for key in sorts(DEFAULT) for sign in ("", "-")])
def test_the_matrix_pages_through_every_customer_once(sort: str) -> None:
    for place in range(7):
        who = factories.customer(email=None)
        factories.invoice(who, f"{100 + place % 3}.00", due_on=DAY - timedelta(days=place * 20))
    pages = [aging_matrix(AgingScope(DAY), sort=sort, offset=offset, size=3)[0].rows for offset in (0, 3, 6)]
    shown = [row.customer_id for page in pages for row in page]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert len(set(shown)) == 7
    assert shown == [row.customer_id for row in aging_matrix(AgingScope(DAY), sort=sort, size=None)[0].rows]


def test_each_answer_is_one_statement_for_one_customer_and_for_many() -> None:
    for count in (1, 20):
        for _ in range(count):
            factories.invoice(factories.customer(email=None), "1.00")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            aging_of(AgingScope(DAY))
            aging_totals(AgingScope(DAY))
            aging_matrix(AgingScope(DAY))
            aging_trend(AgingScope(DAY), month_ends(DAY))
            documents_behind(AgingScope(DAY))
        assert len(queries) == 5


def test_month_ends_go_back_over_new_year() -> None:
    assert month_ends(date(2026, 2, 15), 3) == [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 15)]
    assert month_ends(date(2024, 3, 31), 2) == [date(2024, 2, 29), date(2024, 3, 31)]


def test_nothing_open_is_no_currency_at_all() -> None:
    totals = aging_totals(AgingScope(DAY))
    assert (totals.currencies, totals.documents, totals.customers) == ({}, 0, 0)
    assert aging_matrix(AgingScope(DAY)) == []
    assert aging_trend(AgingScope(DAY), month_ends(DAY)) == {}
    assert documents_behind(AgingScope(DAY, known_by=datetime(2000, 1, 1, tzinfo=UTC))).rows == []
