"""The open claims of one account as of a day: invoices, and each instalment by itself. One statement, made of
`invoices.queries.claims_sql`; sets over everyone are in `aging`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from invoices.queries.claims_sql import claim_tables


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """One open invoice or instalment. Amounts are positive, in the currency; `disputed` and `promised` are parts of
    what is open. `position` is None for an invoice that falls due at once."""

    invoice_id: int
    instalment_id: int | None
    position: int | None
    number: str
    po_number: str
    kind: str
    currency: str
    entity_id: int
    issued_on: date
    due_on: date
    amount: Decimal
    open: Decimal
    disputed: Decimal
    promised: Decimal

    @property
    def key(self) -> str:
        """The name of the claim in forms."""
        return f"{self.invoice_id}" if self.instalment_id is None else f"{self.invoice_id}_{self.instalment_id}"


def open_claims(
    *, customer_ids: Sequence[int], as_of: date, entity_id: int | None = None, currency: str | None = None
) -> list[OpenClaim]:
    """The claims of these customers with something open at the end of the day, earliest due first."""
    where = ["doc.customer_id = ANY(%(customers)s)"]
    if entity_id is not None:
        where.append("doc.entity_id = %(entity)s")
    if currency is not None:
        where.append("doc.currency = %(currency)s")
    tables = claim_tables(where=where, used_where=["used.customer_id = ANY(%(customers)s)"])
    sql = f"""WITH {", ".join(tables)}
        SELECT claim.invoice_id, instalment_id, position, claim.number, doc.po_number, claim.kind, claim.currency,
               claim.entity_id, document_on, claim.due_on, amount, open, COALESCE(disputed, 0), COALESCE(promised, 0)
        FROM claim JOIN invoices_invoice AS doc ON doc.id = claim.invoice_id
        ORDER BY claim.due_on, document_on, claim.invoice_id, position"""  # noqa: S608 (only constants of ours)
    asked: dict[str, Any] = {"customers": list(customer_ids), "as_of": as_of, "entity": entity_id, "currency": currency}
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return [OpenClaim(*row) for row in cursor.fetchall()]
