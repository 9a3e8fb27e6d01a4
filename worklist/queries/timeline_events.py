"""Each row of the timeline as a sentence for people, with its mark and where it leads. Asks the database nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _t

from collections_app.web.writing import amount_text, date_text
from customers.models import DeliveryState, Hold, TrackingEvent
from dunning.models import Handover
from dunning.rules.outcome import outcome_words
from invoices.models import (
    Adjustment,
    Dispute,
    DisputeCase,
    DisputeEvent,
    PayerRequest,
    PaymentPlan,
    Promise,
    Refund,
)
from worklist.models import Activity

_BETWEEN = "\x1f"  # between several values in one column


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline, ready to show. `who` of us did it; `note_id` is set for a note that may be changed."""

    at: datetime
    icon: str
    state: str
    text: str
    detail: str = ""
    note: str = ""
    url: str = ""
    who: str = ""
    files: Sequence[tuple[str, str]] = ()
    note_id: int | None = None
    pinned: bool = False

    @property
    def day(self) -> date | None:
        """The day alone when the time of day is not known, else None."""
        at = self.at.astimezone(UTC)
        return at.date() if at.time() == time(12) else None


def event_of(row: tuple[Any, ...]) -> Event:
    """The event of one row of `timeline_sql.PAGE`."""
    _kind, what, at, pk, amount, currency, text, detail, state, more, _by, who = row
    money = amount_text(abs(amount), currency) if isinstance(amount, Decimal) and currency else ""
    event: Event = _WRITERS[what](at, pk, money, text, detail, state, more, currency)
    return replace(event, who=who) if who else event


def _document(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    voided = " (voided)" if state == "voided" else ""
    return Event(
        at, "file-text", "", f"Invoice {text} over {money}{voided}", note=f"due {_day(more)}", url=_url("invoice", pk)
    )


def _credit(at: datetime, pk: int, money: str, text: str, *_: str) -> Event:
    return Event(at, "file-minus", "ok", f"Credit note {text} over {money}")


def _payment(at: datetime, pk: int, money: str, text: str, detail: str, state: str, *_: str) -> Event:
    return Event(at, "banknote", "ok", f"Payment of {money} received", note=text)


def _allocation(at: datetime, pk: int, money: str, text: str, detail: str, *_: str) -> Event:
    return Event(at, "link", "", f"{money} put against {text or 'a refund'}", detail=detail)


def _reversal(at: datetime, pk: int, money: str, text: str, detail: str, *_: str) -> Event:
    return Event(at, "unlink", "critical", f"{money} taken back from {text or 'a refund'}", detail=detail)


def _adjustment(at: datetime, pk: int, money: str, text: str, detail: str, state: str, *_: str) -> Event:
    return Event(at, "eraser", "", f"{Adjustment.Kind(state).label} of {money}", detail=detail,
                 url=_url("adjustment", pk))  # fmt: skip


def _refund(at: datetime, pk: int, money: str, text: str, detail: str, state: str, *_: str) -> Event:
    tone = "critical" if state in ("chargeback", "returned") else ""
    return Event(at, "undo-2", tone, f"{Refund.Kind(state).label} of {money}", note=text, url=_url("refund", pk))


def _merge(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    return Event(at, "merge", "", f"{more} ({text}) merged into this account", detail=detail)


def _promise(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    who = "the payer, by link" if state == "payer" else ""
    return Event(at, "calendar-check", "promised", f"Promise of {money} by {_day(more)}", detail=detail, note=who)


def _judgement(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    tone = {"kept": "ok", "broken": "critical", "partly_kept": "late"}.get(state, "")
    word = Promise.State(state).label.lower()
    return Event(at, "calendar-x" if state == "broken" else "calendar-check", tone, f"Promise of {money} {word}")


def _plan(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    words = f"Payment plan{f' over {money}' if money else ''} {more or 'proposed'}"
    who = "the payer, by link" if state == "payer" else ""
    return Event(at, "calendar-range", "promised", words, detail=detail, note=who, url=_url("plan", pk))


def _plan_ended(at: datetime, pk: int, money: str, text: str, detail: str, state: str, *_: str) -> Event:
    tone = {"kept": "ok", "defaulted": "critical"}.get(state, "")
    words = f"Payment plan {PaymentPlan.State(state).label.lower()}"
    return Event(at, "calendar-range", tone, words, detail=detail, url=_url("plan", pk))


def _dispute(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    words = f"Dispute {text} over {money}: {Dispute.Reason(state).label.lower()}"
    return Event(
        at, "message-square-warning", "disputed", words, detail=detail, note="by link" if more == "payer" else ""
    )


def _dispute_closed(at: datetime, pk: int, money: str, text: str, detail: str, state: str, *_: str) -> Event:
    words = f"Dispute {text} {Dispute.State(state).label.lower()}"
    return Event(at, "message-square", "", words, detail=detail)


def _notice(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    channel, _sep, address = more.partition(" ")
    icon = {"call_task": "phone-call", "letter": "mails"}.get(channel, "mail")
    told = outcome_words(channel, state).lower() or f"{DeliveryState(state).label.lower()} · {address}".strip(" ·")
    words = f"{text} about {money}" if channel == "call_task" else f"{text} over {money}"
    said = "" if money in detail else detail.removeprefix(f"{text}: ")
    return Event(at, icon, _MAIL_TONES.get(state, ""), words, detail=said, note=told,
                 url=_url("dunning_notice", pk))  # fmt: skip


def _document_mail(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    return Event(at, "mail", _MAIL_TONES.get(state, ""), text or "Document sent", detail=detail,
                 note=f"{DeliveryState(state).label.lower()} · {more}".strip(" ·"))  # fmt: skip


def _message(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    who, _sep, kind = more.partition("\x1f")
    word = {"auto_reply": "automatic reply", "bounce": "could not be delivered", "complaint": "marked as spam"}.get(
        kind
    )
    waits = state == "waiting" and word is None
    note = " · ".join(part for part in (who, word or "", "waits for an answer" if waits else "") if part)
    icon, tone = (
        ("mail-x", "critical") if kind in ("bounce", "complaint") else ("mail-open", "attention" if waits else "")
    )
    url = f"{reverse('dunning_messages')}?{_SHOWN[state]}at={pk}"
    return Event(at, icon, tone, text or "Message received", detail=detail, note=note, url=url)


def _activity(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, kind: str) -> Event:
    words = Activity.Kind(kind).label
    if detail:
        words += f": {Activity.Outcome(detail).label.lower()}"
    day, done, *files = more.split(_BETWEEN)
    follow = f"follow up {_day(day)}" if day else ""
    follow += f", done {_day(done)}" if done else ""
    anew = "written anew later" if state == "replaced" else ""
    return Event(
        at, _ACTIVITY_ICONS.get(kind, "circle"), "held" if anew else "", words, detail=text,
        note=" · ".join(x for x in (follow, anew) if x), files=[_file_of(row) for row in files],
        note_id=pk if kind == Activity.Kind.NOTE and not anew else None, pinned=state == "pinned",
    )  # fmt: skip


def _file_of(row: str) -> tuple[str, str]:
    customer_id, pk, name = row.split(":", 2)
    return name, reverse("attachment", args=[customer_id, pk])


def _file(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    customer_id, _size, by_name = more.split(_BETWEEN)
    return Event(at, "paperclip", "", f"File {text} kept", note=by_name,
                 url=reverse("attachment", args=[customer_id, pk]))  # fmt: skip


def _tracking(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    icon, tone = _TRACKED.get(state, ("mail", ""))
    return Event(at, icon, tone, f"{TrackingEvent.Kind(state).label}: {text}", detail=detail, note=more)


def _case_event(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    stage, by_name, case_id = more.split(_BETWEEN)
    words = f"Dispute {text}: {DisputeEvent.Kind(state).label.lower()}"
    if stage and state == DisputeEvent.Kind.MOVED:
        words = f"Dispute {text}: {DisputeCase.Stage(stage).label.lower()}"
    return Event(at, "message-square-warning", "disputed", words, detail=detail, note=by_name,
                 url=_url("dispute_case", int(case_id)))  # fmt: skip


def _hold(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    return Event(at, "pause", "held", f"On hold until {_day(more)}: {Hold.Reason(state).label}", detail=detail)


def _hold_released(at: datetime, pk: int, money: str, text: str, detail: str, state: str, *_: str) -> Event:
    return Event(at, "play", "", f"Hold released: {Hold.Reason(state).label}")


def _own_message(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    words = {"accepted": _t("sent by hand"), "cancelled": _t("not sent")}.get(state, DeliveryState(state).label.lower())
    tone = "attention" if state == "cancelled" else _MAIL_TONES.get(state, "")
    return Event(at, "mail", tone, text, detail=detail, note=f"{words} · {more}".strip(" ·"),
                 url=_url("dunning_own_message", pk))  # fmt: skip


def _handover(at: datetime, pk: int, money: str, text: str, detail: str, state: str, more: str, _: str) -> Event:
    kind = Handover.Kind(text).label
    told = {"proposed": "proposed", "handed_over": f"handed over to {more}", "returned": "taken back"}
    ended = Handover.Outcome(state).label.lower() if state in Handover.Outcome.values else ""
    words = f"{kind} over {money}: {ended or told[state]}"
    tone = "critical" if state == "handed_over" else "attention" if state == "proposed" else ""
    return Event(at, "gavel", tone, words, detail=detail, url=_url("dunning_handover", pk))


def _credit_stop(at: datetime, pk: int, money: str, text: str, detail: str, state: str, *_: str) -> Event:
    stopped = state == "stopped"
    words = "Credit stopped" if stopped else "Credit given again"
    return Event(at, "octagon-x" if stopped else "circle-check", "critical" if stopped else "ok", words, detail=detail)


def _payer_request(at: datetime, pk: int, money: str, text: str, detail: str, state: str, *_: str) -> Event:
    words = f"The payer {PayerRequest.Kind(state).label[0].lower()}{PayerRequest.Kind(state).label[1:]}"
    return Event(at, "message-circle", "attention", words, detail=detail, note="the payer, by link")


def _pay_session(at: datetime, pk: int, money: str, text: str, detail: str, state: str, *_: str) -> Event:
    return Event(at, "credit-card", "attention" if state == "failed" else "", f"Online payment of {money}: {state}",
                 detail=detail, note=text)  # fmt: skip


_MAIL_TONES = {"accepted": "ok", "unknown": "critical", "failed": "critical"}
_SHOWN = {"waiting": "", "done": "show=done&"}
_TRACKED = {
    "delivered": ("mail-check", "ok"),
    "deferred": ("mail-warning", "attention"),
    "bounced": ("mail-x", "critical"),
    "rejected": ("mail-x", "critical"),
    "complained": ("mail-x", "critical"),
    "opened": ("mail-open", ""),
    "clicked": ("link", ""),
}
_ACTIVITY_ICONS = {
    "call": "phone",
    "note": "sticky-note",
    "mail": "mail",
    "snooze": "alarm-clock",
    "assign": "user-check",
    "pin": "pin",
    "escalation": "siren",
}
_WRITERS: dict[str, Any] = {
    "invoice": _document,
    "credit_note": _credit,
    "payment": _payment,
    "allocation": _allocation,
    "reversal": _reversal,
    "adjustment": _adjustment,
    "refund": _refund,
    "merge": _merge,
    "promise": _promise,
    "judgement": _judgement,
    "plan": _plan,
    "plan_ended": _plan_ended,
    "dispute": _dispute,
    "dispute_closed": _dispute_closed,
    "notice": _notice,
    "document_mail": _document_mail,
    "activity": _activity,
    "message": _message,
    "handover": _handover,
    "handover_given": _handover,
    "handover_ended": _handover,
    "credit_stop": _credit_stop,
    "credit_given": _credit_stop,
    "pay_session": _pay_session,
    "payer_request": _payer_request,
    "file": _file,
    "tracking": _tracking,
    "case_event": _case_event,
    "hold": _hold,
    "hold_released": _hold_released,
    "own_message": _own_message,
}


def _day(text: str) -> str:
    return date_text(datetime.fromisoformat(text).date())


def _url(name: str, pk: int) -> str:
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:  # the page is another app's and may be switched off
        return ""
