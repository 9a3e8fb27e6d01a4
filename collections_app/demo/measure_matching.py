"""Measures matching on the demo's bank file, whose truth is known: the file is written as camt.053, read by the
product's own reader, matched by its own rules, and each answer is compared with the truth. Writes nothing."""

import resource
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from collections_app.demo.bank_file import AccountEntries, camt053
from collections_app.demo.bank_kinds import bank_truth
from collections_app.demo.bank_truth import TrueLine, World
from collections_app.demo.bank_world import OPENING, Known, bank_worlds
from invoices.bank_formats.contract import Entry
from invoices.bank_formats.registry import read
from invoices.rules.matching import Answer, Line, Settings, match_lines

RIGHT, WRONG, WAITING = "right_by_themselves", "wrong_by_themselves", "waiting"
_OF_EUR = {"EUR": 0.6, "GBP": 0.27, "USD": 0.13}  # how the lines spread over the accounts


@dataclass(slots=True)
class Measured:
    """What came of the lines. `kinds`: kind -> outcome -> lines. `wrong` names each line posted wrongly."""

    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    must_wait: int = 0
    waits_rightly: int = 0
    first_is_right: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The figures as the command prints them; shares of all lines, in per cent with one decimal."""
        total: Counter[str] = Counter()
        for outcomes in self.kinds.values():
            total.update(outcomes)
        lines = total.total()
        told = lines - self.must_wait
        return {
            "lines": lines,
            "must_wait_for_a_person": self.must_wait,
            RIGHT: total[RIGHT],
            WRONG: total[WRONG],
            WAITING: total[WAITING],
            "waiting_rightly": self.waits_rightly,
            "waiting_with_the_right_suggestion_first": self.first_is_right,
            "percent_right_by_themselves": _percent(total[RIGHT], lines),
            "percent_right_of_those_that_say_enough": _percent(total[RIGHT], told),
            "kinds": {
                kind: {"lines": outcomes.total(), **{name: outcomes[name] for name in (RIGHT, WRONG, WAITING)}}
                for kind, outcomes in sorted(self.kinds.items())
            },
            "wrong": self.wrong,
            "seconds": f"{self.seconds:.2f}",
            "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "0.0"


def measure_matching(*, on: date, seed: int, count: int) -> Measured:
    """What matching makes of a bank file of about `count` lines over the demo as of `on`."""
    measured = Measured()
    for world, known in bank_worlds(on, seed=seed):
        share = _OF_EUR.get(world.currency, 0.1)
        truth = bank_truth(world, seed=seed, count=min(round(count * share), len(world.items)))
        content = camt053(
            [AccountEntries(world.own_account, world.currency, OPENING, [one.entry for one in truth])],
            made_on=on,
        )
        begun = time.perf_counter()
        lines = [
            _line(place, entry, world)
            for statement in read(content).statements
            for place, entry in enumerate(statement.entries)
        ]
        answers = match_lines(lines, known.index, Settings(), known.payments)
        measured.seconds += time.perf_counter() - begun
        _compare(truth, lines, answers, known, measured)
    return measured


def _line(place: int, entry: Entry, world: World) -> Line:
    return Line(
        id=place,
        received_on=entry.value_on or entry.booked_on,
        amount=entry.amount,
        currency=entry.currency,
        entity_id=world.items[0].entity_id,
        name=entry.counterparty_name,
        account=entry.counterparty_account,
        reference=entry.reference,
        text=entry.text,
        end_to_end_id=entry.end_to_end_id,
        bank_reference=entry.bank_reference,
        is_reversal=entry.is_reversal,
        is_own_account=entry.counterparty_account == world.own_account,
    )


def _compare(
    truth: Iterable[TrueLine], lines: list[Line], answers: list[Answer], known: Known, measured: Measured
) -> None:
    by_reference = {line.bank_reference: (line, answer) for line, answer in zip(lines, answers, strict=True)}
    pairs = [(one, *by_reference[one.entry.bank_reference]) for one in truth]
    paid_once = _paid_once(pairs)
    for one, line, answer in pairs:
        right = _is_right(one, answer) or (answer.certain and line.bank_reference in paid_once)
        measured.must_wait += one.waits
        outcome = (RIGHT if right else WRONG) if answer.certain else WAITING
        measured.kinds.setdefault(one.kind, Counter())[outcome] += 1
        if outcome == WRONG:
            measured.wrong.append(f"{one.kind}: {line.amount} {line.currency} {line.name!r} {line.text!r}")
        elif outcome == WAITING:
            measured.waits_rightly += one.waits or line.bank_reference in paid_once
            measured.first_is_right += not one.waits and _is_right(one, answer)


def _paid_once(pairs: Iterable[tuple[TrueLine, Line, Answer]]) -> set[str]:
    """Of two equal payments either may be the one that pays; the lines of which exactly one did, and rightly."""
    twins: dict[int, list[tuple[TrueLine, Answer]]] = {}
    for one, _, answer in pairs:
        if one.pair is not None:
            twins.setdefault(one.pair, []).append((one, answer))
    return {
        one.entry.bank_reference
        for pair in twins.values()
        if sum(answer.certain for _, answer in pair) == 1
        and any(_is_right(true, answer) for true, _ in pair for _, answer in pair if answer.certain)
        for one, _ in pair
    }


def _is_right(one: TrueLine, answer: Answer) -> bool:
    best = answer.best
    if best is None or one.waits:
        return False
    if one.takes_back is not None:
        return best.takes_back == one.takes_back
    sums: dict[int, Decimal] = {}
    for share in best.shares:
        sums[share.item.id] = sums.get(share.item.id, Decimal(0)) + share.amount
    return sums == dict(one.shares) and best.rest == one.rest
