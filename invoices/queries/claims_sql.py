"""The SQL of claims: what is open, as of a day, of every invoice and every instalment, and what of it is disputed, on a
plan or promised. One place, so that aging, reminders, lists and account pages cannot disagree. It only builds text.

A claim is an invoice without instalments, or one instalment. The rule is `invoices.rules.claims`. Allocations are added
up once per document in one pass; tables of instalments, plans and promises that are empty cost a look each.

    WITH <knowledge.tables, claim_tables()> SELECT … FROM claim

`claim` has one row per open claim of an issued document: invoice_id, instalment_id (NULL without instalments),
position, is_first (of its document, so that documents can be counted), kind, entity_id, customer_id (as on the
document: merges are mapped by the reader), currency, number, document_on, due_on, assumed, amount, open (above 0),
disputed, on_plan, promised. The last three are NULL where there is nothing of the kind: sums skip them, and a
COALESCE costs more. Parameters are `as_of` (inclusive) and what the conditions and the knowledge name."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Which rows count by the time they were recorded. `until` means up to the parameter `known_by`, inclusive; `ends`
    means up to the end of the business day `known_on` in the zone of the document's legal entity; `stored` means up to
    the moment at which the entity's snapshot of the day `as_of` was taken."""

    until: bool = False
    ends: bool = False
    stored: bool = False

    @property
    def by_entity(self) -> bool:
        """Whether each legal entity has a moment of its own."""
        return self.ends or self.stored

    @property
    def tables(self) -> list[str]:
        """The WITH tables the joins need."""
        if self.stored:
            return [_STORED]
        if not self.ends:
            return []
        day_after = "((%(known_on)s::date + 1)::timestamp AT TIME ZONE time_zone)"
        return [f"cut AS MATERIALIZED (SELECT id, {day_after} AS ends FROM customers_legalentity)"]  # noqa: S608

    def join(self, entity: str) -> str:
        """A JOIN that brings the entity's end of the day; '' when it is not asked for."""
        return f" JOIN cut ON cut.id = {entity}" if self.by_entity else ""

    def conditions(self, row: str) -> list[str]:
        """Conditions on a table with `recorded_at`."""
        found = [f"{row}.recorded_at <= %(known_by)s"] if self.until else []
        return [*found, f"{row}.recorded_at < cut.ends"] if self.by_entity else found

    def allocations(self, side: str, extra: Sequence[str] = ()) -> str:
        """FROM and WHERE of the rows of `used` that count and name a document of this side ('invoice', 'payment')."""
        home = f" JOIN {TABLES[side]} AS home ON home.id = used.{side}_id{self.join('home.entity_id')}"
        conditions = [f"used.{side}_id IS NOT NULL", "used.effective_on <= %(as_of)s", *self.conditions("used"), *extra]
        return f"FROM invoices_allocation AS used{home if self.by_entity else ''} WHERE {' AND '.join(conditions)}"


TABLES = {"invoice": "invoices_invoice", "credit_note": "invoices_creditnote", "payment": "invoices_payment"}
EVERYTHING = Knowledge()
_STORED = """cut AS MATERIALIZED (
    SELECT entity_id AS id, MAX(taken_at) + interval '1 microsecond' AS ends FROM invoices_agingsnapshot
    WHERE as_of = %(as_of)s GROUP BY entity_id)"""


def claim_tables(
    *, where: Sequence[str] = (), used_where: Sequence[str] = (), knowledge: Knowledge = EVERYTHING
) -> list[str]:
    """The WITH tables up to `claim`.

    `where` are conditions on the invoice, called `doc`. `used_where` are conditions on its allocations, called `used`,
    that only save work: they must let through every allocation of the invoices asked for."""
    used, part = _used(used_where, knowledge), _part(where, used_where, knowledge)
    return [used, part, _mark(knowledge), _claim(where, knowledge)]


def _used(used_where: Sequence[str], knowledge: Knowledge) -> str:
    rows = knowledge.allocations("invoice", used_where)
    return f"used_invoice AS (SELECT used.invoice_id AS id, SUM(used.amount) AS amount {rows} GROUP BY used.invoice_id)"


def _part(where: Sequence[str], used_where: Sequence[str], knowledge: Knowledge) -> str:
    wanted = "true"
    if where:
        wanted = f"i.invoice_id IN (SELECT doc.id FROM invoices_invoice AS doc WHERE {' AND '.join(where)})"  # noqa: S608
    return f"part AS ({open_instalments(used_where, knowledge, where=wanted)})"


def open_instalments(
    used_where: Sequence[str] = (),
    knowledge: Knowledge = EVERYTHING,
    *,
    day: str = "",
    days: str = "",
    where: str = "true",
) -> str:
    """A SELECT of the instalments with something open, of documents of any status. `day` is SQL for the day instead of
    the parameter `as_of`, `days` the name of a table with a column `day` for several days at once; `where` is a
    condition on the instalment, called `i`.

    `wanted` is what money that names the instalment leaves of it, `earlier` what the ones before still want. Columns:
    id, invoice_id, position, due_on, amount, open, begin (what is open before it), is_first (with something open), and
    `day` when several are asked for."""
    on_day, per, also = ("asked.day", "asked.day, ", "day, ") if days else (day or "%(as_of)s", "", "")

    def used(extra: str) -> str:
        rows = knowledge.allocations("invoice", [extra, *used_where]).replace("%(as_of)s", on_day)
        return rows.replace("FROM ", f"FROM {days} AS asked CROSS JOIN ", 1) if days else rows

    named = used("used.instalment_id IS NOT NULL")
    unnamed = used("used.instalment_id IS NULL AND used.invoice_id IN (SELECT invoice_id FROM invoices_instalment)")
    instalments = f"{days} AS asked CROSS JOIN invoices_instalment AS i" if days else "invoices_instalment AS i"
    same_day = ("AND named.day = asked.day", "AND unnamed.day = asked.day") if days else ("", "")
    # Over several days the sums are kept: a planner that believes them small must not add them up again and again. On
    # one day they are not, because tables that are kept would forbid to work in parallel.
    kept = "MATERIALIZED" if days else "NOT MATERIALIZED"
    return f"""
    WITH named AS {kept} (
            SELECT {per}used.instalment_id AS id, SUM(used.amount) AS amount {named} GROUP BY {per}used.instalment_id),
        unnamed AS {kept} (
            SELECT {per}used.invoice_id AS id, SUM(used.amount) AS amount {unnamed} GROUP BY {per}used.invoice_id)
    SELECT {also}id, invoice_id, position, due_on, amount, open, SUM(open) OVER oldest_first - open AS begin,
           ROW_NUMBER() OVER oldest_first = 1 AS is_first
    FROM (SELECT *, wanted - GREATEST(0, LEAST(wanted, unnamed - earlier)) AS open
          FROM (SELECT *, SUM(wanted) OVER oldest_first - wanted AS earlier
                FROM (SELECT {per}i.id, i.invoice_id, i.position, i.due_on, i.amount,
                             i.amount - COALESCE(named.amount, 0) AS wanted, COALESCE(unnamed.amount, 0) AS unnamed
                      FROM {instalments} LEFT JOIN named ON named.id = i.id {same_day[0]}
                      LEFT JOIN unnamed ON unnamed.id = i.invoice_id {same_day[1]} WHERE {where}) AS wants
                WINDOW oldest_first AS (PARTITION BY {also}invoice_id ORDER BY due_on, position)) AS filled) AS opened
    WHERE open <> 0 WINDOW oldest_first AS (PARTITION BY {also}invoice_id ORDER BY due_on, position)"""  # noqa: S608


# What is still to come of a plan or a promise: payments since then have made the rest of the invoice collectable (P2).
# An older payment that did not hold is none of it, so no payment counts less than nothing. A join, because a subselect
# per row would forbid to work in parallel.
_TO_COME = """SELECT invoice_id, GREATEST(amount - SUM(came), 0) AS amount FROM (
    SELECT item.id, item.invoice_id, item.amount, GREATEST(COALESCE(SUM(a.amount), 0), 0) AS came
    FROM {items} AS item JOIN {words} AS word ON word.id = item.{link}{join}
    LEFT JOIN invoices_allocation AS a ON a.invoice_id = item.invoice_id AND a.payment_id IS NOT NULL
         AND a.effective_on <= %(as_of)s{known}
         AND (a.effective_on > word.{begun} OR a.recorded_at > word.recorded_at)
    WHERE word.{begun} <= %(as_of)s AND (word.{ended} IS NULL OR word.{ended} > %(as_of)s){told}
    GROUP BY item.id, item.invoice_id, item.amount, a.payment_id) AS by_payment GROUP BY id, invoice_id, amount"""


def _mark(knowledge: Knowledge) -> str:
    """Per invoice what is disputed, on a plan and promised. That one of them ended is taken from the row as it is
    today: it carries the day of its end, not the moment at which the end was recorded."""
    dispute = _joined_invoice("dispute.invoice_id", knowledge)
    told = _also(knowledge.conditions("dispute"))
    plan = _to_come("invoices_planitem", "invoices_paymentplan", "plan_id", "agreed_on", "ended_on", knowledge)
    promise = _to_come("invoices_promiseitem", "invoices_promise", "promise_id", "made_on", "closed_on", knowledge)
    return f"""mark AS (
    SELECT invoice_id AS id, COALESCE(SUM(disputed), 0) AS disputed, COALESCE(SUM(on_plan), 0) AS on_plan,
           COALESCE(SUM(promised), 0) AS promised
    FROM (SELECT dispute.invoice_id, dispute.amount AS disputed, NULL::numeric AS on_plan, NULL::numeric AS promised
          FROM invoices_dispute AS dispute{dispute}
          WHERE dispute.opened_on <= %(as_of)s AND (dispute.closed_on IS NULL OR dispute.closed_on > %(as_of)s){told}
          UNION ALL SELECT invoice_id, NULL, amount, NULL FROM ({plan}) AS plan
          UNION ALL SELECT invoice_id, NULL, NULL, amount FROM ({promise}) AS promise) AS marked
    GROUP BY invoice_id)"""  # noqa: S608


def _to_come(items: str, words: str, link: str, begun: str, ended: str, knowledge: Knowledge) -> str:
    join = _joined_invoice("item.invoice_id", knowledge)
    known, told = _also(knowledge.conditions("a")), _also(knowledge.conditions("word"))
    return _TO_COME.format(
        items=items, words=words, link=link, begun=begun, ended=ended, join=join, known=known, told=told
    )


def _joined_invoice(invoice_id: str, knowledge: Knowledge) -> str:
    if not knowledge.by_entity:
        return ""
    return f" JOIN invoices_invoice AS home ON home.id = {invoice_id}{knowledge.join('home.entity_id')}"


def _also(conditions: Sequence[str]) -> str:
    return "".join(f" AND {condition}" for condition in conditions)


def _claim(where: Sequence[str], knowledge: Knowledge) -> str:
    """An invoice has parts or none. It lies on a line from 0 to what is open of it: the dispute covers the beginning,
    then the plan, then the promise; each claim takes what lies over it."""
    opened = "COALESCE(part.open, doc.total - COALESCE(used.amount, 0))"
    begin = "COALESCE(part.begin, 0)"
    disputed, planned = "mark.disputed", "mark.disputed + mark.on_plan"
    conditions = [
        "doc.status = 'issued'",
        "doc.issued_on <= %(as_of)s",
        "doc.total > COALESCE(used.amount, 0)",
        *knowledge.conditions("doc"),
        *where,
    ]

    def over(lower: str, upper: str, present: str) -> str:
        covered = f"GREATEST(0, LEAST({upper}, {begin} + {opened}) - GREATEST({lower}, {begin}))"
        return f"CASE WHEN {present} > 0 THEN {covered} END"

    return f"""claim AS (
    SELECT doc.id AS invoice_id, part.id AS instalment_id, part.position, COALESCE(part.is_first, true) AS is_first,
           doc.kind, doc.entity_id, doc.customer_id, doc.currency, doc.number, doc.issued_on AS document_on,
           COALESCE(part.due_on, doc.due_on) AS due_on, doc.due_on_assumed AS assumed,
           COALESCE(part.amount, doc.total) AS amount, {opened} AS open,
           {over("0", disputed, "mark.disputed")} AS disputed,
           {over(disputed, planned, "mark.on_plan")} AS on_plan,
           {over(planned, f"{planned} + mark.promised", "mark.promised")} AS promised
    FROM invoices_invoice AS doc{knowledge.join("doc.entity_id")}
    LEFT JOIN used_invoice AS used ON used.id = doc.id LEFT JOIN part ON part.invoice_id = doc.id
    LEFT JOIN mark ON mark.id = doc.id WHERE {" AND ".join(conditions)})"""  # noqa: S608
