"""Whether the books agree with themselves on the last days: the sum of open items is the control account (I3), and the
stored aging of a day is what a recomputation gives for it (D50). It reads and reports; it mends nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from customers.models import LegalEntity
from invoices.models import LedgerCheck, WebhookEvent
from invoices.queries.aging import rows_of
from invoices.queries.aging_sql import AgingScope, account_sums
from invoices.queries.verify_aging import differences

CONTROL, SNAPSHOT = "control", "snapshot"
MOST_FINDINGS = 50
NIGHTLY_DAYS = 7


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree: which check, on which day, with which legal entity, in a sentence."""

    check: str
    day: date
    entity: str
    sentence: str

    def stored(self) -> dict[str, str]:
        """The finding as plain JSON."""
        return {**asdict(self), "day": self.day.isoformat()}


def findings(as_of: date, days: int) -> list[Finding]:
    """What does not agree on the last `days` days up to `as_of`, the latest day first; at most MOST_FINDINGS."""
    found: list[Finding] = []
    for back in range(days):
        day = as_of - timedelta(days=back)
        found += [*_control(day), *(Finding(SNAPSHOT, day, code, sentence) for code, sentence in differences(day))]
        if len(found) >= MOST_FINDINGS:
            break
    return found[:MOST_FINDINGS]


# What the control account must show: documents less money and what was written off, plus what was paid back.
_POSTED = """
    SELECT entity_id, currency, total AS amount FROM invoices_invoice WHERE status = 'issued' AND issued_on <= %(as_of)s
    UNION ALL SELECT entity_id, currency, -total FROM invoices_creditnote
        WHERE status = 'issued' AND issued_on <= %(as_of)s
    UNION ALL SELECT entity_id, currency, -amount FROM invoices_payment WHERE received_on <= %(as_of)s
    UNION ALL SELECT r.entity_id, a.currency, a.amount FROM invoices_allocation AS a
        JOIN invoices_refund AS r ON r.id = a.refund_id
        WHERE a.adjustment_id IS NULL AND a.effective_on <= %(as_of)s
    UNION ALL SELECT i.entity_id, a.currency, -a.amount FROM invoices_allocation AS a
        JOIN invoices_invoice AS i ON i.id = a.invoice_id
        WHERE a.adjustment_id IS NOT NULL AND a.effective_on <= %(as_of)s"""


def _control(day: date) -> Iterator[Finding]:
    """One statement for both sides, so that a posting in between cannot make them differ."""
    with_sums, params = account_sums(AgingScope(day))
    sql = f"""{with_sums},
        posted AS (SELECT entity_id, currency, SUM(amount) AS amount FROM ({_POSTED}) AS p GROUP BY 1, 2),
        opened AS (SELECT entity_id, currency, SUM(total) AS amount FROM per GROUP BY 1, 2)
        SELECT e.code, COALESCE(opened.currency, posted.currency), COALESCE(opened.amount, 0),
               COALESCE(posted.amount, 0)
        FROM posted FULL JOIN opened ON (opened.entity_id, opened.currency) = (posted.entity_id, posted.currency)
        JOIN customers_legalentity AS e ON e.id = COALESCE(opened.entity_id, posted.entity_id)
        WHERE COALESCE(opened.amount, 0) <> COALESCE(posted.amount, 0) ORDER BY 1, 2"""  # noqa: S608 (constants of ours)
    for code, currency, opened, posted in rows_of(sql, params):
        sentence = (
            f"On {day.isoformat()} the open items of {code} add up to {opened.normalize():f} {currency}, "
            f"but documents less money give {posted.normalize():f} {currency}."
        )
        yield Finding(CONTROL, day, code, sentence)


def latest_check() -> LedgerCheck | None:
    """The latest look at the books, if there was one."""
    return LedgerCheck.objects.order_by("-checked_at", "-pk").first()


def books_are_wrong() -> bool:
    """Whether the latest look found something; one small statement, for every page's frame."""
    rows = list(rows_of("SELECT ok FROM invoices_ledgercheck ORDER BY checked_at DESC, id DESC LIMIT 1", {}))
    return bool(rows) and not rows[0][0]


def check_is_due(as_of: date) -> bool:
    """Whether nobody looked at the books for this day yet. Without a legal entity there are no books."""
    return LegalEntity.objects.exists() and not LedgerCheck.objects.filter(as_of=as_of).exists()


def shown_findings(check: LedgerCheck, codes: Iterable[str]) -> tuple[list[dict[str, Any]], int]:
    """The findings with these legal entities, and how many others there are."""
    allowed = set(codes)
    shown = [row for row in check.findings if row["entity"] in allowed]
    return shown, len(check.findings) - len(shown)


def events_in_trouble(limit: int = 100) -> list[WebhookEvent]:
    """Provider events that need a person or were given up, the latest first, without their bodies."""
    states = (WebhookEvent.State.REVIEW, WebhookEvent.State.DEAD)
    return list(WebhookEvent.objects.filter(state__in=states).defer("body").order_by("-received_at", "-pk")[:limit])
