"""Writes what follows the last reminder in the demo: debts that went to an agency with a credit stop, a policy that
proposes more of them by itself, and a rehearsal that a worker replays. Takes a small old account, so that the large
ones stay as the tour tells them."""

from datetime import date, timedelta

from collections_app.demo.build_ledger import Told
from collections_app.demo.build_people import Cast
from customers.models import Hold
from customers.services.stop_credit import stop_credit
from dunning.models import Notice, Policy
from dunning.services.approve_handover import approve_handover
from dunning.services.ask_rehearsal import ask_rehearsal
from dunning.services.hand_over import hand_over
from dunning.services.propose_handover import propose_handover
from invoices.queries.open_amounts import open_amount_now

_OLD = -70  # days from the due date: the final letter and its ten days are over


def build_end(cast: Cast, told: list[Told], *, today: date) -> None:
    """Nothing; the demo's handover, its credit stop and the rehearsal are written."""
    manager = cast.users["manager"]
    Policy.objects.filter(entity=cast.entities[0]).update(end_action=Policy.End.AGENCY)
    chosen = _small_and_old(told)
    found = propose_handover(
        customer=chosen.customer, currency=chosen.invoice.currency, kind="agency", on=today,
        reason="The final letter came back as refused; two calls brought nothing.",
        invoice_ids=[chosen.invoice.pk], actor=cast.users["analyst"],
    )  # fmt: skip
    found = approve_handover(handover=found, on=today, recipient="Hanse Inkasso GmbH", actor=manager)
    hand_over(handover=found, on=today, actor=manager)
    stop_credit(customer=chosen.customer, since=today, reason="With the collection agency", actor=manager)
    policy = Policy.objects.select_related("entity").filter(entity=cast.entities[0]).order_by("rank", "pk")[0]
    last = today - timedelta(days=1)
    ask_rehearsal(policy=policy, first=last - timedelta(days=44), last=last, today=today, actor=manager)


def _small_and_old(told: list[Told]) -> Told:
    """The smallest open debt that had the final letter, of a customer that nothing else is told of."""
    held = set(Hold.objects.values_list("customer_id", flat=True))
    final = set(Notice.objects.filter(stage="final").values_list("items__invoice_id", flat=True))
    old = [item for item in told if item.story.due < _OLD and item.invoice.pk in final and not item.story.disputed]
    opened = open_amount_now([item.invoice.pk for item in old])
    owing = [item for item in old if opened[item.invoice.pk] > 0 and item.customer.pk not in held]
    return min(owing, key=lambda item: (opened[item.invoice.pk], item.invoice.pk))
