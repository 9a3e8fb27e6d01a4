"""The staging tables of an import: rows as read, and what each of them means for the ledger as it is now.

Everything here lies in temporary tables of the running transaction; the ledger is only read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from collections_app.lib.money import Money
from customers.import_sources.base import CustomerFacts, ItemRow, Outcome
from customers.rules.import_problems import ProblemList, RowProblem, SkippedRow
from invoices.services.import_copy import NULL, copy_lines, escaped

FIRST_ROWS = 20
# From here on a join by hash is never far off, while one by loops is a disaster when the planner takes a table for
# empty that is not (rows of this transaction, or the remains of an import that was rolled back).
LARGE = 2_000

_TABLES = """
DROP TABLE IF EXISTS import_rows, import_customers, import_checked;
CREATE TEMP TABLE import_rows (
    line integer, entity_id bigint, customer text, is_credit boolean, kind text, number text, issued_on date,
    due_on date, due_on_assumed boolean, currency text, amount numeric(19,4), settled numeric(19,4), settled_on date,
    po_number text, text text, tax_total numeric(19,4), discount_percent numeric(7,4), discount_until date
) ON COMMIT DROP;
CREATE TEMP TABLE import_customers (
    number text, name text, entity_id bigint, currency text, country text, language text, terms_code text,
    terms_name text, risk_class text, address text, email text
) ON COMMIT DROP;
"""

# One row per staged row with its fate: new, known (issued before with the same content), or a cause of refusal.
# Duplicates are counted by hash; sorting a large file for it would cost more than the import itself.
_CHECK = """
CREATE TEMP TABLE import_checked ON COMMIT DROP AS
WITH twice AS (
    SELECT entity_id, customer, is_credit, number, min(line) AS first_line, max(line) AS last_line
    FROM import_rows GROUP BY entity_id, customer, is_credit, number HAVING count(*) > 1
)
SELECT r.line, c.id AS customer_id, COALESCE(i.id, n.id) AS document_id,
    COALESCE(i.total, n.total) AS issued_amount, COALESCE(i.currency, n.currency) AS issued_currency,
    CASE WHEN t.first_line = r.line THEN t.last_line ELSE t.first_line END AS other_line,
    r.settled AS to_settle, NULL::date AS freed_on,
    CASE
        WHEN t.number IS NOT NULL THEN 'duplicate_number'
        WHEN c.id IS NULL THEN CASE WHEN %(create_customers)s THEN 'new' ELSE 'unknown_customer' END
        WHEN NOT (c.entity_id = ANY(%(entities)s)) THEN 'foreign_customer'
        WHEN i.id IS NULL AND n.id IS NULL THEN 'new'
        WHEN COALESCE(i.status, n.status) <> 'issued' THEN 'not_issued'
        WHEN COALESCE(i.total, n.total) <> r.amount OR COALESCE(i.currency, n.currency) <> r.currency
            THEN 'other_amount'
        WHEN COALESCE(i.issued_on, n.issued_on) <> r.issued_on OR COALESCE(i.due_on, n.due_on) <> r.due_on
            OR COALESCE(i.kind, 'credit_note') <> r.kind THEN 'other_terms'
        ELSE 'known'
    END AS state
FROM import_rows r
LEFT JOIN twice t USING (entity_id, customer, is_credit, number)
LEFT JOIN customers_customer c ON c.number = r.customer
LEFT JOIN invoices_invoice i
    ON NOT r.is_credit AND i.entity_id = r.entity_id AND i.customer_id = c.id AND i.number = r.number
LEFT JOIN invoices_creditnote n
    ON r.is_credit AND n.entity_id = r.entity_id AND n.customer_id = c.id AND n.number = r.number
"""
# A document that was open at the last import may be settled in this one; what was allocated since is not repeated, and
# what was taken back since counts again only from that day on (A2). Summed first: asked row by row, the table would be
# read as often as the file has rows.
_KNOWN_SETTLED = """
WITH used AS (
    SELECT false AS is_credit, invoice_id AS id, sum(amount) AS amount,
        max(effective_on) FILTER (WHERE reverses_id IS NOT NULL) AS freed_on
    FROM invoices_allocation WHERE invoice_id IN (SELECT document_id FROM import_checked WHERE state = 'known')
    GROUP BY invoice_id
    UNION ALL
    SELECT true, credit_note_id, sum(amount), max(effective_on) FILTER (WHERE reverses_id IS NOT NULL)
    FROM invoices_allocation WHERE credit_note_id IN (SELECT document_id FROM import_checked WHERE state = 'known')
    GROUP BY credit_note_id
)
UPDATE import_checked k SET to_settle = GREATEST(r.settled - used.amount, 0), freed_on = used.freed_on
FROM import_rows r JOIN used USING (is_credit)
WHERE r.line = k.line AND used.id = k.document_id AND k.state = 'known' AND r.settled IS NOT NULL
"""
_COUNTS = """
SELECT count(*) FILTER (WHERE state = 'new'),
       count(*) FILTER (WHERE state = 'known' AND to_settle > 0),
       count(*) FILTER (WHERE state = 'known' AND COALESCE(to_settle, 0) = 0)
FROM import_checked
"""
_NEW_CUSTOMERS = """
SELECT count(DISTINCT r.customer) FROM import_rows r JOIN import_checked k USING (line)
WHERE k.state = 'new' AND k.customer_id IS NULL
"""
_TOTALS = """
SELECT r.currency, count(*), COALESCE(sum(r.amount) FILTER (WHERE NOT r.is_credit), 0),
       COALESCE(sum(r.amount) FILTER (WHERE r.is_credit), 0),
       sum((r.amount - COALESCE(r.settled, 0)) * CASE WHEN r.is_credit THEN -1 ELSE 1 END)
FROM import_rows r JOIN import_checked k USING (line)
WHERE k.state IN ('new', 'known') GROUP BY r.currency ORDER BY r.currency
"""
_FIRST = """
SELECT r.line, e.code, r.customer, r.kind, r.number, r.issued_on, r.due_on, r.due_on_assumed, r.currency, r.amount,
       r.settled, r.settled_on, k.state
FROM import_rows r JOIN import_checked k USING (line) JOIN customers_legalentity e ON e.id = r.entity_id
WHERE k.state IN ('new', 'known') ORDER BY r.line LIMIT %s
"""
_PROBLEMS = """
SELECT r.line, k.state, r.number, r.customer, r.amount, r.currency, k.issued_amount, k.issued_currency, k.other_line
FROM import_rows r JOIN import_checked k USING (line) WHERE k.state NOT IN ('new', 'known') ORDER BY r.line
"""


@dataclass
class Staged:
    """What staging found: problems and skipped rows as they came by, and how many rows there were."""

    problems: ProblemList = field(default_factory=ProblemList)
    skipped: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    customers: dict[str, tuple[CustomerFacts, int, str]] = field(default_factory=dict)


def stage(outcomes: Iterable[Outcome], entity_ids: Mapping[str, int], default_entity: int | None) -> Staged:
    """The counts of reading; afterwards `import_rows` and `import_customers` hold the readable rows.

    `entity_ids` maps the codes this import may write to; with `default_entity` every row goes there."""
    staged = Staged()
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
    copy_lines("COPY import_rows FROM STDIN", _row_lines(outcomes, entity_ids, default_entity, staged))
    copy_lines("COPY import_customers FROM STDIN", _customer_lines(staged))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE import_rows; ANALYZE import_customers")
        if staged.rows >= LARGE:
            cursor.execute("SET LOCAL enable_nestloop = off")
    return staged


def clear() -> None:
    """Nothing; afterwards the staging tables are gone and the planner is itself again."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE import_rows, import_customers, import_checked")
        cursor.execute("SET LOCAL enable_nestloop = DEFAULT")


def check(staged: Staged, *, entity_ids: Iterable[int], create_customers: bool) -> dict[str, Any]:
    """Counts, control totals and first rows as plain values; refused rows are added to the staged problems."""
    with connection.cursor() as cursor:
        cursor.execute(_CHECK, {"create_customers": create_customers, "entities": list(entity_ids)})
        cursor.execute("CREATE UNIQUE INDEX ON import_checked (line); ANALYZE import_checked")
        cursor.execute(_KNOWN_SETTLED)
        cursor.execute(_COUNTS)
        new, settled, unchanged = cursor.fetchone()
        cursor.execute(_NEW_CUSTOMERS)
        new_customers = cursor.fetchone()[0]
        cursor.execute(_TOTALS)
        totals = cursor.fetchall()
        cursor.execute(_FIRST, [FIRST_ROWS])
        first = cursor.fetchall()
        cursor.execute(_PROBLEMS)
        while found := cursor.fetchmany(2000):
            for row in found:
                staged.problems.add(_problem(row))
    return {
        "new": new,
        "settled": settled,
        "unchanged": unchanged,
        "customers_new": new_customers,
        "totals": totals,
        "first": first,
    }


def _row_lines(
    outcomes: Iterable[Outcome], entity_ids: Mapping[str, int], default_entity: int | None, staged: Staged
) -> Iterator[str]:
    customers = staged.customers
    for outcome in outcomes:
        staged.rows += 1
        if isinstance(outcome, ItemRow):
            entity = default_entity or entity_ids.get(outcome.entity)
            if entity is None:
                staged.problems.add(_unknown_entity(outcome))
                continue
            if outcome.customer.number not in customers:
                customers[outcome.customer.number] = (outcome.customer, entity, outcome.currency)
            yield _line(outcome, entity)
        elif isinstance(outcome, SkippedRow):
            staged.skipped[outcome.reason] = staged.skipped.get(outcome.reason, 0) + 1
        else:
            staged.problems.add(outcome)


def _line(row: ItemRow, entity: int) -> str:
    return (
        f"{row.line}\t{entity}\t{escaped(row.customer.number)}\t{'t' if row.is_credit else 'f'}\t{row.kind}\t"
        f"{escaped(row.number)}\t{row.issued_on}\t{row.due_on}\t{'t' if row.due_on_assumed else 'f'}\t{row.currency}\t"
        f"{row.amount:f}\t{NULL if row.settled is None else f'{row.settled:f}'}\t{row.settled_on or NULL}\t"
        f"{escaped(row.po_number)}\t{escaped(row.text)}\t{row.tax_total:f}\t{row.discount_percent:f}\t"
        f"{row.discount_until or NULL}\n"
    )


def _customer_lines(staged: Staged) -> Iterator[str]:
    for number, (facts, entity, currency) in staged.customers.items():
        values = (
            number, facts.name, str(entity), currency, facts.country, facts.language, facts.terms_code,
            facts.terms_name, facts.risk_class, facts.address, facts.email,
        )  # fmt: skip
        yield "\t".join(map(escaped, values)) + "\n"


def _unknown_entity(row: ItemRow) -> RowProblem:
    sentence = (
        f"There is no legal entity “{row.entity}” among yours. Create it, or choose one for the whole file."
        if row.entity
        else "The row names no legal entity. Choose one for the whole file."
    )
    return RowProblem(row.line, "unknown_entity", "", row.entity, sentence)


def _problem(row: tuple[Any, ...]) -> RowProblem:
    line, state, number, customer, amount, currency, issued_amount, issued_currency, other_line = row
    earlier, later = sorted((line, other_line or line))
    sentences = {
        "duplicate_number": f"Number {number} of customer {customer} stands on lines {earlier} and {later}. "
        "Keep one of them or renumber the other.",
        "unknown_customer": f"Customer {customer} is not known. Correct the number, or allow new customers.",
        "foreign_customer": f"Customer {customer} belongs to another team. Ask that team to import the row.",
        "not_issued": f"{number} exists as a draft or was voided. Issue the draft, or give the row another number.",
        "other_amount": f"{number} is already issued with another amount: {_money(issued_amount, issued_currency)}, "
        f"not {_money(amount, currency)}. Correct it by a credit note.",
        "other_terms": f"{number} is already issued with other dates or as another kind. Issued documents never "
        "change: correct the file.",
    }
    found = customer if state in ("unknown_customer", "foreign_customer") else number
    return RowProblem(line, state, "", found, sentences[state])


def _money(amount: Decimal | None, currency: str | None) -> str:
    return str(Money(amount, currency)) if amount is not None and currency else ""
