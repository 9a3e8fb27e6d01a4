"""The filters of the worklist as they stand in the address. Unknown values are passed over, never an error."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from customers.access import entity_ids
from customers.models import SegmentMember
from worklist.models import WorklistItem
from worklist.models.item import LISTED

Choices = tuple[tuple[str, str | Promise], ...]

WHO: Choices = (("mine", _("Mine")), ("all", _("Everyone's")), ("none", _("Nobody's")))
SHOW: Choices = (
    ("today", _("To do today")), ("all", _("All with a score")), ("snoozed", _("Snoozed")), ("done", _("Done today")),
)  # fmt: skip
STAGES: Choices = (
    ("", _("Any stage")), ("preventive", _("Preventive")), ("early", _("Early")), ("late", _("Late")),
    ("final", _("Final")),
)  # fmt: skip
HAS: Choices = (
    ("", _("Any")), ("promise", _("Open promise")), ("broken", _("Promise broken")), ("dispute", _("Open dispute")),
    ("mail", _("No mail reaches them")), ("pinned", _("Pinned")), ("escalated", _("Escalated")),
)  # fmt: skip
SIZES: Choices = (("", _("Any size")), ("A", _("A: largest")), ("B", _("B: middle")), ("C", _("C: smallest")))
DAYS: Choices = (
    ("", _("Any age")), ("30", _("30 days late or more")), ("60", _("60 days late or more")),
    ("90", _("90 days late or more")),
)  # fmt: skip

# The badges behind each choice, as worklist.rules.reasons writes them.
_BADGES = {
    "promise": [["promised", "Promise"]],
    "dispute": [["disputed", "Dispute"]],
    "broken": [["critical", "Promise broken"]],
    "mail": [["attention", "Mail unknown"], ["attention", "Mail bounced"], ["attention", "No contact"]],
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to. `least` is an overdue amount in the customer's currency of account, `days` the
    least age of the oldest overdue document, `segment` a code, `seen_as` the analyst whose list a lead looks at."""

    who: str = "all"
    show: str = "today"
    entity: int | None = None
    stage: str = ""
    has: str = ""
    least: Decimal | None = None
    size: str = ""
    days: str = ""
    segment: str = ""
    seen_as: str = ""

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
            "size": self.size,
            "days": self.days,
            "segment": self.segment,
            "as": self.seen_as,
            **more,
        }
        return urlencode({name: value for name, value in values.items() if value not in ("", None)})

    @property
    def narrowed(self) -> bool:
        """Whether something other than whose list and which day's part is filtered."""
        chosen = (self.entity, self.stage, self.has, self.size, self.days, self.segment)
        return any(chosen) or self.least is not None


def read_filters(asked: QueryDict, *, usual: str = "all") -> Filters:
    """The filters the address asks for; `usual` is whose list it means when it does not say."""
    entity, segment = asked.get("entity", ""), asked.get("segment", "")
    return Filters(
        who=_one_of(asked.get("who"), WHO, usual),
        show=_one_of(asked.get("show"), SHOW, "today"),
        entity=int(entity) if entity.isascii() and entity.isdigit() and len(entity) < 10 else None,
        stage=_one_of(asked.get("stage"), STAGES, ""),
        has=_one_of(asked.get("has"), HAS, ""),
        least=_amount(asked.get("least", "")),
        size=_one_of(asked.get("size"), SIZES, ""),
        days=_one_of(asked.get("days"), DAYS, ""),
        segment=segment if len(segment) <= 40 and segment.replace("-", "").replace("_", "").isalnum() else "",
        seen_as=asked.get("as", "").replace("\x00", "")[:150],
    )


def visible_items(user: User) -> QuerySet[WorklistItem]:
    """The items of customers the person may see, those with a score of zero too."""
    items = WorklistItem.objects.all()
    if user.may(Capability.SEE_ALL_TEAMS):
        return items
    return items.filter(entity_id__in=entity_ids(user))


def narrowed(items: QuerySet[WorklistItem], filters: Filters, *, user: User) -> QuerySet[WorklistItem]:
    """The items of this filter, whatever the part of the day: to do, snoozed or done. "Mine" is the list of `user`."""
    if filters.who != "all":
        items = items.filter(analyst=user if filters.who == "mine" else None)
    if filters.entity:
        items = items.filter(entity=filters.entity)
    if filters.stage:
        items = items.filter(stage=filters.stage)
    if filters.least is not None:
        items = items.filter(overdue__gte=filters.least)
    if filters.size:
        items = items.filter(size_class=filters.size)
    if filters.days:
        items = items.filter(oldest_days__gte=int(filters.days))
    if filters.segment:
        inside = SegmentMember.objects.filter(segment__code=filters.segment, until=None).values("customer")
        items = items.filter(pk__in=inside)
    return items.filter(_has(filters.has)) if filters.has else items


def shown(items: QuerySet[WorklistItem], filters: Filters, *, on: date) -> QuerySet[WorklistItem]:
    """The part of the day that the filter names. What was worked today counts even when no money is left in it."""
    if filters.show == "done":
        return items.filter(done_on=on)
    items = items.filter(LISTED)
    if filters.show == "snoozed":
        return items.filter(snoozed_until__gt=on)
    awake = items.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=on))
    if filters.show == "all":
        return awake
    return awake.filter(for_today=True).filter(Q(done_on=None) | ~Q(done_on=on))


def _has(code: str) -> Q:
    if code in ("pinned", "escalated"):
        return Q(**{code: True})
    found = Q()
    for badge in _BADGES[code]:
        found |= Q(badges__contains=[badge])
    return found


def _one_of(value: str | None, choices: Choices, default: str) -> str:
    return value if value in {code for code, _words in choices} else default


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < 10**15 else None
