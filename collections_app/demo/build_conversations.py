"""Writes what was said in the demo: promises, disputes, holds, calls, notes and the reminders sent so far, by set."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.db.models import prefetch_related_objects

from collections_app.demo.build_ledger import Told, at_noon
from collections_app.demo.build_people import SEED, Cast
from collections_app.lib.calendars import next_business_day
from collections_app.lib.money import round_amount
from customers.models import Customer, DeliveryState, Hold
from dunning.models import Notice, NoticeItem, Policy, Run, Step
from invoices.models import Dispute, Promise, PromiseItem
from worklist.models import Activity

_CALLS = (
    ("reached", "Spoke to accounts payable. Invoice is approved, waits for the next payment run."),
    ("no_answer", "Rang out twice."),
    ("voicemail", "Left a message with our number and the invoice numbers."),
    ("reached", "They asked for a copy of the delivery note; sent."),
    ("call_back", "Bookkeeper is out until Thursday, will call back."),
)
_NOTES = (
    "Pays on the 10th and the 25th only, after two signatures.",
    "New bookkeeper since last month; be patient, be precise.",
    "Prefers a statement over single reminders.",
    "Orders through the group portal: without an order number nothing is paid.",
)


def build_conversations(cast: Cast, told: list[Told], *, today: date) -> None:
    """Nothing; the demo's conversations are written. Days are on or before `today`."""
    _promises(cast, told, today)
    _disputes(cast, told, today)
    _holds(cast, today)
    _activities(cast, told, today)
    _notices(cast, told, today)


def _promises(cast: Cast, told: list[Told], today: date) -> None:
    promised = [item for item in told if item.story.promised]
    levels: dict[int, int] = defaultdict(int)
    rows = []
    for item in promised:
        promise = item.story.promised
        assert promise is not None
        levels[item.customer.pk] = 1 if promise.state == "kept" else levels[item.customer.pk] + 1
        closed = promise.state != ""
        rows.append(
            Promise(
                customer=item.customer,
                currency=item.invoice.currency,
                amount=item.invoice.total,
                made_on=today + timedelta(days=promise.made),
                promised_on=today + timedelta(days=promise.due),
                level=levels[item.customer.pk],
                state=promise.state or Promise.State.OPEN,
                closed_on=today + timedelta(days=promise.due + 1) if closed else None,
                kept_amount=(item.invoice.total if promise.state == "kept" else Decimal(0)) if closed else None,
                made_by=item.customer.collector,
                note="Promised on the phone",
                recorded_at=at_noon(today + timedelta(days=promise.made)),
            )
        )
    written = Promise.objects.bulk_create(rows, batch_size=2000)
    PromiseItem.objects.bulk_create(
        [
            PromiseItem(
                promise=promise,
                customer=item.customer,
                invoice=item.invoice,
                amount=promise.amount,
                live=promise.state == Promise.State.OPEN,
            )
            for item, promise in zip(promised, written, strict=True)
        ],
        batch_size=2000,
    )


def _disputes(cast: Cast, told: list[Told], today: date) -> None:
    rows = []
    for position, item in enumerate(item for item in told if item.story.disputed):
        disputed = item.story.disputed
        assert disputed is not None
        opened = today + timedelta(days=disputed.opened)
        closed = None if disputed.closed is None else today + timedelta(days=disputed.closed)
        rows.append(
            Dispute(
                customer=item.customer,
                invoice=item.invoice,
                reference=f"D-{opened.year}-{position + 1:06}",
                reason=disputed.reason,
                currency=item.invoice.currency,
                amount=round_amount(item.invoice.total * disputed.share, item.invoice.currency),
                text="The customer says part of the delivery was not as ordered.",
                via=Dispute.Via.PAYER if position % 3 == 0 else Dispute.Via.ANALYST,
                opened_on=opened,
                opened_by=None if position % 3 == 0 else item.customer.collector,
                owner=item.customer.collector,
                answer_by=opened + timedelta(days=14),
                state=Dispute.State.ACCEPTED if closed else Dispute.State.OPEN,
                closed_on=closed,
                resolution="Credit note issued." if closed else "",
                recorded_at=at_noon(opened),
            )
        )
    Dispute.objects.bulk_create(rows, batch_size=2000)


def _holds(cast: Cast, today: date) -> None:
    insolvent = [c for c in cast.customers if cast.characters[c.pk].code == "insolvent"]
    Hold.objects.bulk_create(
        [
            Hold(
                customer=customer,
                reason=Hold.Reason.BANKRUPT,
                note="Administrator appointed. Claims are registered; no reminders.",
                owner=cast.users["manager"],
                starts_on=today - timedelta(days=95),
                ends_on=today + timedelta(days=270),
            )
            for customer in insolvent
        ]
    )


def _activities(cast: Cast, told: list[Told], today: date) -> None:
    random = Random(SEED + 2)
    late = {item.customer.pk: item.customer for item in told if item.story.due < -8 and _unpaid(item)}
    rows = []
    for customer in late.values():
        for _ in range(random.randint(0, 3)):
            outcome, text = random.choice(_CALLS)
            day = today - timedelta(days=random.randint(4, 60))
            rows.append(_activity(customer, Activity.Kind.CALL, outcome, text, day))
    for customer in random.sample(cast.customers, 60):
        day = today - timedelta(days=random.randint(20, 400))
        note = _activity(customer, Activity.Kind.NOTE, "", random.choice(_NOTES), day)
        note.pinned = random.random() < 0.4
        rows.append(note)
    Activity.objects.bulk_create(rows, batch_size=2000)


def _activity(customer: Customer, kind: str, outcome: str, text: str, day: date) -> Activity:
    return Activity(
        customer=customer,
        kind=kind,
        outcome=outcome,
        text=text,
        by=customer.collector,
        happened_on=day,
        at=at_noon(day),
    )


def _unpaid(item: Told) -> bool:
    settled = sum((paid.share for paid in item.story.paid), Decimal(0))
    if item.story.disputed and item.story.disputed.closed is not None:
        return False
    return settled < 1


def _notices(cast: Cast, told: list[Told], today: date) -> None:
    """The reminders that the oldest unpaid invoice of each customer has had; steps of the last days are left to today's
    run, so that the first tick finds something to do."""
    prefetch_related_objects(cast.customers, "contacts")
    policies = {policy.entity_id: policy for policy in Policy.objects.all()}
    steps = {
        policy.pk: [step for step in policy.steps.order_by("position") if step.offset_days > 0]
        for policy in policies.values()
    }
    unpaid: dict[int, list[Told]] = defaultdict(list)
    for item in told:
        if item.story.due < 0 and _unpaid(item):
            unpaid[item.customer.pk].append(item)
    runs: dict[tuple[int, date], Run] = {}
    notices: list[Notice] = []
    items: list[list[Told]] = []
    for owed in unpaid.values():
        leading = min(owed, key=lambda item: (item.invoice.due_on, item.invoice.pk))
        policy = policies[leading.customer.entity_id]
        for step in steps[policy.pk]:
            sent = next_business_day(
                leading.invoice.due_on + timedelta(days=step.offset_days), leading.customer.holiday_region
            )
            if sent >= today - timedelta(days=2):
                break
            run = runs.setdefault((policy.pk, sent), _run(policy, sent))
            run.proposed += 1
            overdue = [item for item in owed if item.invoice.due_on < sent]
            notices.append(_notice(leading, overdue, step, run, sent))
            items.append(overdue)
    Run.objects.bulk_create(runs.values(), batch_size=1000)
    for notice in notices:
        notice.run_id = notice.run.pk
    written = Notice.objects.bulk_create(notices, batch_size=1000)
    NoticeItem.objects.bulk_create(
        [_notice_item(notice, item) for notice, overdue in zip(written, items, strict=True) for item in overdue],
        batch_size=2000,
    )


def _run(policy: Policy, day: date) -> Run:
    return Run(policy=policy, as_of=day, state=Run.State.PREPARED, started_at=at_noon(day), finished_at=at_noon(day))


def _notice(leading: Told, overdue: list[Told], step: Step, run: Run, sent: date) -> Notice:
    customer = leading.customer
    contact = next((contact for contact in customer.contacts.all() if contact.is_primary), None)
    address = contact.email if contact else ""
    return Notice(
        run=run,
        policy=run.policy,
        step=step,
        step_position=step.position,
        step_name=step.name,
        stage=step.stage,
        cycle=str(leading.invoice.pk),
        entity=customer.entity,
        customer=customer,
        contact=contact,
        channel=step.channel,
        to_address=address,
        language=customer.language,
        currency=leading.invoice.currency,
        amount=sum((item.invoice.total for item in overdue), Decimal(0)),
        as_of=sent,
        pay_by=sent + timedelta(days=step.days_to_pay),
        subject=f"{step.name}: {leading.invoice.number}",
        state=DeliveryState.ACCEPTED,
        attempts=1,
        due_at=at_noon(sent),
        approved_at=at_noon(sent),
        claimed_at=at_noon(sent),
        sending_at=at_noon(sent),
        settled_at=at_noon(sent),
        created_at=at_noon(sent),
        decision={"code": "history", "sentence": "Sent before this demo began.", "facts": {}},
    )


def _notice_item(notice: Notice, item: Told) -> NoticeItem:
    return NoticeItem(
        notice=notice,
        customer=item.customer,
        invoice=item.invoice,
        number=item.invoice.number,
        issued_on=item.invoice.issued_on,
        due_on=item.invoice.due_on,
        open_amount=item.invoice.total,
        asked_amount=item.invoice.total,
        days_late=(notice.as_of - item.invoice.due_on).days,
    )
