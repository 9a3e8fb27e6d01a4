"""Takes a wrong batch back: an apology follows to everybody it reached, and the steps count as not sent, so that the
levels are as before and the right step may be sent one day (F30)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import Fact, record_set
from collections_app.lib.errors import BadInput
from customers.models import DeliveryState
from dunning.actions import NOTICE_RECALLED
from dunning.models import Notice, NoticeItem, Run
from dunning.queries.apologies import STEP_NAME
from dunning.queries.policies import channels
from dunning.queries.runs import recallable_of
from dunning.queries.words import Templates, current_templates
from dunning.rules.templates import APOLOGY

_COPIED = (
    "customer_id", "contact_id", "channel", "to_address", "language", "run_id", "policy_id", "entity_id", "currency",
    "amount", "copies_to",
)  # fmt: skip
_ITEM = (
    "customer_id", "invoice_id", "instalment_id", "number", "issued_on", "due_on", "open_amount", "asked_amount",
    "days_late",
)  # fmt: skip


class Recalled(NamedTuple):
    """How many notices count no more, and how many apologies wait to leave for them."""

    notices: int
    apologies: int


@transaction.atomic
def recall_notices(
    *, run: Run, notice_ids: Collection[int], typed_count: int | None, reason: str, actor: AbstractBaseUser,
    now: datetime,
) -> Recalled:  # fmt: skip
    """What was recalled: those named that were sent and not recalled before.

    Sends to people who had a message already, so `typed_count` must be the number of notices chosen (D45). Raises
    BadInput with a sentence where it is not, where nothing was chosen, or where no reason is given."""
    chosen = list(recallable_of(run).filter(pk__in=notice_ids).select_for_update(of=("self",)).order_by("pk"))
    _refuse_unsure(len(chosen), typed_count, reason)
    Notice.objects.filter(pk__in=[row.pk for row in chosen]).update(recalled_at=now)
    apologies = _apologies(chosen, current_templates(), reason.strip(), now)
    record_set(NOTICE_RECALLED, [_fact(row, reason.strip()) for row in chosen], actor=actor)
    return Recalled(len(chosen), apologies)


def _refuse_unsure(number: int, typed: int | None, reason: str) -> None:
    wrong = {}
    if not number:
        raise BadInput("Choose at least one notice that was sent.", code="nothing_chosen")
    if not reason.strip():
        wrong["reason"] = "Say what went wrong. The reason is kept with each notice."
    if typed != number:
        wrong["count"] = f"You chose {number}. Type this number to confirm that so many people are written to again."
    if wrong:
        raise BadInput("Nothing was recalled yet.", code="not_confirmed", fields=wrong)


def _apologies(recalled: Sequence[Notice], templates: Templates, reason: str, now: datetime) -> int:
    """How many apologies were written: one per notice that went out in words, over the same channel."""
    enabled = channels()
    made = []
    for row in recalled:
        if row.channel not in enabled or not enabled[row.channel].written:
            continue
        language, template = templates.pick(key="", stage=APOLOGY, channel=row.channel, languages=(row.language,))
        if template is None:
            continue
        copied = {name: getattr(row, name) for name in _COPIED} | {"language": language, "template": template}
        made.append(
            Notice(
                **copied, step=None, step_position=0, step_name=STEP_NAME, stage=APOLOGY, cycle=f"recall/{row.pk}",
                as_of=row.as_of, state=DeliveryState.APPROVED, due_at=now, approved_at=now,
                decision={"code": "recalled", "sentence": f"Takes back notice {row.pk}: {reason}", "facts": {}},
            )
        )  # fmt: skip
    Notice.objects.bulk_create(made)
    _copy_items({int(one.cycle.partition("/")[2]): one for one in made})
    return len(made)


def _copy_items(apologies: dict[int, Notice]) -> None:
    items = NoticeItem.objects.filter(notice__in=apologies.keys())
    NoticeItem.objects.bulk_create(
        NoticeItem(notice=apologies[item.notice_id], **{name: getattr(item, name) for name in _ITEM}) for item in items
    )


def _fact(row: Notice, reason: str) -> Fact:
    return Fact(Notice._meta.label_lower, row.pk, row.customer_id, {"reason": reason, "step": row.step_name})
