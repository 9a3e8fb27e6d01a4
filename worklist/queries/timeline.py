"""Everything that happened with one customer, newest first: one union over the tables, by set, paged by moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import connection
from django.urls import NoReverseMatch, reverse

from collections_app.web.writing import amount_text, date_text
from customers.models import DeliveryState
from customers.queries.accounts import account_ids
from dunning.models import Handover
from dunning.rules.outcome import outcome_words
from invoices.models import Adjustment, Dispute, PayerRequest, PaymentPlan, Promise, Refund
from worklist.models import Activity

KINDS = (
    ("", "All"),
    ("talk", "Calls"),
    ("mail", "Mails"),
    ("money", "Payments"),
    ("document", "Invoices"),
    ("word", "Promises"),
)

# Events are placed at the moment they were recorded when that is their day, else at noon of their day: imported
# history keeps its order, and what happens now keeps its minute.
_NOON = "({day} + time '12:00') AT TIME ZONE 'UTC'"
_AT = "CASE WHEN {recorded}::date - {day} BETWEEN -1 AND 1 THEN {recorded} ELSE " + _NOON + " END"


def _at(day: str, recorded: str) -> str:
    return _AT.format(day=day, recorded=recorded)


_UNION = f"""
SELECT * FROM (
  SELECT 'document' AS kind, 'invoice' AS what, {_at("issued_on", "recorded_at")} AS at, id, total AS amount, currency,
         number AS text, '' AS detail, status AS state, due_on::text AS more
    FROM invoices_invoice WHERE customer_id = ANY(%(ids)s) AND status <> 'draft'
  UNION ALL
  SELECT 'document', 'credit_note', {_at("issued_on", "recorded_at")}, id, total, currency, number, '', status, ''
    FROM invoices_creditnote WHERE customer_id = ANY(%(ids)s) AND status <> 'draft'
  UNION ALL
  SELECT 'money', 'payment', {_at("received_on", "recorded_at")}, id, amount, currency, reference, '', method, ''
    FROM invoices_payment WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'money', CASE WHEN a.reverses_id IS NULL THEN 'allocation' ELSE 'reversal' END,
         {_at("a.effective_on", "a.recorded_at")}, a.id, a.amount, a.currency, COALESCE(i.number, ''), a.reason, '',
         a.invoice_id::text
    FROM invoices_allocation a LEFT JOIN invoices_invoice i ON i.id = a.invoice_id
   WHERE a.customer_id = ANY(%(ids)s) AND a.payment_id IS NOT NULL
  UNION ALL
  SELECT 'money', 'adjustment', {_at("effective_on", "recorded_at")}, id, amount, currency, '', reason, kind, ''
    FROM invoices_adjustment WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'money', 'refund', {_at("paid_on", "recorded_at")}, id, amount, currency, reference, '', kind, ''
    FROM invoices_refund WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'note', 'merge', {_at("merged_on", "m.recorded_at")}, m.id, NULL, '', c.number, m.reason, '', c.name
    FROM customers_customermerge m JOIN customers_customer c ON c.id = m.absorbed_id
   WHERE m.survivor_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'word', 'promise', {_at("made_on", "recorded_at")}, id, amount, currency, '', note, via, promised_on::text
    FROM invoices_promise WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'word', 'judgement', {_NOON.format(day="closed_on")}, id, amount, currency, '', '', state,
         promised_on::text
    FROM invoices_promise WHERE customer_id = ANY(%(ids)s) AND state <> 'open'
  UNION ALL
  SELECT 'word', 'plan', {_at("COALESCE(p.agreed_on, p.proposed_on)", "p.recorded_at")}, p.id, SUM(part.amount),
         p.currency, '', p.note, p.via, CASE WHEN p.agreed_on IS NULL THEN '' ELSE 'agreed' END
    FROM invoices_paymentplan p LEFT JOIN invoices_planinstalment part ON part.plan_id = p.id
   WHERE p.customer_id = ANY(%(ids)s) GROUP BY p.id
  UNION ALL
  SELECT 'word', 'plan_ended', {_NOON.format(day="ended_on")}, id, NULL, currency, '', end_note, state, ''
    FROM invoices_paymentplan WHERE customer_id = ANY(%(ids)s) AND ended_on IS NOT NULL
  UNION ALL
  SELECT 'word', 'dispute', {_at("opened_on", "recorded_at")}, id, amount, currency, reference, text, reason, via
    FROM invoices_dispute WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'word', 'dispute_closed', {_NOON.format(day="closed_on")}, id, amount, currency, reference,
         resolution, state, ''
    FROM invoices_dispute WHERE customer_id = ANY(%(ids)s) AND state <> 'open'
  UNION ALL
  SELECT 'mail', 'notice', COALESCE(settled_at, sending_at, approved_at, created_at), id, amount, currency, step_name,
         CASE WHEN subject <> '' THEN subject ELSE reason_text END, state, channel || ' ' || to_address
    FROM dunning_notice WHERE customer_id = ANY(%(ids)s) AND state <> 'cancelled'
  UNION ALL
  SELECT 'mail', 'document_mail', COALESCE(settled_at, sending_at, created_at), id, NULL, '', subject, reason_text,
         state, to_address
    FROM invoices_documentmail WHERE customer_id = ANY(%(ids)s) AND state <> 'cancelled'
  UNION ALL
  SELECT 'mail', 'message', received_at, id, NULL, '', subject, left(said, 280), state,
         COALESCE(NULLIF(from_name, ''), from_address) || chr(31) || kind
    FROM dunning_inboundmessage WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'talk', 'activity', at, a.id, NULL, kind, text, outcome, COALESCE(NULLIF(u.first_name, ''), u.username, ''),
         COALESCE(follow_up_on::text, '')
    FROM worklist_activity a LEFT JOIN accounts_user u ON u.id = a.by_id
   WHERE customer_id = ANY(%(ids)s) AND undone_at IS NULL
  UNION ALL
  SELECT 'talk', 'payer_request', created_at, id, NULL, '', '', text, kind, ''
    FROM invoices_payerrequest WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'word', 'handover', {_at("proposed_on", "recorded_at")}, id, amount, currency, kind, reason, 'proposed', ''
    FROM dunning_handover WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'word', 'handover_given', {_NOON.format(day="handed_over_on")}, id, amount, currency, kind, '', 'handed_over',
         recipient FROM dunning_handover WHERE customer_id = ANY(%(ids)s) AND handed_over_on IS NOT NULL
  UNION ALL
  SELECT 'word', 'handover_ended', {_NOON.format(day="ended_on")}, id, amount, currency, kind, end_note,
         CASE WHEN outcome <> '' THEN outcome ELSE state END, ''
    FROM dunning_handover WHERE customer_id = ANY(%(ids)s) AND ended_on IS NOT NULL
  UNION ALL
  SELECT 'word', 'credit_stop', {_at("since", "recorded_at")}, id, NULL, '', '', reason, 'stopped', ''
    FROM customers_creditstop WHERE customer_id = ANY(%(ids)s)
  UNION ALL
  SELECT 'word', 'credit_given', {_NOON.format(day="until")}, id, NULL, '', '', lifted_why, 'given', ''
    FROM customers_creditstop WHERE customer_id = ANY(%(ids)s) AND until IS NOT NULL
  UNION ALL
  SELECT 'money', 'pay_session', created_at, id, amount, currency, reference, failure, state, ''
    FROM invoices_paysession WHERE customer_id = ANY(%(ids)s) AND state <> 'succeeded'
) events
WHERE (%(kind)s = '' OR kind = %(kind)s) AND (%(before)s::timestamptz IS NULL
       OR (at, what, id) < (%(before)s, %(what)s, %(row)s))
ORDER BY at DESC, what DESC, id DESC LIMIT %(size)s
"""  # noqa: S608 (fixed fragments of our own)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline, ready to show."""

    at: datetime
    icon: str
    state: str
    text: str
    detail: str = ""
    note: str = ""
    url: str = ""

    @property
    def day(self) -> date | None:
        """The day alone when the time of day is not known (see _NOON), else None."""
        at = self.at.astimezone(UTC)
        return at.date() if at.time() == time(12) else None


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Some events, newest first, and the mark after which the older ones begin ("" when there are none)."""

    events: Sequence[Event]
    older: str


def timeline(
    *,
    customer_id: int,
    customer_ids: Sequence[int] | None = None,
    kind: str = "",
    before: str = "",
    size: int = 20,
) -> TimelinePage:
    """A page of the timeline of an account; `kind` is one of KINDS, `before` the `older` mark of the page before; else
    the newest. `customer_ids` are all that make up the account, when the caller knows them."""
    mark = _read_mark(before)
    asked: dict[str, Any] = {
        "ids": list(account_ids(customer_id) if customer_ids is None else customer_ids),
        "kind": kind if kind in dict(KINDS) else "",
        "before": mark[0] if mark else None,
        "what": mark[1] if mark else "",
        "row": mark[2] if mark else 0,
        "size": size + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_UNION, asked)
        rows = cursor.fetchall()
    older = f"{rows[size - 1][2].isoformat()}~{rows[size - 1][1]}~{rows[size - 1][3]}" if len(rows) > size else ""
    return TimelinePage([_event(row) for row in rows[:size]], older)


def _read_mark(before: str) -> tuple[datetime, str, int] | None:
    try:
        at, what, row = before.split("~")
        moment = datetime.fromisoformat(at)
        return (moment, what[:20], int(row)) if moment.tzinfo and 0 <= int(row) < 2**63 else None
    except ValueError:
        return None


def _event(row: tuple[Any, ...]) -> Event:
    _, what, at, pk, amount, currency, text, detail, state, more = row
    money = amount_text(abs(amount), currency) if isinstance(amount, Decimal) and currency else ""
    event: Event = _WRITERS[what](at, pk, money, text, detail, state, more, currency)
    return event


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
    follow = f"follow up {_day(more)}" if more else ""
    return Event(at, _ACTIVITY_ICONS[kind], "", words, detail=text, note=" · ".join(x for x in (state, follow) if x))


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
_ACTIVITY_ICONS = {
    "call": "phone",
    "note": "sticky-note",
    "mail": "mail",
    "snooze": "alarm-clock",
    "assign": "user-check",
    "pin": "pin",
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
}


def _day(text: str) -> str:
    return date_text(datetime.fromisoformat(text).date())


def _url(name: str, pk: int) -> str:
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:  # the page is another app's and may be switched off
        return ""
