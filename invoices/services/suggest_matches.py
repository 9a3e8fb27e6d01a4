"""Finds what bank lines pay: writes the suggestions for a set of lines, and posts those that are certain."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import Refusal
from customers.models import Customer
from invoices.models import BankLine, Invoice, MatchSuggestion, Payment
from invoices.queries.match_facts import match_facts
from invoices.rules.matching import Answer, Suggestion, match_lines
from invoices.services.post_line import post_line
from invoices.services.post_lines import Match, post_lines
from invoices.services.return_line import return_line

_CHUNK = 200  # lines a transaction
BY = "matching"


@dataclass(frozen=True, slots=True)
class Matched:
    """How many lines were looked at, how many posted by themselves, and how many have a suggestion and wait."""

    lines: int = 0
    posted: int = 0
    suggested: int = 0

    def __add__(self, other: "Matched") -> "Matched":
        return Matched(self.lines + other.lines, self.posted + other.posted, self.suggested + other.suggested)


def suggest_matches(
    *, lines: Iterable[BankLine], on: date, actor: AbstractBaseUser | None = None, by: str = BY
) -> Matched:
    """What came of the waiting ones among these lines. Facts are read by set, once per account.

    Suggestions made before are replaced. What is certain posts by itself where the account says so, unless its value
    date lies after `on`. A line that cannot be posted (somebody was faster, the ledger refuses) keeps waiting with its
    suggestions; no line keeps another from posting. Confirmed matches teach the payer's account and name."""
    wanted = BankLine.objects.filter(pk__in=[line.pk for line in lines], state=BankLine.State.WAITING)
    ordered = wanted.select_related("account__entity").order_by("account_id", "booked_on", "pk")
    done = Matched()
    for _, of_account in groupby(ordered, key=lambda line: line.account_id):
        rows = list(of_account)
        facts = match_facts(rows)
        answers = match_lines(facts.lines, facts.index, facts.settings, facts.payments)
        for start in range(0, len(rows), _CHUNK):
            done += _write(rows[start : start + _CHUNK], answers[start : start + _CHUNK], on, actor, by)
    return done


@transaction.atomic
def _write(
    rows: Sequence[BankLine], answers: Sequence[Answer], on: date, actor: AbstractBaseUser | None, by: str
) -> Matched:
    MatchSuggestion.objects.filter(line__in=rows).delete()
    MatchSuggestion.objects.bulk_create(_suggestions(answers), batch_size=2000)
    sure = {
        row.pk: (row, answer.suggestions[0])
        for row, answer in zip(rows, answers, strict=True)
        if answer.certain and row.account.post_certain and row.value_on <= on
    }
    # All lines are locked first, then customers in one order, so that nobody waits for another for ever. A line that
    # somebody has in hand is theirs.
    free = BankLine.objects.filter(pk__in=sure).select_for_update(no_key=True, of=("self",), skip_locked=True)
    certain = sorted((sure[line.pk] for line in free.order_by("pk")), key=lambda pair: pair[1].customer_id)
    posted = _post(certain, actor, by)
    suggested = sum(1 for answer in answers if answer.suggestions) - posted
    return Matched(len(rows), posted, suggested)


def _suggestions(answers: Iterable[Answer]) -> Iterator[MatchSuggestion]:
    for answer in answers:
        for rank, found in enumerate(answer.suggestions, start=1):
            yield MatchSuggestion(
                line_id=answer.line_id,
                rank=rank,
                customer_id=found.customer_id,
                score=found.score,
                is_certain=answer.certain and rank == 1,
                shares=_shares(found),
                rest=found.rest,
                short=found.short,
                short_kind=found.short_kind,
                reasons=reasons_json(found),
            )


def _shares(found: Suggestion) -> list[dict[str, Any]]:
    if found.takes_back is not None:
        return [{"payment": found.takes_back, "amount": str(found.rest)}]
    return [
        {"invoice": share.item.id, "instalment": share.item.instalment_id, "amount": str(share.amount)}
        for share in found.shares
    ]


def reasons_json(found: Suggestion) -> list[dict[str, Any]]:
    """The reasons as they are stored: code, points, sentence."""
    return [{"code": each.code, "points": each.points, "sentence": each.sentence} for each in found.reasons]


def _post(certain: Sequence[tuple[BankLine, Suggestion]], actor: AbstractBaseUser | None, by: str) -> int:
    """How many could be posted: what exactly settles invoices at once, the others in a savepoint each."""
    customers = Customer.objects.in_bulk({found.customer_id for _, found in certain})
    invoices = Invoice.objects.in_bulk({share.item.id for _, found in certain for share in found.shares})
    payments = Payment.objects.in_bulk({found.takes_back for _, found in certain if found.takes_back is not None})
    at_once = post_lines(matches=_matches(certain, invoices), by=by) if actor is None else set()
    posted = len(at_once)
    for line, found in certain:
        if line.pk in at_once:
            continue
        told: dict[str, Any] = {"score": found.score, "reasons": reasons_json(found), "by_itself": True}
        try:
            if found.takes_back is not None:
                return_line(line=line, payment=payments[found.takes_back], actor=actor, by=by, **told)
            else:
                shares = _per_invoice(found, invoices)
                post_line(line=line, customer=customers[found.customer_id], shares=shares, actor=actor, by=by, **told)
        except Refusal:
            continue  # it waits with its suggestions; the page tells what the ledger says when somebody tries
        posted += 1
    return posted


def _matches(certain: Sequence[tuple[BankLine, Suggestion]], invoices: dict[int, Invoice]) -> list[Match]:
    return [
        Match(line, found.customer_id, _per_invoice(found, invoices), found.score, reasons_json(found))
        for line, found in certain
        if found.shares
    ]


def _per_invoice(found: Suggestion, invoices: dict[int, Invoice]) -> list[tuple[Invoice, Any]]:
    """One share per invoice: money put against it fills the earliest instalment first."""
    sums: dict[int, Any] = {}
    for share in found.shares:
        sums[share.item.id] = sums.get(share.item.id, 0) + share.amount
    return [(invoices[pk], amount) for pk, amount in sums.items()]
