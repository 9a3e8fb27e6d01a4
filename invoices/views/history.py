"""The history of a document in words: an icon, a sentence, where it leads, and the amount it speaks of. It decides
nothing and asks nothing; the events come from `invoices.queries.history`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from collections_app.audit.actions import action
from invoices.models import Adjustment, Allocation, CreditNote, Invoice, Payment, Refund
from invoices.rules.history import Event, Step

Document = Invoice | CreditNote | Payment | Adjustment | Refund


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history. `amount` is what it speaks of where it moves no money; `until` a day it names."""

    step: Step
    icon: str
    title: str
    link: str = ""
    url: str = ""
    amount: Decimal | None = None
    until: date | None = None

    @property
    def event(self) -> Event:
        """The event behind the line."""
        return self.step.event


def lines(steps: Iterable[Step]) -> list[Line]:
    """The steps in words, in the same order."""
    return [_WORDS.get(step.event.what, _told)(step) for step in steps]


def document_link(row: Document) -> tuple[str, str]:
    """The words for a document and the address of its page."""
    match row:
        case Invoice():
            return f"{row.get_kind_display()} {row.number}", reverse("invoice", args=[row.pk])
        case CreditNote():
            return _("Credit note %(number)s") % {"number": row.number}, reverse("credit_note", args=[row.pk])
        case Payment():
            words = _("Payment %(reference)s") % {"reference": row.reference or row.pk}
            return words, reverse("payment", args=[row.pk])
        case Adjustment():
            return row.get_kind_display(), reverse("adjustment", args=[row.pk])
        case Refund():
            return f"{row.get_kind_display()} {row.reference}".strip(), reverse("refund", args=[row.pk])


def source_of(row: Allocation) -> Payment | CreditNote | Adjustment:
    """Where the money or credit of an allocation comes from."""
    source = row.payment or row.credit_note or row.adjustment
    assert source is not None  # a law of the table
    return source


def target_of(row: Allocation) -> Invoice | Refund:
    """What an allocation was put against."""
    target = row.invoice or row.refund
    assert target is not None  # a law of the table
    return target


def _birth(step: Step) -> Line:
    row = step.event.row
    titles = {Payment: _("Received"), Adjustment: _("Posted"), Refund: _("Given back")}
    amount = row.amount if step.event.change is None else None
    return Line(step, "file-plus", titles.get(type(row), _("Issued")), amount=amount)


def _allocated(step: Step) -> Line:
    row: Allocation = step.event.row
    paid = _("Paid from") if row.payment else _("Credited from") if row.credit_note else _("Lowered by")
    return _allocation(step, _("Reversed:") if step.event.what == "reversed" else paid, source_of(row))


def _used(step: Step) -> Line:
    row: Allocation = step.event.row
    return _allocation(step, _("Taken back from") if step.event.what == "freed" else _("Put against"), target_of(row))


def _allocation(step: Step, title: str, other: Document) -> Line:
    words, url = document_link(other)
    part = step.event.row.instalment
    if part is not None:
        words = _("%(document)s, instalment %(position)d") % {"document": words, "position": part.position}
    return Line(step, "undo-2" if step.event.row.reverses_id else "arrow-right-left", title, words, url)


def _mail(step: Step) -> Line:
    mail = step.event.row
    facts = {"kind": mail.get_kind_display(), "to": mail.to_address, "state": mail.get_state_display()}
    return Line(step, "mail", _("%(kind)s mailed to %(to)s: %(state)s") % facts)


def _dispute(step: Step) -> Line:
    row = step.event.row
    facts = {"reference": row.reference, "reason": row.get_reason_display(), "state": row.get_state_display()}
    if step.event.what == "disputed":
        return Line(step, "message-square-warning", _("Dispute %(reference)s: %(reason)s") % facts, amount=row.amount)
    return Line(step, "message-square-warning", _("Dispute %(reference)s closed: %(state)s") % facts)


def _promise(step: Step) -> Line:
    row, promise = step.event.row, step.event.row.promise
    if step.event.what == "promised":
        return Line(step, "handshake", _("Promised by"), amount=row.amount, until=promise.promised_on)
    words = _("Promise judged: %(state)s") % {"state": promise.get_state_display()}
    return Line(step, "handshake", words)


def _plan(step: Step) -> Line:
    if step.event.what == "planned":
        return Line(step, "calendar-range", _("Put on a payment plan"), amount=step.event.row.amount)
    state = step.event.row.plan.get_state_display()
    return Line(step, "calendar-range", _("Payment plan ended: %(state)s") % {"state": state})


def _related(step: Step) -> Line:
    titles = {"claimed": _("Claimed for it"), "corrected": _("Corrected by"), "corrects": _("Corrects")}
    icons = {"claimed": "percent", "corrected": "file-minus", "corrects": "file-text"}
    words, url = document_link(step.event.row)
    what = step.event.what
    return Line(step, icons[what], titles[what], words, url, amount=step.event.row.total)


def _audit(step: Step) -> Line:
    return Line(step, "scroll-text", action(step.event.row.action).sentence)


def _told(step: Step) -> Line:
    told: Any = step.event.row
    return Line(step, told.icon, told.title, told.link, told.url, amount=told.amount)


_WORDS: dict[str, Callable[[Step], Line]] = {
    **dict.fromkeys(("issued", "received", "posted", "paid_out"), _birth),
    **dict.fromkeys(("allocated", "reversed"), _allocated),
    **dict.fromkeys(("used", "freed"), _used),
    "mail": _mail,
    **dict.fromkeys(("disputed", "dispute_closed"), _dispute),
    **dict.fromkeys(("promised", "promise_closed"), _promise),
    **dict.fromkeys(("planned", "plan_ended"), _plan),
    **dict.fromkeys(("claimed", "corrected", "corrects"), _related),
    "audit": _audit,
}
