"""What the messages page shows: the list of a tab, and one message with its words and proposals. It decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import QueryDict

from collections_app.accounts.models import User
from customers.models import Contact
from customers.queries.accounts import account_members
from dunning.access import visible_messages
from dunning.models import InboundMessage, MessageProposal

TABS = ("waiting", "unassigned", "done")
# What waits is worked from the oldest on; what is done is looked up from the newest back.
_ORDERS = {"waiting": ("received_at", "id"), "unassigned": ("received_at", "id")}
State = InboundMessage.State


@dataclass(frozen=True, slots=True)
class Messages:
    """Which messages are listed: a tab, and words to find."""

    show: str = "waiting"
    q: str = ""

    @property
    def order(self) -> tuple[str, str]:
        """The columns the list is ordered by."""
        return _ORDERS.get(self.show, ("-received_at", "-id"))

    def query(self, **more: object) -> str:
        """The address's query, without what is usual."""
        said = {"show": self.show if self.show != "waiting" else "", "q": self.q, **more}
        return urlencode({name: value for name, value in said.items() if value not in ("", None)})


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a message's words, and the number of the proposal that rests on them; 0 for none."""

    text: str
    number: int = 0


def read_messages(asked: QueryDict) -> Messages:
    """The filters of an address; what makes no sense is left out."""
    show = asked.get("show", "")
    return Messages(show if show in TABS else "waiting", asked.get("q", "").replace("\x00", "").strip()[:100])


def listed_messages(user: User, messages: Messages) -> QuerySet[InboundMessage]:
    """The messages of the tab that match, with customer and open proposals, unordered, without the bytes."""
    rows = visible_messages(user).select_related("customer").defer("raw", "text")
    rows = rows.filter(state=State.DONE if messages.show == "done" else State.WAITING)
    if messages.show == "unassigned":
        rows = rows.filter(customer__isnull=True)
    if messages.q:
        words = messages.q
        rows = rows.filter(
            Q(subject__icontains=words) | Q(from_address__icontains=words) | Q(from_name__icontains=words)
            | Q(customer__name__icontains=words) | Q(said__icontains=words)
        )  # fmt: skip
    undecided = MessageProposal.objects.filter(state=MessageProposal.State.OPEN).order_by("pk")
    return rows.prefetch_related(Prefetch("proposals", queryset=undecided, to_attr="undecided"))


def waiting_counts(user: User) -> dict[str, int]:
    """How many messages wait, and how many of them belong to nobody yet."""
    waiting = visible_messages(user).filter(state=State.WAITING)
    return waiting.aggregate(waiting=Count("pk"), unassigned=Count("pk", filter=Q(customer__isnull=True)))


def next_message(user: User, messages: Messages, message: InboundMessage) -> int | None:
    """The message after this one in the tab, else the first that is left, else None."""
    rows = listed_messages(user, messages).exclude(pk=message.pk).prefetch_related(None).select_related(None)
    forward = not messages.order[0].startswith("-")
    way = "gt" if forward else "lt"
    later = rows.filter(
        Q(**{f"received_at__{way}": message.received_at})
        | Q(received_at=message.received_at, **{f"pk__{way}": message.pk})
    )
    ordered = ("received_at", "pk") if forward else ("-received_at", "-pk")
    found = later.order_by(*ordered).values_list("pk", flat=True).first()
    return found or rows.order_by(*ordered).values_list("pk", flat=True).first()


def of_tab(messages: Messages, show: str) -> Messages:
    """The same filters in another tab."""
    return replace(messages, show=show)


def reachable_contacts(message: InboundMessage) -> list[Contact]:
    """The contacts of the message's account that are still written to, the writer among them in any case."""
    if message.customer_id is None:
        return []
    rows = Contact.objects.filter(customer__in=account_members(message.customer_id)).select_related("customer")
    return list(rows.filter(Q(health=Contact.Health.OK) | Q(pk=message.contact_id)).order_by("-is_primary", "pk")[:100])


def pieces_of(message: InboundMessage, proposals: Sequence[MessageProposal]) -> list[Piece]:
    """What was newly said, cut so that each quoted sentence stands alone; sentences that overlap are one."""
    pieces: list[Piece] = []
    at = 0
    numbered = [(row.starts_at, row.ends_at, place) for place, row in enumerate(proposals, start=1)]
    for start, end, number in sorted(numbered):
        if start < at:
            continue
        pieces += [Piece(message.said[at:start]), Piece(message.said[start:end], number)]
        at = end
    return [piece for piece in [*pieces, Piece(message.said[at:])] if piece.text]
