"""How the demo's customers behave: pure functions from a character and a seed to a history of documents and money.

All days are offsets from the demo's today (negative: past), so the same seed tells the same story on any day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

HISTORY_DAYS = 730


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that came: which day and which share of the invoice (1 is all of it)."""

    on: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise: made on, due on, and what came of it ("" while it is open)."""

    made: int
    due: int
    state: str


@dataclass(frozen=True, slots=True)
class Disputed:
    """A dispute about a share of the invoice: opened on, closed on (None: still open), for what reason."""

    opened: int
    closed: int | None
    share: Decimal
    reason: str


@dataclass(slots=True)
class Story:
    """One invoice's life."""

    issued: int
    due: int
    weight: Decimal  # relative size, 1 is the customer's usual invoice
    paid: list[Paid] = field(default_factory=list)
    promised: Promised | None = None
    disputed: Disputed | None = None
    overpaid: bool = False


@dataclass(frozen=True, slots=True)
class Character:
    """A kind of payer, recognisable in the worklist and on the timeline."""

    code: str
    label: str
    count: int
    terms: int
    every: int  # days between invoices
    behave: Callable[[Story, Random], None]


_ALL = Decimal(1)


def _pay(story: Story, on: int, share: Decimal = _ALL) -> None:
    if on <= 0:
        story.paid.append(Paid(max(on, story.issued), share))


def _model(story: Story, random: Random) -> None:
    _pay(story, story.due - random.randint(0, 4))


def _steady(story: Story, random: Random) -> None:
    _pay(story, story.due + random.randint(0, 9))


def _late(story: Story, random: Random) -> None:
    _pay(story, story.due + random.randint(24, 58))


def _in_parts(story: Story, random: Random) -> None:
    _pay(story, story.due + random.randint(0, 8), Decimal("0.4"))
    _pay(story, story.due + random.randint(18, 30), Decimal("0.3"))
    _pay(story, story.due + random.randint(40, 62), Decimal("0.3"))


def _breaks_promises(story: Story, random: Random) -> None:
    paid = story.due + random.randint(45, 75)
    made = story.due + random.randint(9, 14)
    if made < 0:
        due = made + random.randint(5, 9)
        story.promised = Promised(made, due, "broken" if due < 0 else "")
    _pay(story, paid)


def _keeps_promises(story: Story, random: Random) -> None:
    made = story.due + random.randint(5, 9)
    due = made + 7
    if made < 0:
        story.promised = Promised(made, due, "kept" if due - 1 <= 0 and due < 0 else "")
    _pay(story, due - 1)


def _disputes(story: Story, random: Random) -> None:
    if random.random() < 0.35:
        opened = story.due + random.randint(-6, 12)
        closed = opened + random.randint(15, 35)
        if opened < 0:
            reason = random.choice(["quality", "price", "quantity", "not_received", "po_missing"])
            story.disputed = Disputed(opened, closed if closed < 0 else None, Decimal("0.25"), reason)
            _pay(story, story.due + random.randint(2, 9), Decimal("0.75"))
            return
    _pay(story, story.due + random.randint(1, 10))


def _fell_silent(story: Story, random: Random) -> None:
    if story.due < -100:
        _pay(story, story.due + random.randint(0, 12))


def _overpays(story: Story, random: Random) -> None:
    _pay(story, story.due + random.randint(0, 6))
    story.overpaid = random.random() < 0.12


def _insolvent(story: Story, random: Random) -> None:
    if story.due < -160:
        _pay(story, story.due + random.randint(10, 30))


def _forgetful(story: Story, random: Random) -> None:
    if random.random() < 0.18 and story.due > -140:
        return
    _pay(story, story.due + random.randint(0, 20))


CHARACTERS = (
    Character("model", "Model payer", 62, 30, 30, _model),
    Character("steady", "A few days late", 84, 30, 26, _steady),
    Character("late", "Always late", 42, 30, 24, _late),
    Character("parts", "Pays in parts", 22, 30, 30, _in_parts),
    Character("promise_breaker", "Breaks promises", 20, 14, 28, _breaks_promises),
    Character("promise_keeper", "Keeps promises", 12, 14, 30, _keeps_promises),
    Character("disputer", "Disputes", 20, 30, 25, _disputes),
    Character("silent", "Fell silent", 10, 30, 30, _fell_silent),
    Character("overpayer", "Overpays", 8, 14, 30, _overpays),
    Character("insolvent", "Insolvent", 3, 30, 40, _insolvent),
    Character("forgetful", "Forgets now and then", 17, 30, 27, _forgetful),
)


def stories(character: Character, random: Random) -> list[Story]:
    """The invoices of one such customer over 24 months, oldest first, with what became of each by today."""
    told = []
    day = -HISTORY_DAYS + random.randint(0, character.every)
    while day <= 0:
        weight = Decimal(random.randint(40, 180)) / 100
        story = Story(issued=day, due=day + character.terms, weight=weight)
        character.behave(story, random)
        told.append(story)
        day += max(7, character.every + random.randint(-4, 5))
    return told
