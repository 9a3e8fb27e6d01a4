"""The state machine of case D24: whatever is done to a ledger, in whatever order, its books hold after every step.

The machine keeps a book of its own, from what it asked for and the allocation rows as they stand in the table, and
compares it with what the product answers. It shares no arithmetic with the product."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from collections_app.audit.chain import seal, violations
from collections_app.lib.errors import Refusal
from customers.models import Customer
from customers.services.merge_customers import merge_customers
from invoices.models import Adjustment, Allocation, CreditNote, Dispute, Exchange, Invoice, Payment, Refund
from invoices.queries.aging_sql import AgingScope
from invoices.queries.ledger_laws import LAWS
from invoices.services.allocate import allocate
from invoices.services.approve import approve
from invoices.services.charge_back import charge_back
from invoices.services.close_dispute import close_dispute
from invoices.services.exchange_payment import exchange_payment
from invoices.services.issue_credit_note import issue_credit_note
from invoices.services.issue_invoice import issue_invoice
from invoices.services.open_dispute import open_dispute
from invoices.services.record_payment import record_payment
from invoices.services.recover_write_off import recover_write_off
from invoices.services.refund_credit import refund_credit
from invoices.services.refund_payment import refund_payment
from invoices.services.request_approval import request_approval
from invoices.services.return_payment import return_payment
from invoices.services.settle_small_difference import settle_small_difference
from invoices.services.take_off import take_off
from invoices.services.undo_exchange import undo_exchange
from invoices.services.undo_refund import undo_refund
from tests.invoices.ledger_book import Book, Document, World, bucket_of, nth_of, one_of, row_of, told

FIRST = date(2026, 1, 1)
SPAN = 120  # days on which things happen
LAST = FIRST + timedelta(days=SPAN)
NOTHING = Decimal(0)

days = st.integers(0, SPAN).map(lambda n: FIRST + timedelta(days=n))
amounts = st.integers(1, 20_000).map(lambda n: Decimal(n) / 100)
parts = st.one_of(st.none(), amounts)
currencies = st.sampled_from(["EUR", "EUR", "EUR", "USD"])
later = st.integers(-3, 60)  # days after what it happens to; a few days before must be refused, not booked
whose = st.integers(0, 2)
nths = st.integers(0, 7)


class LedgerMachine(RuleBasedStateMachine):
    """Each example runs in a savepoint of its own; `world` is made once by the test that runs the machine."""

    world: ClassVar[World]
    invoices = Bundle("invoices")
    payments = Bundle("payments")
    notes = Bundle("notes")
    disputes = Bundle("disputes")

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.book = Book()
        self.number = self.steps = 0
        self.day = FIRST
        self.known_by: datetime | None = None
        self.as_known: dict[tuple[int, int, str], list[Decimal]] = {}
        self.counts = (0, 0, 0, 0, 0)
        self.first_allocation = one_of("SELECT COALESCE(MAX(id), 0) FROM invoices_allocation")
        self.first_adjustment = one_of("SELECT COALESCE(MAX(id), 0) FROM invoices_adjustment")
        self.first_refund = one_of("SELECT COALESCE(MAX(id), 0) FROM invoices_refund")
        self.rows: dict[tuple[str, int], list[tuple[date, Decimal]]] = defaultdict(list)
        self.written_off: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
        self.given_back: dict[tuple[int, str], Decimal] = defaultdict(Decimal)

    def teardown(self) -> None:
        """The laws of the database and the audit chain are verified once per example; then all is undone."""
        try:
            with connection.cursor() as cursor:
                for law in LAWS:
                    cursor.execute(law.sql)
                    assert not cursor.fetchall(), f"I1–I4: {law.code}"
            seal()
            assert violations() == [], "I7: the audit chain"
        finally:
            transaction.savepoint_rollback(self.savepoint)

    # --- what people do ---

    @initialize(
        target=invoices,
        day=days,
        start=st.lists(st.tuples(whose, amounts, days, st.integers(0, 60)), min_size=3, max_size=5),
    )
    def open_the_books(self, day: date, start: list[tuple[int, Decimal, date, int]]) -> Any:
        self.look_at(day)
        return multiple(*(self.invoice(who, total, "EUR", on, terms) for who, total, on, terms in start))

    @rule(target=invoices, who=whose, total=amounts, currency=currencies, on=days, terms=st.integers(0, 60))
    def invoice(self, who: int, total: Decimal, currency: str, on: date, terms: int) -> Any:
        customer = self.world.customers[who]
        due = on + timedelta(days=terms)
        made = self._try(issue_invoice, entity=customer.entity, customer=customer, number=self._next("R"), issued_on=on,
                         due_on=due, total=total, currency=currency, by="machine")  # fmt: skip
        self._write("invoice", made.pk, 1, customer, currency, total, on, [(due, total)])
        return made

    @rule(target=invoices, who=whose, shares=st.lists(amounts, min_size=2, max_size=4), on=days,
          every=st.integers(1, 40))  # fmt: skip
    def invoice_in_instalments(self, who: int, shares: list[Decimal], on: date, every: int) -> Any:
        customer = self.world.customers[who]
        due = [(on + timedelta(days=every * place), amount) for place, amount in enumerate(shares, start=1)]
        made = self._try(issue_invoice, entity=customer.entity, customer=customer, number=self._next("R"), issued_on=on,
                         instalments=due, total=sum(shares), currency="EUR", by="machine")  # fmt: skip
        self._write("invoice", made.pk, 1, customer, "EUR", sum(shares, NOTHING), on, due)
        return made

    @rule(target=payments, who=whose, amount=amounts, currency=currencies, on=days, oldest=st.booleans())
    def pay(self, who: int, amount: Decimal, currency: str, on: date, oldest: bool) -> Any:
        customer = self.world.customers[who]
        made = self._try(record_payment, entity=customer.entity, customer=customer, amount=amount, currency=currency,
                         received_on=on, shares="oldest" if oldest else (), by="machine")  # fmt: skip
        self._write("payment", made.pk, -1, customer, currency, amount, on, [(on, amount)])
        return made

    @rule(target=notes, who=whose, total=amounts, currency=currencies, on=days)
    def credit(self, who: int, total: Decimal, currency: str, on: date) -> Any:
        customer = self.world.customers[who]
        made = self._try(issue_credit_note, entity=customer.entity, customer=customer, number=self._next("G"),
                         issued_on=on, total=total, currency=currency, by="machine")  # fmt: skip
        self._write("credit_note", made.pk, -1, customer, currency, total, on, [(on, total)])
        return made

    @rule(target=notes, invoice=invoices, total=amounts, after=later)
    def correct(self, invoice: Invoice, total: Decimal, after: int) -> Any:
        on = invoice.issued_on + timedelta(days=after)
        made = self._try(issue_credit_note, entity=invoice.entity, customer=invoice.customer, number=self._next("G"),
                         issued_on=on, total=total, currency=invoice.currency, corrects=invoice,
                         by="machine")  # fmt: skip
        if made is None:
            return multiple()
        self._write("credit_note", made.pk, -1, invoice.customer, invoice.currency, total, on, [(on, total)])
        return made

    @rule(payment=payments, nth=nths, part=parts)
    def put_money(self, payment: Payment, nth: int, part: Decimal | None) -> None:
        if invoice := self._fitting("payment", payment.pk, nth):
            self._try(allocate, source=payment, shares=[(invoice, part)], by="machine")

    @rule(note=notes, nth=nths, part=parts)
    def put_credit(self, note: CreditNote, nth: int, part: Decimal | None) -> None:
        if invoice := self._fitting("credit_note", note.pk, nth):
            self._try(allocate, source=note, shares=[(invoice, part)], by="machine")

    @rule(payment=payments, invoice=invoices, part=parts)
    def put_money_anywhere(self, payment: Payment, invoice: Invoice, part: Decimal | None) -> None:
        self._try(allocate, source=payment, shares=[(invoice, part)], by="machine")

    @rule(nth=nths, after=later)
    def take_back(self, nth: int, after: int) -> None:
        rows = Allocation.objects.filter(pk__gt=self.first_allocation, reverses=None, reversed_by=None).order_by("pk")
        if row := nth_of(list(rows), nth):
            on = row.effective_on + timedelta(days=after)
            self._try(take_off, allocation=row, effective_on=on, reason="machine", actor=None)

    @rule(payment=payments)
    def forget_small_differences(self, payment: Payment) -> None:
        self._try(settle_small_difference, payment=payment, actor=None, by="machine")

    @rule(payment=payments, amount=amounts, after=later)
    def refund(self, payment: Payment, amount: Decimal, after: int) -> None:
        on = payment.received_on + timedelta(days=after)
        self._try(refund_payment, payment=payment, amount=amount, paid_on=on, reason="machine", by="machine")

    @rule(note=notes, amount=amounts, after=later)
    def pay_out(self, note: CreditNote, amount: Decimal, after: int) -> None:
        on = note.issued_on + timedelta(days=after)
        self._try(refund_credit, credit_note=note, amount=amount, paid_on=on, reason="machine", by="machine")

    @rule(payment=payments, amount=parts, after=later, by_the_payer=st.booleans())
    def lose(self, payment: Payment, amount: Decimal | None, after: int, by_the_payer: bool) -> None:
        on = payment.received_on + timedelta(days=after)
        if by_the_payer:
            self._try(charge_back, payment=payment, charged_back_on=on, amount=amount, by="machine")
        else:
            self._try(return_payment, payment=payment, returned_on=on, amount=amount, by="machine")

    @rule(nth=nths, after=later)
    def win_back(self, nth: int, after: int) -> None:
        if refund := nth_of(list(Refund.objects.filter(pk__gt=self.first_refund).order_by("pk")), nth):
            on = refund.paid_on + timedelta(days=after)
            self._try(undo_refund, refund=refund, on=on, reason="machine", by="machine")

    @rule(target=payments, payment=payments, amount=parts, rate=st.integers(1, 300))
    def exchange(self, payment: Payment, amount: Decimal | None, rate: int) -> Any:
        currency = "USD" if payment.currency == "EUR" else "EUR"
        made = self._try(exchange_payment, payment=payment, currency=currency, rate=Decimal(rate) / 100, rate_on=LAST,
                         rate_source="machine", amount=amount, by="machine")  # fmt: skip
        if made is None:
            return multiple()
        got = made.payment
        self._write("payment", got.pk, -1, got.customer, currency, got.amount, got.received_on,
                    [(got.received_on, got.amount)])  # fmt: skip
        return got

    @rule(nth=nths, after=later)
    def exchange_back(self, nth: int, after: int) -> None:
        rows = Exchange.objects.filter(refund__gt=self.first_refund).select_related("refund").order_by("pk")
        if found := nth_of(list(rows), nth):
            on = found.refund.paid_on + timedelta(days=after)
            self._try(undo_exchange, exchange=found, on=on, reason="machine", by="machine")

    @rule(invoice=invoices, share=st.integers(1, 12), after=later)
    def write_off(self, invoice: Invoice, share: int, after: int) -> None:
        on = invoice.issued_on + timedelta(days=after)
        amount = max((invoice.total * share / 10).quantize(Decimal("0.01")), Decimal("0.01"))
        posting: dict[str, Any] = {
            "kind": "write_off", "entity": invoice.entity, "customer": invoice.customer, "currency": invoice.currency,
            "shares": [(invoice, amount)], "effective_on": on, "reason": "machine", "by": "machine",
        }  # fmt: skip
        asked = self._try(request_approval, actor=self.world.asks, **posting)
        if asked is not None:
            assert self._try(approve, approval=asked, actor=self.world.asks) is None, "four eyes"
            self._try(approve, approval=asked, actor=self.world.approves)

    @rule(nth=nths, amount=amounts, after=later)
    def recover(self, nth: int, amount: Decimal, after: int) -> None:
        written_off = list(Adjustment.objects.filter(pk__gt=self.first_adjustment, kind="write_off").order_by("pk"))
        if adjustment := nth_of(written_off, nth):
            on = adjustment.effective_on + timedelta(days=after)
            customer = adjustment.customer
            payment = self._try(record_payment, entity=adjustment.entity, customer=customer, amount=amount,
                                currency=adjustment.currency, received_on=on, by="machine")  # fmt: skip
            self._write("payment", payment.pk, -1, customer, adjustment.currency, amount, on, [(on, amount)])
            self._try(recover_write_off, write_off=adjustment, payment=payment, actor=None, by="machine")

    @rule(target=disputes, invoice=invoices, amount=parts, after=later)
    def dispute(self, invoice: Invoice, amount: Decimal | None, after: int) -> Any:
        on = invoice.issued_on + timedelta(days=after)
        made = self._try(open_dispute, invoice=invoice, amount=amount, reason="price", opened_on=on, by="machine")
        return multiple() if made is None else made

    @rule(dispute=disputes, accepted=st.booleans(), after=later)
    def end_dispute(self, dispute: Dispute, accepted: bool, after: int) -> None:
        on = dispute.opened_on + timedelta(days=after)
        self._try(close_dispute, dispute=dispute, state="accepted" if accepted else "rejected", resolution="machine",
                  closed_on=max(on, dispute.opened_on), actor=None)  # fmt: skip

    @rule(absorbed=whose, survivor=whose, on=days)
    def merge(self, absorbed: int, survivor: int, on: date) -> None:
        gone, stays = self.world.customers[absorbed], self.world.customers[survivor]
        if self._try(merge_customers, absorbed=gone, survivor=stays, merged_on=on, on=LAST, reason="machine",
                     actor=None) is not None:  # fmt: skip
            self.book.merges.append((gone.pk, stays.pk, on))

    @rule(day=days)
    def look_at(self, day: date) -> None:
        self.day, self.known_by, self.as_known = day, row_of("SELECT clock_timestamp()")[0], self._aging(day)

    # --- what must hold after every step ---

    @invariant()
    def i1_i2_nothing_is_used_beyond_what_there_is(self) -> None:
        for key, document in self.book.documents.items():
            for day in {on for on, _ in self._used(key)}:
                used = sum((amount for on, amount in self._used(key) if on <= day), NOTHING)
                assert NOTHING <= used <= document.amount, f"I1/I2: {key} on {day}: {used} of {document.amount}"

    @invariant()
    def i3_i4_the_aging_of_any_day_is_the_open_items_of_that_day(self) -> None:
        self.steps += 1
        day = self.day if self.steps % 2 else LAST
        assert told(AgingScope(day)) == self._aging(day), f"I3/I4 on {day}"

    @invariant()
    def d50_what_was_known_of_a_day_stays_known(self) -> None:
        if self.steps % 4:
            return  # what is forgotten once stays forgotten: a later look finds it too
        assert told(AgingScope(self.day, known_by=self.known_by)) == self.as_known, (
            f"D50: {self.day} as known at {self.known_by}"
        )

    @invariant()
    def i3_each_account_owes_its_documents_less_its_money(self) -> None:
        left: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
        for (_, customer, currency), buckets in self._aging(LAST + timedelta(days=400)).items():
            left[customer, currency] += sum(buckets)
        owed: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
        for sign, part in ((1, self.book.owed), (-1, self.written_off), (1, self.given_back)):
            for (customer, currency), amount in part.items():
                owed[self.book.account(customer, LAST), currency] += sign * amount
        assert {key: value for key, value in left.items() if value} == {k: v for k, v in owed.items() if v}, "I3"

    @invariant()
    def i7_no_row_ever_goes(self) -> None:
        counts = row_of(
            "SELECT (SELECT COUNT(*) FROM invoices_invoice), (SELECT COUNT(*) FROM invoices_payment),"
            " (SELECT COUNT(*) FROM invoices_creditnote), (SELECT COUNT(*) FROM invoices_allocation),"
            " (SELECT COUNT(*) FROM audit_auditentry)"
        )
        assert all(now >= before for now, before in zip(counts, self.counts, strict=True)), "I7: rows were lost"
        self.counts = counts

    # --- the machine's own book ---

    def _write(
        self, table: str, pk: int, sign: int, customer: Customer, currency: str, amount: Decimal, on: date,
        due: list[tuple[date, Decimal]],
    ) -> None:  # fmt: skip
        self.book.documents[table, pk] = Document(sign, customer.pk, customer.entity_id, currency, amount, on, due)
        self.book.owed[customer.pk, currency] += sign * amount

    def _fitting(self, table: str, pk: int, nth: int) -> Invoice | None:
        """One of the invoices that this money or credit may be put against."""
        source = self.book.documents[table, pk]
        wanted = (self.book.account(source.customer, LAST), source.entity, source.currency)
        ids = [
            other
            for (name, other), document in self.book.documents.items()
            if name == "invoice"
            and (self.book.account(document.customer, LAST), document.entity, document.currency) == wanted
        ]
        found = nth_of(ids, nth)
        return Invoice.objects.get(pk=found) if found is not None else None

    def _next(self, letter: str) -> str:
        self.number += 1
        return f"{letter}{self.number}"

    def _try(self, service: Callable[..., Any], **given: Any) -> Any:
        """What the service gives back, or None when it refuses, which must leave no trace."""
        try:
            with transaction.atomic():
                return service(**given)
        except Refusal:
            return None
        finally:
            self._read_allocations()

    def _read_allocations(self) -> None:
        self.rows, self.written_off, self.given_back = defaultdict(list), defaultdict(Decimal), defaultdict(Decimal)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT customer_id, currency, amount, effective_on, payment_id, credit_note_id, adjustment_id,"
                " invoice_id, refund_id FROM invoices_allocation WHERE id > %s",
                [self.first_allocation],
            )
            for customer, currency, amount, on, *ends in cursor.fetchall():
                for table, pk in zip(("payment", "credit_note", "adjustment", "invoice", "refund"), ends, strict=True):
                    if pk is not None:
                        self.rows[table, pk].append((on, amount))
                if ends[2] is not None:
                    self.written_off[customer, currency] += amount
                if ends[4] is not None:
                    self.given_back[customer, currency] += amount

    def _used(self, key: tuple[str, int]) -> list[tuple[date, Decimal]]:
        return self.rows[key]

    def _aging(self, day: date) -> dict[tuple[int, int, str], list[Decimal]]:
        """Six sums per entity, account and currency with something open on the day."""
        sums: dict[tuple[int, int, str], list[Decimal]] = {}
        for key, document in self.book.documents.items():
            if document.on > day:
                continue
            used = sum((amount for on, amount in self._used(key) if on <= day), NOTHING)
            for due, amount in document.due:
                taken = min(used, amount)
                used -= taken
                if amount > taken:
                    account = self.book.account(document.customer, day)
                    line = sums.setdefault((document.entity, account, document.currency), [NOTHING] * 6)
                    line[bucket_of((day - due).days)] += document.sign * (amount - taken)
        return sums
