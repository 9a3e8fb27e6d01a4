"""Acts on stored provider events, each once. The row is the queue: what a crash leaves waiting is found again."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F

from collections_app.audit.record import record
from collections_app.lib.errors import Refusal
from customers.changes import announce
from invoices.actions import PAY_SESSION_SETTLED, WEBHOOK_NEEDS_REVIEW
from invoices.gateways import enabled_gateways
from invoices.gateways.base import GatewayEvent
from invoices.models import PaySession, WebhookEvent
from invoices.rules.pay_sessions import later_state
from invoices.services.book_money_back import GOING_BACK, book_money_back
from invoices.services.settle_pay_session import settle_pay_session

log = structlog.get_logger("collections.webhooks")

# So often the program may fail on an event; waiting for another event is no failure.
MAX_ATTEMPTS = 10
# An event may come before the one it refers to (D4); after this long the other is not coming.
LONGEST_WAIT = timedelta(days=7)
# A started session that nobody paid; the provider's own checkout has run out long before.
ABANDONED = timedelta(hours=24)

State = WebhookEvent.State
_QUIET = {
    "created": PaySession.State.CREATED,
    "processing": PaySession.State.PROCESSING,
    "failed": PaySession.State.FAILED,
}


@dataclass(slots=True)
class WebhookCounts:
    """What came of the events in one call."""

    done: int = 0
    ignored: int = 0
    review: int = 0
    waiting: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """How many events were taken in hand."""
        return sum(getattr(self, each.name) for each in fields(self))


def process_webhooks(*, now: datetime, limit: int = 200) -> WebhookCounts:
    """What came of the waiting events, at most `limit`: new ones first, then those not looked at for the longest time.
    Several processes may run it at once: each event belongs to one of them. Must be called outside a transaction; `now`
    is real time."""
    counts = WebhookCounts()
    looked_at = F("processed_at").asc(nulls_first=True)
    waiting = WebhookEvent.objects.filter(state=State.WAITING).order_by(looked_at, "received_at", "pk")
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
        try:
            outcome = _process(pk, now)
        except Exception as error:  # one bad event must not hold up the others
            log.exception("webhook_fault", webhook_event=pk)
            outcome = _after_fault(pk, error, now)
        if outcome:
            setattr(counts, outcome, getattr(counts, outcome) + 1)
    _expire_abandoned(now)
    return counts


@transaction.atomic
def _process(pk: int, now: datetime) -> str:
    event = WebhookEvent.objects.select_for_update(skip_locked=True).filter(pk=pk, state=State.WAITING).first()
    if event is None:
        return ""
    try:
        with transaction.atomic():
            state, reason = _apply(event, now)
    except Refusal as refusal:
        state, reason = State.REVIEW, refusal.sentence
    event.state, event.reason = state, reason[:250]
    event.processed_at = now
    event.save(update_fields=["state", "reason", "processed_at"])
    if state == State.REVIEW:
        record(WEBHOOK_NEEDS_REVIEW, event, actor=None, by=f"gateway {event.provider}", reason=event.reason)
    return str(state)


def _apply(event: WebhookEvent, now: datetime) -> tuple[State, str]:
    """What the event comes to, and why."""
    gateway = enabled_gateways().get(event.provider)
    if gateway is None:
        return State.REVIEW, f"The payment provider {event.provider} is not enabled here any more."
    news = next((one for one in gateway.read(event.body.encode()) if one.event_id == event.event_id), None)
    if news is None or news.kind == "other":
        return State.IGNORED, "Not a kind of event that changes anything here."
    if news.kind in GOING_BACK:
        still = now - event.received_at < LONGEST_WAIT
        booked = book_money_back(provider=event.provider, event=news)
        if booked.must_wait:
            return (State.WAITING if still else State.REVIEW), booked.sentence
        return State.DONE, booked.sentence
    session = _session(event.provider, news)
    if session is None:
        if news.kind == "succeeded":
            return State.REVIEW, "Money arrived that no pay session asked for. Look it up with the provider."
        return State.IGNORED, "No pay session of ours."
    if news.kind == "succeeded":
        problem = settle_pay_session(session=session, event=news, now=now)
        return (State.REVIEW, problem) if problem else (State.DONE, "")
    return _move(session, _QUIET[news.kind], news, now)


def _session(provider: str, news: GatewayEvent) -> PaySession | None:
    sessions = PaySession.objects.filter(gateway=provider)
    if news.intent_id:
        found = sessions.filter(gateway_intent_id=news.intent_id).first()
        if found is not None:
            return found
    # The provider was faster than our own note of the intent.
    return sessions.filter(reference=news.reference, gateway_intent_id="").first() if news.reference else None


def _move(session: PaySession, to: str, news: GatewayEvent, now: datetime) -> tuple[State, str]:
    session = PaySession.objects.select_for_update(no_key=True).get(pk=session.pk)
    state = later_state(session.state, to)
    if state == session.state:
        return State.DONE, "Known already."
    session.state = state
    session.failure = news.failure if state == PaySession.State.FAILED else ""
    session.settled_at = now if state == PaySession.State.FAILED else None
    session.save(update_fields=["state", "failure", "settled_at"])
    by = f"gateway {session.gateway}"
    record(PAY_SESSION_SETTLED, session, actor=None, by=by, state=state, failure=session.failure)
    announce([session.customer_id])
    return State.DONE, ""


def _after_fault(pk: int, error: Exception, now: datetime) -> str:
    rows = WebhookEvent.objects.filter(pk=pk, state=State.WAITING)
    told = f"The program failed on this event: {type(error).__name__}"[:250]
    rows.update(attempts=F("attempts") + 1, reason=told, processed_at=now)
    rows.filter(attempts__gte=MAX_ATTEMPTS).update(state=State.DEAD)
    return "failed"


def _expire_abandoned(now: datetime) -> None:
    PaySession.objects.filter(state=PaySession.State.CREATED, created_at__lt=now - ABANDONED).update(
        state=PaySession.State.EXPIRED, settled_at=now
    )
