"""Reads what a customer newly wrote: promises, disputes, payments made, absences, people who left. Pure.

Each finding quotes the sentence it rests on. Nothing is acted on; a person decides."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from dunning.rules.incoming.mail import addresses_in
from dunning.rules.reading.amounts import find_amounts
from dunning.rules.reading.days import find_days
from dunning.rules.reading.de import GERMAN
from dunning.rules.reading.en import ENGLISH
from dunning.rules.reading.es import SPANISH
from dunning.rules.reading.fr import FRENCH
from dunning.rules.reading.language import Language
from dunning.rules.reading.nl import DUTCH
from dunning.rules.reading.sentences import Sentence, sentences_of

LANGUAGES = {language.code: language for language in (ENGLISH, GERMAN, FRENCH, SPANISH, DUTCH)}
_SHARED = Counter(word for language in LANGUAGES.values() for word in language.words)
_WEIGHTS = {word: 12 // count for word, count in _SHARED.items()}  # a word of several languages says less
MOST_FINDINGS, MOST_SENTENCES = 12, 400
# Countries that write the month before the day; the others with the day first. English without a country is either.
_MONTH_FIRST = frozenset({"US", "PH"})
# What begins so is supposed, not said: "If goods are damaged, tell us."
_SUPPOSED = re.compile(r"\W*(?:if|in case|should|unless|falls|wenn|sollten?|si|s'il|en cas|en caso|als|indien|mocht)\b")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_NAME = re.compile(
    r"((?:[A-ZÀ-Þ][\w'’.-]{0,30})(?:\s(?:[A-ZÀ-Þ][\w'’.-]{0,30}|van|von|de|der|den|da|di|du|la|le)){1,3})[\s,:(<\[-]{1,4}$"
)
_TITLE = re.compile(
    r"^(?:Mr|Mrs|Ms|Dr|Herrn?|Frau|Kollegin|Kollege|Mme|Madame|Monsieur|M|Sr|Sra|Señora?|Dhr|Mevr|Mevrouw|Meneer)\.?\s"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was read. `start` and `end` are its sentence's place in the text. `day`: promised by, paid on, or
    away until, inclusive. An amount of None says that none was named."""

    kind: str
    start: int
    end: int
    day: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    reason: str = ""
    reference: str = ""
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a text, in its order, and the language it was taken for."""

    language: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules know about a text: the day it was written, and facts about its writer."""

    on: date
    language: str = "en"  # the contact's; decides when the words do not
    country: str = ""
    currency: str = "EUR"
    sender: str = ""


def read_text(said: str, asked: Asked) -> Reading:
    """What the words say, seen from the day they were written."""
    sentences = list(sentences_of(said))[:MOST_SENTENCES]
    main = _language_of(said, asked.language)
    findings: list[Finding] = []
    for place, sentence in enumerate(sentences):
        language = _language_of(sentence.small, main.code, least=24)
        near = said[sentence.start : sentences[min(place + 2, len(sentences) - 1)].end]
        findings += _in_sentence(sentence, language, asked, near)
    return Reading(main.code, tuple(_each_once(findings))[:MOST_FINDINGS])


def _language_of(text: str, otherwise: str, *, least: int = 18) -> Language:
    """The language with the most small words of its own; the other one when none has clearly more."""
    counted = Counter(_WORD.findall(text.lower()))
    scores = sorted(
        ((sum(n * _WEIGHTS[word] for word, n in counted.items() if word in row.words), code)
         for code, row in LANGUAGES.items()),
        reverse=True,
    )  # fmt: skip
    (most, code), (second, _) = scores[0], scores[1]
    usual = LANGUAGES.get(otherwise[:2], ENGLISH)
    return LANGUAGES[code] if most >= least and most > second else usual


def _in_sentence(sentence: Sentence, language: Language, asked: Asked, near: str) -> Iterator[Finding]:
    words = sentence.small
    yield from _people(sentence, language, asked, near)
    if sentence.is_question:
        return
    clauses = _clauses(words, language)
    doubted = bool(language.doubt.search(words))
    if not doubted:
        for clause in clauses:
            yield from _promises(sentence, clause, language, asked)
            yield from _paid(sentence, clause, language, asked)
    yield from _dispute(sentence, words, language, asked)


def _clauses(words: str, language: Language) -> list[str]:
    """The clauses; one that begins with a day or a number, or hangs on the one before, stays with it."""
    found: list[str] = []
    for piece in _split(words, language):
        joins = found and (re.match(r"\s*[,(]?\s*(?:\d|€|£|\$)", piece) or language.governed.match(piece.strip(" ,")))
        if joins or (found and _is_a_day(piece, language)):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def _split(words: str, language: Language) -> Iterator[str]:
    start = 0
    for match in language.clauses.finditer(words):
        yield words[start : match.start()]
        start = match.start()
    yield words[start:]


def _is_a_day(piece: str, language: Language) -> bool:
    bare = piece.strip(" ,;:-.")
    bare = re.sub(r"^(?:am|den|dem|the|on|by|le|el|op|bis|until)\s(?:the\s|zum\s)?", "", bare)
    return any(bare.startswith(name) for name in language.weekdays) and len(bare) < 40


def _promises(sentence: Sentence, clause: str, language: Language, asked: Asked) -> Iterator[Finding]:
    if not language.promise.search(clause) or language.paid.search(clause) or language.negation.search(clause):
        return
    days = find_days(clause, language, on=asked.on, order=_order(language, asked))
    hidden = _masked(clause, [(day.start, day.end) for day in days])
    amounts = find_amounts(hidden, currency=asked.currency)
    if not days or any(day.day is None for day in days):
        return
    if len(days) == len(amounts) and len(days) > 1:
        for day, amount in zip(days, amounts, strict=True):
            yield _found("promise", sentence, day=day.day, amount=amount.amount, currency=amount.currency)
        return
    if len({day.day for day in days}) > 1 or len(amounts) > 1 or (not amounts and language.part.search(clause)):
        return  # which of them, or how much, is for a person to say
    named = amounts[0] if amounts else None
    yield _found(
        "promise",
        sentence,
        day=days[0].day,
        amount=named.amount if named else None,
        currency=named.currency if named else "",
    )


def _paid(sentence: Sentence, clause: str, language: Language, asked: Asked) -> Iterator[Finding]:
    if not language.paid.search(clause) or language.negation.search(clause):
        return
    days = find_days(clause, language, on=asked.on, order=_order(language, asked), past=True)
    amounts = find_amounts(_masked(clause, [(day.start, day.end) for day in days]), currency=asked.currency)
    known = {day.day for day in days}
    reference = language.reference.search(sentence.small)
    yield _found(
        "already_paid",
        sentence,
        day=days[0].day if len(known) == 1 else None,
        amount=amounts[0].amount if len(amounts) == 1 else None,
        currency=amounts[0].currency if len(amounts) == 1 else "",
        reference=reference["ref"].upper()[:60] if reference else "",
    )


def _dispute(sentence: Sentence, words: str, language: Language, asked: Asked) -> Iterator[Finding]:
    if language.no_dispute.search(words) or _SUPPOSED.match(words):
        return
    for reason, found in language.disputes:
        if found.search(words):
            amounts = find_amounts(words, currency=asked.currency)
            yield _found(
                "dispute",
                sentence,
                reason=reason,
                amount=amounts[0].amount if len(amounts) == 1 else None,
                currency=amounts[0].currency if len(amounts) == 1 else "",
            )
            return


def _people(sentence: Sentence, language: Language, asked: Asked, near: str) -> Iterator[Finding]:
    """Whoever is away, has left, or is the wrong one, and whom to write to instead as the next sentences say."""
    words = sentence.small
    kind = next((kind for kind, found in (("left", language.left), ("out_of_office", language.away),
                                          ("wrong_contact", language.wrong)) if found.search(words)), "")  # fmt: skip
    if not kind or sentence.is_question:
        return
    day = _away_until(words, language, asked) if kind == "out_of_office" else None
    if kind == "out_of_office" and day is None:  # "I am away." – "I am back on Monday."
        following = [part.small for part in sentences_of(near)][1:]
        day = next((day for part in following if (day := _away_until(part, language, asked))), None)
    name, email = _instead(near, language, asked)
    yield _found(kind, sentence, day=day, name=name, email=email)


def _away_until(words: str, language: Language, asked: Asked) -> date | None:
    days = [day for day in find_days(words, language, on=asked.on, order=_order(language, asked)) if day.day]
    for day in reversed(days):
        ahead = words[max(day.start - 40, 0) : day.start]
        if language.back.search(ahead) and day.day and day.day > asked.on:
            return day.day - timedelta(days=1)
        if language.until.search(ahead):
            return day.day
    return None


def _instead(near: str, language: Language, asked: Asked) -> tuple[str, str]:
    """Name and address of the first other person these sentences say to write to."""
    for sentence in sentences_of(near):
        if not language.instead.search(sentence.small):
            continue
        piece = near[sentence.start : sentence.end]
        for email in addresses_in(piece):
            if email != asked.sender.lower():
                before = piece[: piece.lower().find(email)]
                name = _NAME.search(before.replace("\n", " "))
                return (_TITLE.sub("", name[1])[:150] if name else ""), email
    return "", ""


def _order(language: Language, asked: Asked) -> str:
    if asked.country in _MONTH_FIRST:
        return "mdy" if language.code == "en" else "dmy"
    return "" if language.code == "en" and not asked.country else "dmy"


def _masked(words: str, places: Sequence[tuple[int, int]]) -> str:
    for start, end in places:
        words = words[:start] + "#" * (end - start) + words[end:]
    return words


def _found(kind: str, sentence: Sentence, **facts: object) -> Finding:
    return replace(Finding(kind, sentence.start, sentence.end), **facts)  # type: ignore[arg-type]


def _each_once(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings without repetitions, and one alone of each kind that is about a person."""
    seen = set()
    for found in findings:
        alone = found.kind in ("out_of_office", "left", "wrong_contact")
        what = (found.kind,) if alone else (found.kind, found.day, found.amount, found.reason)
        if what not in seen:
            seen.add(what)
            yield found
