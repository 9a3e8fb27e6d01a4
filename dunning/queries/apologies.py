"""What an apology says about: the invoices of the notice it takes back, as they stood on that notice. It asks for
nothing, so nothing is looked at again. Reads only."""

from collections import defaultdict
from collections.abc import Sequence

from dunning.models import Notice, NoticeItem
from dunning.rules.facts import AskedItem, Decision, OpenItem, StepFacts
from dunning.rules.templates import APOLOGY

STEP_NAME = "Apology"


def apology_decisions(notices: Sequence[Notice]) -> dict[int, Decision]:
    """By notice id the decision to send, for those of these notices that are apologies; one statement if there are."""
    apologies = [notice for notice in notices if notice.stage == APOLOGY]
    items: defaultdict[int, list[AskedItem]] = defaultdict(list)
    for row in NoticeItem.objects.filter(notice__in=apologies).order_by("due_on", "id") if apologies else ():
        open_item = OpenItem(
            row.invoice_id, row.number, 0, row.issued_on, row.due_on, row.open_amount, instalment_id=row.instalment_id
        )
        items[row.notice_id].append(AskedItem(open_item, row.asked_amount, row.days_late))
    return {notice.pk: _decision(notice, items[notice.pk]) for notice in apologies}


def _decision(notice: Notice, items: Sequence[AskedItem]) -> Decision:
    step = StepFacts(0, STEP_NAME, 0, notice.channel, APOLOGY)
    items = [one._replace(item=one.item._replace(entity_id=notice.entity_id)) for one in items]
    return Decision("propose", {}, step, notice.channel, tuple(items), notice.amount, cycle=notice.cycle)
