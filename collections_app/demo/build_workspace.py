"""Writes what stands beside the work in the demo: playbooks and what was ticked of them, notes with names, a file and
a better version, and follow-ups. By set, the same for every start."""

from collections import defaultdict
from datetime import date, timedelta

from collections_app.demo.build_ledger import at_noon
from collections_app.demo.build_people import Cast
from customers.models import Customer
from customers.services.keep_attachment import keep_attachment
from worklist.models import Activity, NoteFile, Playbook, PlaybookCheck, PlaybookStep
from worklist.services.install_playbooks import install_playbooks

_FOLLOWED_DAYS = 28
_FOLLOW_UPS = (
    "Ask whether the delivery note has arrived.",
    "Their bookkeeper is back from holiday.",
    "Check whether the first part of the sum came in.",
    "Send the statement of the whole year, as they asked.",
)
_DELIVERY_NOTE = (
    "Delivery note 4711\nGoods received complete and undamaged, except one pallet: corner crushed, see photo.\n"
    "Signed: warehouse, second shift\n"
)


def build_workspace(cast: Cast, *, today: date) -> None:
    """Nothing; the playbooks are there, with four weeks of ticks, and some accounts have notes and follow-ups."""
    install_playbooks(actor=cast.users["manager"])
    _ticks(today)
    _notes(cast, today)


def _ticks(today: date) -> None:
    """Each call of the last weeks ticked the step that asks for a call, and mostly some others: the busier somebody is,
    the fewer."""
    stages = {book.code: list(book.steps.all()) for book in Playbook.objects.prefetch_related("steps")}
    calls = Activity.objects.filter(
        kind=Activity.Kind.CALL, happened_on__gt=today - timedelta(days=_FOLLOWED_DAYS), happened_on__lt=today
    ).order_by("pk")
    codes = ("early-reminder", "late-firm", "first-contact", "unreachable", "broken-promise")
    done: dict[tuple[int, int, date], PlaybookCheck] = {}
    by_person: dict[int | None, int] = defaultdict(int)
    for place, call in enumerate(calls):
        by_person[call.by_id] += 1
        steps = stages["unreachable" if call.outcome == Activity.Outcome.NO_ANSWER else codes[place % len(codes)]]
        for step in _followed(steps, by_person[call.by_id] + (call.by_id or 0)):
            done[step.pk, call.customer_id, call.happened_on] = PlaybookCheck(
                step=step, customer_id=call.customer_id, by_id=call.by_id, on=call.happened_on, at=call.at
            )
    PlaybookCheck.objects.bulk_create(done.values(), batch_size=2000)


def _followed(steps: list[PlaybookStep], turn: int) -> list[PlaybookStep]:
    return [step for place, step in enumerate(steps) if step.action == "call" or (turn + place) % 3]


def _notes(cast: Cast, today: date) -> None:
    working = [customer for customer in cast.customers if customer.collector_id is not None]
    Activity.objects.bulk_create(
        Activity(
            customer=customer, kind=Activity.Kind.NOTE, text=_FOLLOW_UPS[place % len(_FOLLOW_UPS)],
            by=customer.collector, happened_on=today - timedelta(days=4), at=at_noon(today - timedelta(days=4)),
            follow_up_on=today + timedelta(days=place % 5 - 2),
        )
        for place, customer in enumerate(working[:60:5])
    )  # fmt: skip
    for customer in working[3:30:9]:
        _story(customer, cast, today - timedelta(days=6))


def _story(customer: Customer, cast: Cast, day: date) -> None:
    """A note that was said better, one that names a colleague, and one with a file."""
    told = {"customer": customer, "kind": Activity.Kind.NOTE, "by": customer.collector, "happened_on": day}
    first = Activity.objects.create(text="Pays on the 10th.", at=at_noon(day), **told)
    Activity.objects.create(
        text="Pays on the 10th and the 25th, after two signatures; the second one is hard to get in July.",
        at=at_noon(day + timedelta(days=1)), replaces=first, pinned=True, **told,
    )  # fmt: skip
    named = Activity.objects.create(
        text="@manager they ask for a discount of 3 % when they pay all of it this week. May I agree?",
        at=at_noon(day + timedelta(days=2)), **told,
    )  # fmt: skip
    named.mentioned.add(cast.users["manager"])
    with_file = Activity.objects.create(
        text="Their delivery note: one pallet was damaged.", at=at_noon(day + timedelta(days=3)), **told
    )
    kept = keep_attachment(
        customer=customer, name="delivery-note-4711.txt", content=_DELIVERY_NOTE.encode(),
        content_type="text/plain", actor=customer.collector,
    )  # fmt: skip
    NoteFile.objects.create(activity=with_file, attachment=kept)
