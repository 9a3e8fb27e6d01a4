"""Reads a promise of several payments as people say it. Pure; checks no balance and no limits.

Such as "in 3 Raten", "3 x 500 from 1.12.", "500 monthly", "500 fri, rest by 15.12."."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from collections_app.lib.amount_reading import DecimalMark, parse_amount
from collections_app.lib.errors import BadInput, Refusal, quoted
from collections_app.lib.money import format_amount_with_code
from invoices.rules.plans import Every, Part, even_parts
from worklist.rules.promise_text import read_day

FIRST_AFTER_DAYS = 7  # when nobody said from when on
MOST_PARTS = 60

_PARTS = {
    *("instalment", "instalments", "installment", "installments", "parts", "payments", "times"),
    *("rate", "rates", "raten", "teile", "teilen", "teilzahlungen"),
    *("fois", "versements", "plazos", "cuotas", "pagos", "termijnen", "keer"),
}
_EVERY = {
    word: every
    for every, words in (
        (Every.MONTH, "month months monthly monat monate monatlich mois mensuel mes mensual maand maandelijks"),
        (Every.FORTNIGHT, "fortnight fortnights fortnightly biweekly 14-tägig vierzehntägig"),
        (Every.WEEK, "week weeks weekly woche wochen wöchentlich semaine semana semanal wekelijks"),
    )
    for word in words.split()
}
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "two zwei deux dos twee", "three drei trois tres drie", "four vier quatre cuatro",
            "five fünf cinq cinco vijf", "six sechs seis zes", "seven sieben sept siete zeven",
            "eight acht huit ocho", "nine neun neuf nueve negen", "ten zehn dix diez tien", "eleven elf onze once",
            "twelve zwölf douze doce twaalf",
        ),
        start=2,
    )
    for word in words.split()
}  # fmt: skip
_FROM = {"from", "ab", "starting", "start", "beginning", "first", "erste", "dès", "desde", "vanaf", "since"}
_FILLERS = {
    *("in", "a", "an", "per", "every", "each", "pro", "je", "jede", "jeden", "jeweils", "of", "à", "on", "by", "the"),
    *("bis", "am", "zum", "par", "por", "al", "cada", "chaque", "en", "elke", "all", "alles", "everything", "equal"),
    *("pays", "pay", "will", "zahlt", "even", "gleichen", "gleiche"),
}
_REST = {"rest", "remainder", "remaining", "restbetrag", "reste", "resto"}
_TIMES = re.compile(r"([0-9]{1,2})\s*[x×*]\s*")
_CLAUSES = re.compile(r"\s*;\s*|,\s+|\s+(?:and|und|then|dann)\s+")


@dataclass(frozen=True, slots=True)
class SpokenPlan:
    """Even parts: `count` of them or of `each` amount, or both; None where nothing was said."""

    count: int | None = None
    each: Decimal | None = None
    first_on: date | None = None
    every: Every = Every.MONTH
    named: tuple[tuple[date, Decimal | None], ...] = ()  # or each part by itself; None is the rest

    def parts(self, opened: Decimal, *, today: date, currency: str) -> list[Part]:
        """The parts over `opened`, all that is open in the currency. Raises BadInput where they cannot be made."""
        if self.named:
            return _named(self.named, opened, currency)
        first = self.first_on or today + timedelta(days=FIRST_AFTER_DAYS)
        if self.each is None:
            return even_parts(opened, self.count or 1, first, currency, self.every)
        if self.count is not None:
            return even_parts(min(self.each * self.count, opened), self.count, first, currency, self.every)
        whole, rest = divmod(opened, self.each)
        if whole + bool(rest) > MOST_PARTS:
            sentence = f"Parts of {format_amount_with_code(self.each, currency)} would never end. Agree on larger ones."
            raise BadInput(sentence, code="plan_too_long", fields={"said": sentence})
        days = [part.due_on for part in even_parts(opened, int(whole + bool(rest)), first, currency, self.every)]
        amounts = [self.each] * int(whole) + ([rest] if rest else [])
        return [Part(day, amount) for day, amount in zip(days, amounts, strict=True)]


def read_plan(text: str, *, today: date, currency: str, decimal_mark: DecimalMark = ".") -> SpokenPlan | None:
    """The parts that these words mean, said on `today`; None when they speak of no parts at all.

    Raises BadInput, with an example, when they do but are not clear."""
    amount = _amounts(text, currency, decimal_mark)
    clauses = [part for part in _CLAUSES.split(text.lower().strip()) if part]
    if len(clauses) > 1:
        named = tuple(_clause(part, text, today, amount) for part in clauses)
        return SpokenPlan(named=_in_order(named, text))
    words = _TIMES.sub(r"\1 times ", text.lower()).split()
    if not any(word in _PARTS or word in _EVERY for word in words):
        return None
    return _even(words, text, today, amount)


_Amount = Callable[[str], Decimal]


@dataclass(slots=True)
class _Heard:
    """What was understood so far."""

    count: int | None = None
    each: Decimal | None = None
    first_on: date | None = None
    every: Every = Every.MONTH
    numbers: list[str] = field(default_factory=list)


def _even(words: Sequence[str], text: str, today: date, amount: _Amount) -> SpokenPlan:
    heard, at = _Heard(), 0
    while at < len(words):
        at += _word(words, at, heard, today, amount, text)
    if heard.count is None and heard.each is None:
        raise _unread(text)
    if heard.count is not None and not 2 <= heard.count <= MOST_PARTS:
        sentence = f"A plan has between 2 and {MOST_PARTS} parts."
        raise BadInput(sentence, code="plan_parts", fields={"said": sentence})
    return SpokenPlan(heard.count, heard.each, heard.first_on, heard.every)


def _word(words: Sequence[str], at: int, heard: _Heard, today: date, amount: _Amount, text: str) -> int:
    """How many words were used from here on."""
    word = words[at].strip(",")
    following = words[at + 1].strip(",") if at + 1 < len(words) else ""
    number = int(word) if word.isascii() and word.isdigit() and len(word) < 3 else _NUMBERS.get(word)
    if number is not None and following in _PARTS:
        heard.count = number
        return 2
    if number == 2 and following in ("weeks", "wochen"):
        heard.every = Every.FORTNIGHT
        return 2
    if word in _EVERY:
        heard.every = _EVERY[word]
        return 1
    if word in _FROM or word in _FILLERS or word in _PARTS:
        return 1
    day, used = read_day(words, at, today)
    if day is not None and heard.first_on is None:
        heard.first_on = day
        return used
    if heard.each is not None:
        raise _unread(text)
    heard.each = amount(word)
    return 1


def _clause(clause: str, text: str, today: date, amount: _Amount) -> tuple[date, Decimal | None]:
    """One part named by itself: its day, and its amount or None for the rest."""
    words = [word for word in clause.split() if word not in _FILLERS and word not in _FROM]
    day: date | None = None
    found: Decimal | None = None
    rest, at = False, 0
    while at < len(words):
        said, used = read_day(words, at, today) if day is None else (None, 0)
        if said is not None:
            day = said
        elif words[at] in _REST:
            rest, used = True, 1
        elif found is None:
            found, used = amount(words[at]), 1
        else:
            raise _unread(text)
        at += used
    if day is None or (found is None) != rest:
        raise _unread(text)
    return day, found


def _in_order(named: tuple[tuple[date, Decimal | None], ...], text: str) -> tuple[tuple[date, Decimal | None], ...]:
    if any(amount is None for _, amount in named[:-1]) or [day for day, _ in named] != sorted(
        {day for day, _ in named}
    ):
        raise _unread(text)
    return named


def _named(named: Sequence[tuple[date, Decimal | None]], opened: Decimal, currency: str) -> list[Part]:
    said = sum((amount for _, amount in named if amount is not None), Decimal(0))
    if said > opened or (said == opened and named[-1][1] is None):
        sentence = f"The parts come to {format_amount_with_code(said, currency)}, more than is open. Make them smaller."
        raise BadInput(sentence, code="plan_sum", fields={"said": sentence})
    return [Part(day, opened - said if amount is None else amount) for day, amount in named]


def _amounts(text: str, currency: str, decimal_mark: DecimalMark) -> _Amount:
    def read(word: str) -> Decimal:
        try:
            found = parse_amount(word, decimal_mark=decimal_mark, currency=currency)
        except Refusal:
            raise _unread(text) from None
        if found <= 0:
            raise _unread(text)
        return found

    return read


def _unread(text: str) -> BadInput:
    sentence = (
        f"{quoted(text)} is not clear. Write parts such as “in 3 Raten”, “3 x 500 from 1.12.” or “500 fri, rest 15.12.”"
    )
    return BadInput(sentence, code="plan_unread", fields={"said": sentence})
