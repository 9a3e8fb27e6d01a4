"""The filters of the worklist as they stand in the address. Unknown values are passed over, never an error."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability, Role
from customers.access import entity_ids
from worklist.models import WorklistItem

WHO = (("mine", "Mine"), ("all", "Everyone's"), ("none", "Nobody's"))
SHOW = (("today", "To do today"), ("all", "All with a score"), ("snoozed", "Snoozed"), ("done", "Done today"))
STAGES = (("", "Any stage"), ("preventive", "Preventive"), ("early", "Early"), ("late", "Late"), ("final", "Final"))
HAS = (("", "Any"), ("promise", "Open promise"), ("dispute", "Open dispute"), ("broken", "Promise broken"))
_BADGES = {"promise": "Promise", "dispute": "Dispute", "broken": "Promise broken"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to. `least` is an overdue amount in the customer's currency of account."""

    who: str = "all"
    show: str = "today"
    entity: int | None = None
    stage: str = ""
    has: str = ""
    least: Decimal | None = None

    def query(self, **more: object) -> str:
        """The address parameters that say this again, with others added. Whose list is always said, because what is
        usual depends on the reader; other defaults are left out."""
        values: dict[str, object] = {
            "who": self.who,
            "show": self.show if self.show != "today" else "",
            "entity": self.entity or "",
            "stage": self.stage,
            "has": self.has,
            "least": self.least if self.least is not None else "",
            **more,
        }
        return urlencode({name: value for name, value in values.items() if value not in ("", None)})

    @property
    def narrowed(self) -> bool:
        """Whether something other than whose list and which day's part is filtered."""
        return bool(self.entity or self.stage or self.has or self.least is not None)


def usual_who(user: User) -> str:
    """Whose list a person sees who did not say: an analyst with customers of their own sees those."""
    own = user.role == Role.ANALYST and WorklistItem.objects.filter(collector=user, score__gt=0).exists()
    return "mine" if own else "all"


def read_filters(asked: QueryDict, *, usual: str = "all") -> Filters:
    """The filters the address asks for; `usual` is whose list it means when it does not say."""
    entity = asked.get("entity", "")
    return Filters(
        who=_one_of(asked.get("who"), WHO, usual),
        show=_one_of(asked.get("show"), SHOW, "today"),
        entity=int(entity) if entity.isascii() and entity.isdigit() and len(entity) < 10 else None,
        stage=_one_of(asked.get("stage"), STAGES, ""),
        has=_one_of(asked.get("has"), HAS, ""),
        least=_amount(asked.get("least", "")),
    )


def visible_items(user: User) -> QuerySet[WorklistItem]:
    """The items of customers the person may see, those with a score of zero too."""
    items = WorklistItem.objects.all()
    if user.may(Capability.SEE_ALL_TEAMS):
        return items
    return items.filter(entity_id__in=entity_ids(user))


def narrowed(items: QuerySet[WorklistItem], filters: Filters, *, user: User) -> QuerySet[WorklistItem]:
    """The items of this filter, whatever the part of the day: to do, snoozed or done."""
    items = items.filter(score__gt=0)
    if filters.who != "all":
        items = items.filter(collector=user if filters.who == "mine" else None)
    if filters.entity:
        items = items.filter(entity=filters.entity)
    if filters.stage:
        items = items.filter(stage=filters.stage)
    if filters.least is not None:
        items = items.filter(overdue__gte=filters.least)
    if filters.has:
        word = _BADGES[filters.has]
        items = items.filter(badges__contains=[[_state(filters.has), word]])
    return items


def shown(items: QuerySet[WorklistItem], filters: Filters, *, on: date) -> QuerySet[WorklistItem]:
    """The part of the day that the filter names."""
    if filters.show == "done":
        return items.filter(done_on=on)
    if filters.show == "snoozed":
        return items.filter(snoozed_until__gt=on)
    awake = items.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=on))
    if filters.show == "all":
        return awake
    return awake.filter(for_today=True).filter(Q(done_on=None) | ~Q(done_on=on))


def _state(has: str) -> str:
    return {"promise": "promised", "dispute": "disputed", "broken": "critical"}[has]


def _one_of(value: str | None, choices: tuple[tuple[str, str], ...], default: str) -> str:
    return value if value in {code for code, _ in choices} else default


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < 10**15 else None
