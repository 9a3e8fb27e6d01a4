"""What to tell a person before a mail of theirs leaves, and what keeps it here at the last look (R6, U28). Pure.

Both come from the same findings, so that nobody is told one thing and refused for another."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from collections_app.lib.money import format_amount

BLOCKS, ASKS, TELLS = "blocks", "asks", "tells"
# Found in the words, and answered by whoever wrote them; the facts say nothing of it.
TONE = "tone"
NOTHING = Decimal(0)
# Between these hours people are at work or awake; automatic messages wait for them, a person decides (D43).
EIGHT, EVENING = 8, 20


class Claim(NamedTuple):
    """One open invoice or instalment of the account, in its currency; the last four are parts of what is open."""

    invoice_id: int
    instalment_id: int | None
    position: int | None
    number: str
    entity_id: int
    currency: str
    issued_on: date
    due_on: date
    open: Decimal
    disputed: Decimal = NOTHING
    promised: Decimal = NOTHING
    on_plan: Decimal = NOTHING
    in_flight: Decimal = NOTHING
    customer_id: int = 0

    @property
    def key(self) -> str:
        """Its name in forms."""
        return f"{self.invoice_id}" if self.instalment_id is None else f"{self.invoice_id}_{self.instalment_id}"

    @property
    def label(self) -> str:
        """The number as letters write it, with the instalment's place behind it."""
        return self.number if self.position is None else f"{self.number}/{self.position}"

    @property
    def asked(self) -> Decimal:
        """What a mail may ask for: not what is disputed or on its way (W3, A8). What is promised is owed all the same;
        whoever writes is told of the promise."""
        return max(self.open - self.disputed - self.in_flight, NOTHING)


@dataclass(frozen=True, slots=True)
class Standing:
    """How things are with one mail's customer, recipient and invoices at a moment.

    `on` is our business day, `day_there` the customer's. `claims` are those of the mail that are open, `gone` the
    numbers of those that are not any more, `changed` those of which another amount is owed than its writer saw. `hold`
    and `pause` are words for what keeps contacts from the customer, the person or everybody, "" without; `contacted` is
    how they were last reached today, `is_queued` that another mail by hand to them waits to leave, `hour_there` the
    hour of the customer's clock."""

    address: str
    on: date
    day_there: date
    claims: Sequence[Claim] = ()
    gone: Sequence[str] = ()
    changed: Sequence[str] = ()
    credits: Decimal = NOTHING
    asks: bool = False
    merged: bool = False
    related_party: bool = False
    health: str = "ok"
    has_moved: bool = False
    hold: str = ""
    pause: str = ""
    contacted: str = ""
    is_queued: bool = False
    week_is_full: bool = False
    stopped: str = ""
    test_address: str = ""
    allowed: bool = True
    hour_there: int = 12

    @property
    def currency(self) -> str:
        """The currency of its invoices, "" without any."""
        return self.claims[0].currency if self.claims else ""

    @property
    def asked(self) -> Decimal:
        """What it asks for: the claims' asked amounts less the credits, where they are less (R17)."""
        total = sum((claim.asked for claim in self.claims), NOTHING)
        return total - self.credits if self.credits < total else total

    @property
    def credited(self) -> Decimal:
        """The credits that are taken off."""
        total = sum((claim.asked for claim in self.claims), NOTHING)
        return self.credits if self.credits < total else NOTHING


class Finding(NamedTuple):
    """Something to know before sending. `weight`: it cannot leave, somebody must say that it may, or it is said."""

    code: str
    weight: str
    sentence: str


_HEALTH = {
    "bounced": "Mail to this address came back, so nothing is sent there. Correct the contact or choose another one.",
    "complained": "This person complained about our mail, so nothing is sent there. Choose another contact.",
    "left": "This person has left the company. Choose another contact.",
    "wrong": "This is the wrong person for our invoices. Choose another contact.",
}


def findings(standing: Standing) -> list[Finding]:
    """What to know about sending now, the gravest first; empty when nothing speaks against it."""
    found = [*_about_recipient(standing), *_about_money(standing), *_about_contacts(standing), *_about_house(standing)]
    order = (BLOCKS, ASKS, TELLS)
    return sorted(found, key=lambda one: order.index(one.weight))


def why_not(standing: Standing, accepted: Collection[str]) -> Finding | None:
    """What keeps the mail here after all, or None: anything grave, and anything its writer did not know of."""
    for one in findings(standing):
        if one.weight == BLOCKS or (one.weight == ASKS and one.code not in accepted):
            return one
    return None


def unanswered(found: Collection[Finding], accepted: Collection[str]) -> list[Finding]:
    """Those of the findings that still need a word of the person who sends."""
    return [one for one in found if one.weight == ASKS and one.code not in accepted]


def _about_recipient(it: Standing) -> Iterator[Finding]:
    if it.merged:
        yield Finding("merged", BLOCKS, "This customer was merged into another one. Write from that account.")
    if it.related_party and it.asks:
        told = "This is one of our own companies, which are never asked for money here. Take the invoices out."
        yield Finding("related_party", BLOCKS, told)
    if not it.address:
        yield Finding("no_address", BLOCKS, "There is no address to write to. Add one to a contact first.")
    elif it.health != "ok":
        told = _HEALTH.get(it.health, "Nothing can be sent to this contact. Choose another one.")
        yield Finding("address_unreachable", BLOCKS, told)
    elif it.has_moved:
        yield Finding("address_changed", BLOCKS, "The contact has another address by now. Look at the mail again.")
    elif not it.allowed:
        yield Finding("not_allowed", BLOCKS, f"{it.address} is not on the list of allowed addresses.")


def _about_money(it: Standing) -> Iterator[Finding]:
    if it.gone and not it.claims:
        told = "Everything it was about has been paid or credited meanwhile."
        yield Finding("paid", BLOCKS if it.asks else ASKS, told)
    elif it.gone:
        yield Finding("paid", ASKS, f"Paid or credited meanwhile: {_listed(it.gone)}. Check what the mail says.")
    if it.changed:
        told = f"Another amount is open by now: {_listed(it.changed)}. Look at the mail again."
        yield Finding("changed", BLOCKS, told)
    for code, words in (
        ("disputed", "{amount} is disputed ({numbers}) and not asked for."),
        ("promised", "{amount} is promised ({numbers}). A reminder now tells the customer that we do not believe it."),
        ("on_plan", "{amount} is being paid off on a payment plan ({numbers}), and the plan is kept."),
        ("in_flight", "{amount} is on its way ({numbers}) and not asked for."),
    ):
        parts = [(claim.label, getattr(claim, code)) for claim in it.claims if getattr(claim, code)]
        if parts:
            amount = format_amount(sum((part for _, part in parts), NOTHING), it.currency)
            yield Finding(code, ASKS, words.format(amount=amount, numbers=_listed([number for number, _ in parts])))
    if it.claims and it.credits and it.credits != it.credited:
        told = f"{format_amount(it.credits, it.currency)} of the customer’s money or credit is not allocated yet: it "
        yield Finding("credits_open", ASKS, told + "covers all that this mail asks for. Allocate it first.")


def _about_contacts(it: Standing) -> Iterator[Finding]:
    if it.hold:
        yield Finding("hold", ASKS, f"On hold: {it.hold}.")
    if it.pause:
        yield Finding("pause", ASKS, f"Nothing is sent for this company at the moment: {it.pause}.")
    if it.contacted:
        yield Finding("contact_budget", ASKS, f"This person heard from us today already: {it.contacted}.")
    elif it.is_queued:
        yield Finding("contact_budget", ASKS, "Another mail to this person waits to leave.")
    elif it.week_is_full:
        yield Finding("contact_budget", ASKS, "This person was contacted as often as a week allows.")


def _about_house(it: Standing) -> Iterator[Finding]:
    if it.stopped:
        told = f"Nothing leaves the house at the moment: {it.stopped} The mail waits until that is over."
        yield Finding("stopped", ASKS, told)
    if not EIGHT <= it.hour_there < EVENING:
        told = f"At the customer’s it is about {it.hour_there}:00. Reminders by themselves would wait for the morning."
        yield Finding("quiet_hours", TELLS, told)
    if it.test_address:
        yield Finding("test_mode", TELLS, f"Test mode: it goes to {it.test_address} and not to the customer.")


def _listed(numbers: Sequence[str]) -> str:
    shown = ", ".join(numbers[:3])
    return shown if len(numbers) <= 3 else f"{shown} and {len(numbers) - 3} more"
