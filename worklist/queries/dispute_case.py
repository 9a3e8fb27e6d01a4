"""All that the page of one dispute shows, in a handful of statements however long its history is. Scoping is the
view's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse

from customers.queries.accounts import account_members
from invoices.models import Dispute, DisputeCase, DisputeEvent, DisputeFile, DisputeQuestion
from invoices.queries.open_amounts import open_amount_now, open_invoices
from invoices.rules.disputes import moves_by_hand, urgency
from worklist.queries.timeline_events import Event

EVENTS = 100
ADDABLE = 50
_KIND = DisputeEvent.Kind
_ICONS: Mapping[str, tuple[str, str]] = {
    _KIND.OPENED: ("message-square-warning", "disputed"),
    _KIND.MOVED: ("arrow-right", ""),
    _KIND.CHANGED: ("pencil", ""),
    _KIND.COMMENT: ("message-square", ""),
    _KIND.ASKED: ("circle-question-mark", ""),
    _KIND.ANSWERED: ("message-circle-reply", "ok"),
    _KIND.FILE: ("paperclip", ""),
    _KIND.CLOSED: ("check-check", "ok"),
    _KIND.REOPENED: ("rotate-ccw", "disputed"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice of the case: its last dispute here, and what is open of the invoice by now."""

    dispute: Dispute
    open: Decimal


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case with everything around it. `amount` is what is in dispute, in the currency of the case."""

    case: DisputeCase
    lines: Sequence[Line]
    amount: Decimal
    events: Sequence[Event]
    files: Sequence[DisputeFile]
    questions: Sequence[DisputeQuestion]
    moves: Sequence[tuple[str, str]]
    urgency: str

    @property
    def is_open(self) -> bool:
        """Whether it can still be worked on; a case that waits for a second person cannot."""
        return bool(self.moves)


def case_page(case: DisputeCase, *, on: date) -> CasePage:
    """The case as it stands; `on` says how near the deadline is."""
    lines = _lines(case)
    shown = [row for row in lines if row.dispute.state == Dispute.State.OPEN] or lines
    is_closed = case.stage == DisputeCase.Stage.CLOSED
    files = list(case.files.select_related("attachment__added_by").defer("attachment__content").order_by("pk"))
    moves = [(code, str(DisputeCase.Stage(code).label)) for code in moves_by_hand(case.stage)]
    return CasePage(
        case=case,
        lines=lines,
        amount=sum((row.dispute.amount for row in shown), Decimal(0)),
        events=_events(case, files),
        files=files,
        questions=list(case.questions.select_related("asked_by").order_by("-asked_at", "-pk")),
        moves=moves,
        urgency="" if is_closed else urgency(case.answer_by, on),
    )


def addable(case: DisputeCase, *, on: date) -> list[Any]:
    """The open invoices of the account that could be added, with their `open_amount`, oldest due date first."""
    mine = case.disputes.select_related("invoice").first()
    rows: Any = open_invoices(customer_id=case.customer_id, as_of=on, currency=case.currency)
    disputed = Dispute.objects.filter(
        customer__in=account_members(case.customer_id), state=Dispute.State.OPEN
    ).values("invoice")  # fmt: skip
    rows = rows.exclude(pk__in=disputed)
    return list(rows.filter(entity=mine.invoice.entity_id)[:ADDABLE]) if mine else []


def is_dead(question: DisputeQuestion, now: datetime) -> bool:
    """Whether the question can be answered no more."""
    return bool(question.answered_at or question.revoked_at or question.expires_at <= now)


def _lines(case: DisputeCase) -> list[Line]:
    latest: dict[int, Dispute] = {}
    for row in case.disputes.select_related("invoice").order_by("pk"):
        latest[row.invoice_id] = row
    opened = open_amount_now(latest)
    return [Line(row, opened[pk]) for pk, row in latest.items()]


def _events(case: DisputeCase, files: Sequence[DisputeFile]) -> list[Event]:
    """The latest events, newest first. The last event about a file is about the last file, and so on."""
    rows = case.events.select_related("by").order_by("-at", "-pk")[:EVENTS]
    kept = iter(reversed(files))
    return [_event(row, next(kept, None) if row.kind == _KIND.FILE else None) for row in rows]


def _event(row: DisputeEvent, file: DisputeFile | None) -> Event:
    icon, state = _ICONS[row.kind]
    who = str(row.by or row.by_name or "")
    if file is not None:
        url = reverse("attachment", args=[file.attachment.customer_id, file.attachment_id])
        return Event(row.at, icon, state, row.text, note=who, url=url)
    words = row.get_kind_display()
    if row.kind == _KIND.MOVED:
        words = f"{words}: {DisputeCase.Stage(row.stage).label}"
    return Event(row.at, icon, state, words, detail=row.text, note=who)
