"""Makes cases of the demo's disputes: stages, owners, words, a question to a colleague, a file, and some that ended
otherwise than by credit note. By set."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

from django.db.models import Sum
from django.utils import timezone

from collections_app.demo.build_ledger import Told, at_noon
from collections_app.demo.build_people import Cast
from collections_app.lib.money import round_amount
from customers.models import Attachment
from invoices.models import Dispute, DisputeCase, DisputeEvent, DisputeFile, DisputeQuestion
from invoices.services.close_case import close_case

_STAGES = ("investigating", "new", "customer", "colleague", "investigating", "new")  # of those that are open
_CAUSES = {
    "quality": "quality", "price": "pricing", "quantity": "delivery", "not_received": "delivery",
    "po_missing": "master_data", "duplicate": "invoicing", "already_paid": "payment",
}  # fmt: skip
_SAID = {
    "quality": "Two of the pallets arrived wet, see the photos.",
    "price": "The agreed rebate of 5 % is missing on the invoice.",
    "quantity": "We ordered ten and counted nine.",
    "not_received": "Nothing arrived so far; please send the proof of delivery.",
    "po_missing": "Without our order number the invoice cannot be booked.",
    "duplicate": "This was invoiced in the month before already.",
    "already_paid": "Paid by transfer last week.",
}
_OTHER_ENDS = (
    ("duplicate", "rejected", "Two orders, two deliveries: both invoices stand."),
    ("already_paid", "settled", "The money was found on another account."),
    ("quantity", "rejected", "The signed delivery note shows the full quantity."),
    ("price", "withdrawn", "The customer found the price list."),
)
_MOST_OTHER_ENDS = 28


def build_disputes(cast: Cast, told: Sequence[Told], *, today: date) -> None:
    """Nothing; every dispute of the demo belongs to a case, and the cases have a history. Days are on or before
    `today`."""
    _ended_otherwise(told, today)
    disputes = list(Dispute.objects.select_related("customer__collector", "invoice").order_by("pk"))
    cases = _cases(disputes, today)
    DisputeEvent.objects.bulk_create([event for case in cases for event in _history(case, today)], batch_size=2000)
    opened = [case for case in cases if case.stage != DisputeCase.Stage.CLOSED]
    _files(opened[:6], today)
    _questions([case for case in opened if case.stage == DisputeCase.Stage.COLLEAGUE], today)


def ask_for_a_credit_note(*, today: date) -> None:
    """Nothing; the collector of the largest open dispute has asked a second person for a credit note. Call it last: it
    is a request like any other."""
    waiting = DisputeCase.objects.filter(stage=DisputeCase.Stage.INVESTIGATING, owner__isnull=False)
    case = waiting.annotate(money=Sum("disputes__amount")).order_by("-money", "pk").first()
    if case is not None and case.owner is not None:
        close_case(
            case=case, outcome=DisputeCase.Outcome.CREDITED, root_cause=_CAUSES.get(case.reason, ""),
            resolution="Two pallets were wet, as the driver noted.", on=today, actor=case.owner,
        )  # fmt: skip


def _ended_otherwise(told: Sequence[Told], today: date) -> None:
    """Disputes about invoices that were paid in full in the end."""
    paid = [
        item for item in told
        if item.story.paid and item.story.disputed is None and -330 < item.story.due < -40
        and max(part.on for part in item.story.paid) < -20 and item.story.due + 12 < item.story.paid[-1].on
        and sum((part.share for part in item.story.paid), Decimal(0)) == 1
    ]  # fmt: skip
    first = Dispute.objects.count()
    rows = []
    for position, item in enumerate(paid[:: max(len(paid) // _MOST_OTHER_ENDS, 1)][:_MOST_OTHER_ENDS]):
        reason, state, words = _OTHER_ENDS[position % len(_OTHER_ENDS)]
        opened = today + timedelta(days=item.story.due + 1)
        rows.append(
            Dispute(
                customer=item.customer, invoice=item.invoice, reference=f"D-{opened.year}-{first + position + 1:06}",
                reason=reason, currency=item.invoice.currency,
                amount=round_amount(item.invoice.total / 2, item.invoice.currency), text=_SAID[reason],
                opened_on=opened, opened_by=item.customer.collector, owner=item.customer.collector,
                answer_by=opened + timedelta(days=14), state=state,
                closed_on=opened + timedelta(days=3 + position % 8), resolution=words, recorded_at=at_noon(opened),
            )
        )  # fmt: skip
    Dispute.objects.bulk_create(rows, batch_size=2000)


def _cases(disputes: Sequence[Dispute], today: date) -> list[DisputeCase]:
    """One case per dispute; two open ones of a customer in one currency are one matter."""
    cases: list[DisputeCase] = []
    of: dict[int, DisputeCase] = {}
    shared: dict[tuple[int, str, int], DisputeCase] = {}
    opened = 0
    for position, row in enumerate(disputes):
        key = (row.customer_id, row.currency, row.invoice.entity_id)
        joined = shared.pop(key, None) if row.state == Dispute.State.OPEN else None
        case = joined or _case(row, position, opened, today)
        if joined is None:
            cases.append(case)
            if row.state == Dispute.State.OPEN:
                shared[key] = case
                opened += 1
        of[row.pk] = case
    DisputeCase.objects.bulk_create(cases, batch_size=2000)
    for row in disputes:
        case = of[row.pk]
        row.case, row.text, row.reason, row.answer_by = case, case.text, case.reason, case.answer_by
    Dispute.objects.bulk_update(disputes, ["case", "text", "reason", "answer_by"], batch_size=2000)
    return cases


def _case(row: Dispute, position: int, opened: int, today: date) -> DisputeCase:
    ended = row.state != Dispute.State.OPEN
    outcome = {"accepted": "credited", "open": ""}.get(row.state, row.state)
    # Old open ones got more time once they were looked into.
    answer_by = row.answer_by if ended else max(row.answer_by, today + timedelta(days=position % 9 - 3))
    return DisputeCase(
        customer=row.customer, reference=row.reference, reason=row.reason, currency=row.currency,
        root_cause=_CAUSES.get(row.reason, "") if outcome == "credited" else ("unfounded" if ended else ""),
        text=_SAID.get(row.reason, row.text), via=row.via, owner=row.owner, opened_on=row.opened_on,
        opened_by=row.opened_by, answer_by=answer_by, closed_on=row.closed_on, resolution=row.resolution,
        stage=DisputeCase.Stage.CLOSED if ended else _STAGES[opened % len(_STAGES)], outcome=outcome,
        recorded_at=row.recorded_at, changed_at=at_noon(row.closed_on or row.opened_on),
    )  # fmt: skip


def _history(case: DisputeCase, today: date) -> Iterable[DisputeEvent]:
    kinds, stages = DisputeEvent.Kind, DisputeCase.Stage
    by_payer = case.opened_by is None
    yield DisputeEvent(
        case=case, kind=kinds.OPENED, stage=stages.NEW, text=case.text, by=case.opened_by,
        by_name="payer" if by_payer else "", on=case.opened_on, at=at_noon(case.opened_on),
    )  # fmt: skip
    if case.stage == stages.NEW:
        return
    day = min(case.opened_on + timedelta(days=1), case.closed_on or today)
    yield _moved(case, stages.INVESTIGATING, day)
    if case.stage in (stages.CUSTOMER, stages.COLLEAGUE):
        later = min(day + timedelta(days=2), today)
        yield DisputeEvent(
            case=case, kind=kinds.COMMENT, stage=stages.INVESTIGATING, text="Delivery note asked for in the warehouse.",
            by=case.owner, on=later, at=at_noon(later) - timedelta(minutes=4),
        )  # fmt: skip
        yield _moved(case, stages(case.stage), later)
    if case.closed_on:
        yield DisputeEvent(
            case=case, kind=kinds.CLOSED, stage=stages.CLOSED, text=case.resolution, by=case.owner,
            on=case.closed_on, at=at_noon(case.closed_on) + timedelta(minutes=2),
        )  # fmt: skip


def _moved(case: DisputeCase, stage: DisputeCase.Stage, day: date) -> DisputeEvent:
    return DisputeEvent(
        case=case, kind=DisputeEvent.Kind.MOVED, stage=stage, by=case.owner, on=day, at=at_noon(day)
    )  # fmt: skip


def _files(cases: Sequence[DisputeCase], today: date) -> None:
    events = []
    for case in cases:
        content = f"Delivery note for {case.reference}. Received in good order, but for what is disputed.\n".encode()
        kept = Attachment.objects.create(
            customer=case.customer, name="delivery-note.txt", content_type="text/plain", size=len(content),
            digest=sha256(content).hexdigest(), content=content, added_by=case.owner,
        )  # fmt: skip
        DisputeFile.objects.create(case=case, attachment=kept)
        events.append(
            DisputeEvent(case=case, kind=DisputeEvent.Kind.FILE, stage=case.stage, text=kept.name, by=case.owner,
                         on=today, at=at_noon(case.opened_on) + timedelta(minutes=9))
        )  # fmt: skip
    DisputeEvent.objects.bulk_create(events)


def _questions(cases: Sequence[DisputeCase], today: date) -> None:
    """A question that is open, on each case that waits for a colleague. Nobody has its link."""
    now = timezone.now()
    text = "Was the order complete when it left? Please send the loading list."
    rows = [
        DisputeQuestion(
            case=case, token_digest=sha256(f"demo {case.reference}".encode()).hexdigest(), to_name="Sam Stock",
            to_email="sam.stock@nordwind.example", text=text, asked_by=case.owner, expires_at=now + timedelta(days=14),
        )
        for case in cases
    ]  # fmt: skip
    DisputeQuestion.objects.bulk_create(rows)
    DisputeEvent.objects.bulk_create(
        DisputeEvent(case=row.case, kind=DisputeEvent.Kind.ASKED, stage=row.case.stage, text=f"{row.to_name}: {text}",
                     by=row.case.owner, on=today, at=at_noon(min(row.case.opened_on + timedelta(days=3), today)))
        for row in rows
    )  # fmt: skip
