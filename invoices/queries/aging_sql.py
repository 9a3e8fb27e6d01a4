"""The SQL that every aging is made of: the open items of a scope, as of a day, and their sums per customer. One place,
so that a cell and the list behind it cannot disagree. It only builds text and parameters; `aging*.py` run them.

Allocations are added up once per document, in one pass over the table, whatever the number of customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from customers.models import Customer
from invoices.queries.claims_sql import TABLES, Knowledge, claim_tables
from invoices.rules.aging import Basis, Credits
from invoices.rules.buckets import DEFAULT, Bucket, BucketSet


@dataclass(frozen=True, slots=True)
class AgingScope:
    """Which items count and how they are shown. `as_of` is inclusive; None in a field that narrows means "all".

    `customers` is the set the reader may see, narrowed by filters. What was recorded later than `known_by`, inclusive,
    or after the end of the business day `known_on` in the zone of the document's legal entity, is left out: the aging
    as it was known then, where `as_of` alone says how it is known today (D50). `stored` leaves out what the snapshot of
    the day did not know yet."""

    as_of: date
    entity_ids: tuple[int, ...] | None = None
    customers: QuerySet[Customer] | None = None
    currency: str | None = None
    known_by: datetime | None = None
    known_on: date | None = None
    stored: bool = False
    basis: Basis = Basis.DUE
    credits: Credits = Credits.OWN
    buckets: BucketSet = DEFAULT

    @property
    def knowledge(self) -> Knowledge:
        """Which rows count by the time they were recorded."""
        return Knowledge(self.known_by is not None, self.known_on is not None and not self.stored, self.stored)

    @property
    def narrowed(self) -> bool:
        """Whether only some customers are asked for."""
        return self.customers is not None and bool(self.customers.query.where)


def bucket_condition(bucket: Bucket, days: str = "days") -> str:
    """A condition on the days late that is true inside the bucket."""
    limits = []
    if bucket.first is not None:
        limits.append(f"{days} >= {bucket.first}")
    if bucket.last is not None:
        limits.append(f"{days} <= {bucket.last}")
    return " AND ".join(limits)


def bucket_sums(buckets: BucketSet, amount: str = "open", days: str = "days", also: str = "") -> str:
    """One summed column per bucket, named like the snapshot's. `also` narrows what is summed."""
    more = f" AND {also}" if also else ""
    return ", ".join(
        f"COALESCE(SUM({amount}) FILTER (WHERE {bucket_condition(bucket, days)}{more}), 0) AS {bucket.column}"
        for bucket in buckets.all
    )


def open_items(scope: AgingScope) -> tuple[str, dict[str, Any]]:
    """A WITH clause that ends with the table `item`, one row per open claim, credit note and payment; its parameters.

    Columns: kind (invoice, credit_note or payment), id, position (of an instalment, else NULL), is_first (of its
    document), is_credit, entity_id, customer_id (whose account it is in on the day, after merges), currency, number,
    document_on, aged_on, assumed, days (late), amount (positive), open (signed), disputed, on_plan, promised (0 or
    more, NULL for none). Zero items are left out."""
    seen, params = seen_tables(scope)
    used_where = _used_where(scope)
    claims = claim_tables(where=conditions_of(scope), used_where=used_where, knowledge=scope.knowledge)
    credits = [_credit(side, used_where, scope) for side in ("credit_note", "payment")]
    item = f"item AS ({' UNION ALL '.join([_claims(scope), *credits])})"
    return f"WITH {', '.join([*scope.knowledge.tables, *seen, *claims, item])}", {**params, "as_of": scope.as_of}


def account_sums(scope: AgingScope) -> tuple[str, dict[str, Any]]:
    """A WITH clause that ends with the table `per`, one row per entity, customer and currency; its parameters.

    Columns: entity_id, customer_id, currency, one per bucket in the scope's credit mode, then total, credits (0 or
    negative, whatever the mode), disputed, on_plan, promised, documents."""
    with_items, params = open_items(scope)
    own = scope.credits is Credits.OWN
    sums = bucket_sums(scope.buckets, also="" if own else "NOT is_credit")
    name = "gross" if scope.credits is Credits.OLDEST else "per"
    tables = [
        f"{with_items}",
        f"""{name} AS (SELECT entity_id, customer_id, currency, {sums}, SUM(open) AS total,
            COALESCE(SUM(open) FILTER (WHERE is_credit), 0) AS credits, COALESCE(SUM(disputed), 0) AS disputed,
            COALESCE(SUM(on_plan), 0) AS on_plan, COALESCE(SUM(promised), 0) AS promised,
            COUNT(*) FILTER (WHERE is_first) AS documents FROM item GROUP BY entity_id, customer_id, currency)""",  # noqa: S608
    ]
    if name == "gross":
        tables.append(f"per AS (SELECT {_netted(scope.buckets)} FROM gross)")  # noqa: S608
    return ", ".join(tables), params


def _netted(buckets: BucketSet) -> str:
    """Credits off the oldest bucket backwards: a bucket keeps what it and the older ones hold beyond the credits, at
    least nothing and at most itself; what no late bucket can bear is taken off the first one."""
    first, *late = [bucket.column for bucket in buckets.all]
    columns = []
    for place, column in enumerate(late):
        older = " + ".join(late[place:])
        columns.append(f"GREATEST(0, LEAST({column}, {older} + credits)) AS {column}")
    rest = f"{first} - GREATEST(0, - credits - ({' + '.join(late)})) AS {first}"
    others = "total, credits, disputed, on_plan, promised, documents"
    return f"entity_id, customer_id, currency, {rest}, {', '.join(columns)}, {others}"


def seen_tables(scope: AgingScope) -> tuple[list[str], dict[str, Any]]:
    """The WITH tables about customers, and the parameters of `conditions_of`.

    `account`: who was absorbed by a merge up to the day, and into whom. `seen`: whose documents count, when not all do:
    those of the customers asked for and of all they had absorbed. `kin`: everyone whose money may be put there."""
    params: dict[str, Any] = {
        "entities": list(scope.entity_ids or ()),
        "currency": scope.currency,
        "known_by": scope.known_by,
        "known_on": scope.known_on,
    }
    if not scope.narrowed:
        return [_account(scope)], params
    assert scope.customers is not None
    try:
        sql, given = scope.customers.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        sql, given = "SELECT 0 WHERE false", ()
    named = {f"seen_{place}": value for place, value in enumerate(given)}
    text = sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in named)
    return [_account(scope), f"asked (id) AS MATERIALIZED ({text})", _SEEN, _KIN], params | named


_SEEN = """seen AS MATERIALIZED (
    SELECT asked.id FROM asked LEFT JOIN account ON account.id = asked.id WHERE account.id IS NULL
    UNION SELECT account.id FROM account JOIN asked ON asked.id = account.survivor_id)"""
_KIN = """kin AS MATERIALIZED (
    SELECT other.id FROM seen JOIN customers_customer AS one ON one.id = seen.id
    JOIN customers_customer AS other ON other.id = COALESCE(one.merged_into_id, one.id)
    UNION SELECT other.id FROM seen JOIN customers_customer AS one ON one.id = seen.id
    JOIN customers_customer AS other ON other.merged_into_id = COALESCE(one.merged_into_id, one.id))"""


def _account(scope: AgingScope) -> str:
    """The latest merge of each absorbed customer by the day; known by the clock of that customer's entity."""
    knowledge = scope.knowledge
    home = " JOIN customers_customer AS home ON home.id = m.absorbed_id" + knowledge.join("home.entity_id")
    conditions = " AND ".join(["m.merged_on <= %(as_of)s", *knowledge.conditions("m")])
    kept = "MATERIALIZED" if scope.narrowed else "NOT MATERIALIZED"  # what is kept forbids to work in parallel
    return f"""account AS {kept} (
    SELECT DISTINCT ON (m.absorbed_id) m.absorbed_id AS id, m.survivor_id
    FROM customers_customermerge AS m{home if knowledge.by_entity else ""} WHERE {conditions}
    ORDER BY m.absorbed_id, m.merged_on DESC, m.id DESC)"""  # noqa: S608 (only constants of ours are put in)


def _used_where(scope: AgingScope) -> Sequence[str]:
    conditions = ["used.customer_id IN (SELECT id FROM kin)"] if scope.narrowed else []
    return [*conditions, "used.currency = %(currency)s"] if scope.currency is not None else conditions


def conditions_of(scope: AgingScope) -> list[str]:
    """Conditions on a document called `doc`, but for the time it was recorded."""
    conditions = ["doc.customer_id IN (SELECT id FROM seen)"] if scope.narrowed else []
    if scope.currency is not None:
        conditions.append("doc.currency = %(currency)s")
    if scope.entity_ids is not None:
        conditions.append("doc.entity_id = ANY(%(entities)s)")
    return conditions


def _claims(scope: AgingScope) -> str:
    aged = "claim.due_on" if scope.basis is Basis.DUE else "claim.document_on"
    return f"""SELECT 'invoice' AS kind, claim.invoice_id AS id, claim.position, claim.is_first, false AS is_credit,
        claim.entity_id, COALESCE(account.survivor_id, claim.customer_id) AS customer_id, claim.currency, claim.number,
        claim.document_on, {aged} AS aged_on, claim.assumed, %(as_of)s::date - {aged} AS days, claim.amount, claim.open,
        claim.disputed, claim.on_plan, claim.promised
        FROM claim LEFT JOIN account ON account.id = claim.customer_id"""  # noqa: S608 (only constants of ours)


def _credit(side: str, used_where: Sequence[str], scope: AgingScope) -> str:
    """Credit notes or payments with something left, negative."""
    is_note = side == "credit_note"
    on, amount, number = ("issued_on", "total", "number") if is_note else ("received_on", "amount", "reference")
    aged = "doc.due_on" if is_note and scope.basis is Basis.DUE else f"doc.{on}"
    knowledge = scope.knowledge
    conditions = [f"doc.{on} <= %(as_of)s", f"doc.{amount} > COALESCE(used.amount, 0)", *conditions_of(scope)]
    conditions += [*knowledge.conditions("doc"), *(["doc.status = 'issued'"] if is_note else [])]
    return f"""SELECT '{side}', doc.id, NULL, true, true, doc.entity_id,
        COALESCE(account.survivor_id, doc.customer_id), doc.currency, doc.{number}, doc.{on}, {aged}, false,
        %(as_of)s::date - {aged}, doc.{amount}, COALESCE(used.amount, 0) - doc.{amount}, NULL, NULL, NULL
        FROM {TABLES[side]} AS doc{knowledge.join("doc.entity_id")} LEFT JOIN (
            SELECT used.{side}_id AS id, SUM(used.amount) AS amount {knowledge.allocations(side, used_where)}
            GROUP BY used.{side}_id) AS used ON used.id = doc.id
        LEFT JOIN account ON account.id = doc.customer_id WHERE {" AND ".join(conditions)}"""  # noqa: S608
