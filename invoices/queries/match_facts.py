"""The facts that matching needs for the lines of one bank account: open items, customers, payers learned, payments that
may come back, advices. A fixed number of queries, however many lines."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from collections_app.lib.rounding import EXACT, round_amount
from customers.models import Customer
from invoices.models import BankAccount, BankLine, BankPosting, CurrencyRules, PayerAlias, Payment, RemittanceItem
from invoices.queries.claims_sql import claim_tables
from invoices.rules.matching import (
    AdviceRow,
    CustomerFact,
    Index,
    Line,
    OpenItem,
    Payers,
    PaymentFact,
    PaymentIndex,
    Settings,
    Tolerance,
    folded_name,
)
from invoices.rules.matching.numbers import typed_digits
from invoices.rules.matching.reading import read_line

_NOTHING = Decimal(0)
_EVER = date(9999, 12, 31)
_ADVICE_DAYS = timedelta(days=45)
_LOOK_BACK = timedelta(days=730)
_RETURN_DAYS = timedelta(days=430)  # a debit without mandate may come back for 13 months
_LAST_DIGITS = "LTRIM(SUBSTRING(doc.number FROM '[0-9]+$'), '0')"


@dataclass(frozen=True, slots=True)
class MatchFacts:
    """What `match_lines` is given for the lines of one account."""

    lines: list[Line]
    index: Index
    payments: PaymentIndex
    settings: Settings


def match_facts(lines: Sequence[BankLine]) -> MatchFacts:
    """The facts for these lines, which are all of one account and have it loaded (`select_related`)."""
    account = lines[0].account
    posted, ours = _posted(lines), _own_accounts()
    asked = _with_advice(lines, [_line(line, posted.get(line.pk, _NOTHING), ours) for line in lines])
    items = open_items(account.entity_id, account.currency)
    customers, former_names = _customers(account.entity_id, {item.customer_id for item in items})
    payers = _payers(asked, former_names)
    names = {folded_name(line.name) for line in asked if line.name}
    seen = {customer.id for customer in customers if folded_name(customer.name) in names}
    seen.update(pk for known in (*payers.accounts.values(), *payers.names.values()) for pk in known)
    settled = _settled(asked, account.entity_id, {item.id for item in items}, seen)
    index = Index(items, customers, payers, settled)
    settings = Settings(certain=account.certain_from, tolerances=_tolerances())
    return MatchFacts(asked, index, PaymentIndex(_payments(asked, account.entity_id)), settings)


def _posted(lines: Sequence[BankLine]) -> dict[int, Decimal]:
    """What is posted already of lines that were split, positive."""
    live = BankPosting.objects.filter(line__in=lines, undone_at__isnull=True).order_by()
    sums = live.values("line").annotate(s=Sum(Coalesce("payment__amount", "refund__amount")))
    return dict(sums.values_list("line", "s"))


def _own_accounts() -> frozenset[str]:
    return frozenset(BankAccount.objects.values_list("identification", flat=True))


def _line(line: BankLine, posted: Decimal, ours: frozenset[str]) -> Line:
    """What is left of the line, as matching sees it."""
    account = "".join(line.counterparty_account.split()).upper()
    return Line(
        id=line.pk,
        received_on=line.value_on,
        amount=line.amount - posted if line.amount > 0 else line.amount + posted,
        currency=line.currency,
        entity_id=line.account.entity_id,
        name=line.counterparty_name,
        account=account,
        is_own_account=account in ours,
        reference=line.reference,
        text=line.text,
        end_to_end_id=line.end_to_end_id,
        bank_reference=line.bank_reference,
        is_reversal=line.is_reversal,
    )


def open_items(entity_id: int, currency: str, *, as_of: date = _EVER) -> list[OpenItem]:
    """Every open claim on customers of this legal entity in this currency: with all recorded allocations, or as of a
    day, inclusive."""
    tables = ",\n".join(claim_tables(where=["doc.entity_id = %(entity)s", "doc.currency = %(currency)s"]))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH {tables}
            SELECT claim.invoice_id, claim.instalment_id, COALESCE(c.merged_into_id, c.id), claim.number, claim.due_on,
                   claim.open, claim.document_on, doc.po_number, doc.discount_percent, doc.discount_until, claim.amount
            FROM claim JOIN invoices_invoice AS doc ON doc.id = claim.invoice_id
            JOIN customers_customer AS c ON c.id = claim.customer_id
            ORDER BY claim.invoice_id, claim.position""",  # noqa: S608
            {"as_of": as_of, "entity": entity_id, "currency": currency},
        )
        return [_item(row, entity_id, currency) for row in cursor]


def _item(row: tuple[Any, ...], entity_id: int, currency: str) -> OpenItem:
    invoice, instalment, customer, number, due_on, left, issued_on, po_number, percent, until, amount = row
    return OpenItem(
        id=invoice,
        customer_id=customer,
        number=number,
        due_on=due_on,
        open_amount=left,
        currency=currency,
        entity_id=entity_id,
        instalment_id=instalment,
        issued_on=issued_on,
        po_number=po_number,
        # Who paid a part already may keep only a part of the discount: that is left to the rule of the ledger.
        discount=_discount(amount, percent, currency) if until and instalment is None and left == amount else _NOTHING,
        discount_until=until,
    )


def _discount(total: Decimal, percent: Decimal, currency: str) -> Decimal:
    return round_amount(EXACT.divide(EXACT.multiply(total, percent), Decimal(100)), currency)


def _customers(entity_id: int, with_items: Iterable[int]) -> tuple[list[CustomerFact], dict[str, int]]:
    """The accounts that this entity looks after or has claims on, and the names of customers merged into them."""
    wanted = Customer.objects.filter(Q(entity_id=entity_id) | Q(pk__in=list(with_items)))
    rows = wanted.annotate(holder=Coalesce(F("merged_into_id"), F("pk"))).values_list("pk", "number", "name", "holder")
    facts, former = [], {}
    for pk, number, name, holder in rows.iterator(chunk_size=5000):
        if holder == pk:
            facts.append(CustomerFact(pk, number, name))
        else:
            former[folded_name(name)] = holder
    return facts, former


def _payers(lines: Sequence[Line], former_names: Mapping[str, int]) -> Payers:
    accounts = {line.account for line in lines if line.account}
    names = {folded_name(line.name) for line in lines if line.name}
    known: dict[str, dict[str, dict[int, int]]] = {"account": defaultdict(dict), "name": defaultdict(dict)}
    rows = PayerAlias.objects.filter(Q(kind="account", value__in=accounts) | Q(kind="name", value__in=names))
    found = rows.annotate(holder=Coalesce(F("customer__merged_into_id"), F("customer_id")))
    for kind, value, customer, times in found.values_list("kind", "value", "holder", "times"):
        known[kind][value][customer] = known[kind][value].get(customer, 0) + times
    for name in names & former_names.keys():
        known["name"][name].setdefault(former_names[name], 1)
    return Payers(known["account"], known["name"])


def _settled(lines: Sequence[Line], entity_id: int, open_ids: set[int], payers: Iterable[int]) -> dict[int, set[str]]:
    """Per customer the digits of invoices that are paid already: those that a line names, and, of the customers that
    lines seem to come from, all of the last two years."""
    said = {typed[1].lstrip("0") for line in lines for word in read_line(line).words if (typed := typed_digits(word))}
    since = min(line.received_on for line in lines) - _LOOK_BACK
    found: dict[int, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT doc.id, {_LAST_DIGITS}, COALESCE(c.merged_into_id, c.id)
            FROM invoices_invoice AS doc JOIN customers_customer AS c ON c.id = doc.customer_id
            WHERE doc.status = 'issued' AND doc.entity_id = %s AND (
                {_LAST_DIGITS} = ANY(%s) OR (doc.issued_on >= %s AND COALESCE(c.merged_into_id, c.id) = ANY(%s)))""",  # noqa: S608
            [entity_id, list(said), since, list(payers)],
        )
        for invoice, digits, customer in cursor:
            if digits and invoice not in open_ids:
                found[customer].add(digits)
    return found


def _payments(lines: Sequence[Line], entity_id: int) -> list[PaymentFact]:
    """Payments from the bank that share an id or the amount with money that goes out, and did not go back before."""
    out = [line for line in lines if line.amount < 0]
    if not out:
        return []
    ids = {given for line in out for given in (line.end_to_end_id, line.bank_reference) if given}
    wanted = Q(amount__in={-line.amount for line in out})
    wanted |= Q(bank_posting__line__end_to_end_id__in=ids) | Q(bank_posting__line__bank_reference__in=ids)
    rows = Payment.objects.filter(
        wanted,
        entity_id=entity_id,
        received_on__gte=min(line.received_on for line in out) - _RETURN_DAYS,
        bank_posting__undone_at__isnull=True,
    ).exclude(allocations__refund__kind__in=("returned", "chargeback"))
    line = "bank_posting__line__"
    columns = ("pk", "customer_id", "amount", "currency", "received_on", "entity_id", f"{line}counterparty_account",
               f"{line}counterparty_name", f"{line}end_to_end_id", f"{line}bank_reference", f"{line}text")  # fmt: skip
    return [PaymentFact(*row[:6], *(value or "" for value in row[6:])) for row in rows.values_list(*columns).distinct()]


def _with_advice(rows: Sequence[BankLine], lines: list[Line]) -> list[Line]:
    """The lines, each with the rows of the only advice over exactly its amount that came near its day."""
    advised = RemittanceItem.objects.filter(
        advice__total__in={line.amount for line in lines}, advice__currency=rows[0].currency
    ).order_by("pk")
    found: dict[int, list[AdviceRow]] = defaultdict(list)
    heads: dict[int, tuple[Decimal, date]] = {}
    for item in advised.select_related("advice"):
        found[item.advice_id].append(AdviceRow(item.number, item.amount, item.deduction))
        assert item.advice.total is not None
        heads[item.advice_id] = (item.advice.total, item.advice.paid_on or item.advice.uploaded_at.date())
    told = []
    for line in lines:
        near = [
            advice
            for advice, (total, day) in heads.items()
            if total == line.amount and abs(day - line.received_on) <= _ADVICE_DAYS
        ]
        told.append(replace(line, advice=tuple(found[near[0]])) if len(near) == 1 else line)
    return told


def _tolerances() -> dict[str, Tolerance]:
    rows = CurrencyRules.objects.values_list("currency", "under_tolerance", "over_tolerance")
    return {currency: Tolerance(under, over) for currency, under, over in rows}
