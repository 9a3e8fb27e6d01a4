"""Checks and fills the words people write: plain text with allow-listed {{names}} and nothing else. There is no
template engine here on purpose, so there is nothing to attack (D65)."""

import re
from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from collections_app.lib.errors import Refusal
from dunning.rules.tone import threat_in, wrong_address_in

# What may stand in a text, and what it becomes. Blocks stand alone on a line and are made by the system.
INLINE: Mapping[str, str] = {
    "customer_name": "the customer's name",
    "customer_number": "our number for the customer",
    "contact_name": "the person we write to, else the customer's name",
    "seller_name": "our legal entity",
    "amount": "the amount asked for, with its currency",
    "documents": "how many invoices are on the notice",
    "oldest_number": "the number of the oldest invoice on it",
    "oldest_due_on": "the due date of the oldest invoice",
    "days_late": "how many days the oldest invoice is late",
    "pay_by": "the new date to pay by",
    "pay_address": "the bare address of the pay page, for short messages",
    "fee": "the reminder fee; its line is left out when there is none",
    "interest": "the interest so far; its line is left out when there is none",
    "today": "the date of the notice",
}
BLOCKS: Mapping[str, str] = {
    "invoice_table": "the table of invoices with credits and the total",
    "pay_link": "the button (or address) that opens the pay page",
    "bank_details": "our bank account",
}

# A line of text with one of these is left out while there is nothing to put in its place.
OPTIONAL = frozenset({"fee", "interest"})
SHORT = frozenset({"sms", "portal"})  # channels whose messages have room for a sentence or two, and for no table
APOLOGY = "apology"  # the stage of the mail that takes a wrong batch back: it asks for nothing
LONGEST_SHORT = 300

_PLACEHOLDER = re.compile(r"\{\{ ?([a-z_]+) ?\}\}")
_SUSPICIOUS = re.compile(r"\{[%#]|\{\{|\}\}|[{}]|\$\{")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


class Problem(NamedTuple):
    """Something in a text: its line (from 1) and a sentence. A warning does not keep the text from being saved."""

    line: int
    sentence: str
    is_warning: bool = False


class Unfilled(Refusal):
    """A placeholder has no value for this customer, so nothing may be sent (U26). `name` is the placeholder's."""

    default_code = "unfilled_placeholder"
    name = ""


class Place(NamedTuple):
    """Where the words are for: the language, stage and channel, and whether people are addressed informally in it."""

    language: str = "en"
    stage: str = ""
    channel: str = "email"
    informal: bool = False


ANYWHERE = Place()


def problems_of(subject: str, body: str, place: Place = ANYWHERE, *, by_hand: bool = False) -> list[Problem]:
    """What is wrong with a subject and body, by line; line 0 is the subject. Empty when all is well.

    What a person writes `by_hand` to one customer need not name invoices or bring a pay link."""
    found = [Problem(0, problem.sentence) for problem in _problems(subject, blocks=False)]
    if "\n" in subject or "\r" in subject:
        found.append(Problem(0, "The subject is one line. Remove the line break."))
    elif _CONTROL.search(subject):
        found.append(Problem(0, "There is a sign in the subject that cannot be seen. Type the subject again."))
    if not subject.strip():
        found.append(Problem(0, "Write a subject."))
    found += _tone(subject, 0, place)
    for number, line in enumerate(body.splitlines(), start=1):
        found += [problem._replace(line=number) for problem in _problems(line, blocks=True)]
        if _CONTROL.search(line):
            found.append(Problem(number, "There is a sign that cannot be seen. Type this line again."))
        found += _tone(line, number, place)
    return found if by_hand else found + _missing(body, place)


def _tone(line: str, number: int, place: Place) -> list[Problem]:
    sentences = (
        threat_in(line, place.language, is_final=place.stage == "final"),
        wrong_address_in(_PLACEHOLDER.sub("", line), place.language, informal=place.informal),
    )
    return [Problem(number, sentence, is_warning=True) for sentence in sentences if sentence]


def _missing(body: str, place: Place) -> list[Problem]:
    """What the text as a whole lacks, or has too much of, for its channel and stage."""
    names = set(_PLACEHOLDER.findall(body))
    if place.channel in SHORT:
        found = [Problem(1, "Short messages have no room for blocks. Use {{pay_address}} and {{amount}} in a sentence.")
                 for _ in names & BLOCKS.keys()][:1]  # fmt: skip
        if place.channel == "sms" and place.stage != APOLOGY and "pay_address" not in names:
            found.append(Problem(1, "There is no way to pay in it. Add {{pay_address}}.", is_warning=True))
        if len(body) > LONGEST_SHORT:
            sentence = f"This is {len(body)} signs long; a short message has room for {LONGEST_SHORT}. Shorten it."
            found.append(Problem(1, sentence, is_warning=True))
        return found
    if place.stage == APOLOGY:
        return []
    found = []
    if "invoice_table" not in names:
        found.append(Problem(1, "Say what is owed: put {{invoice_table}} on a line of its own."))
    ways = {"pay_link", "pay_address", *(["bank_details"] if place.channel == "letter" else [])}
    if not names & ways:
        found.append(Problem(1, "There is no pay link in it. Put {{pay_link}} on a line of its own.", is_warning=True))
    return found


def _problems(line: str, *, blocks: bool) -> list[Problem]:
    found = []
    for name in _PLACEHOLDER.findall(line):
        if name in BLOCKS:
            if not blocks:
                found.append(Problem(0, f"{{{{{name}}}}} is too long for a subject. Use it in the text."))
            elif _PLACEHOLDER.sub("", line).strip() or len(_PLACEHOLDER.findall(line)) > 1:
                found.append(Problem(0, f"{{{{{name}}}}} needs a line of its own."))
        elif name in OPTIONAL and not blocks:
            found.append(Problem(0, f"{{{{{name}}}}} can be empty. Use it in a sentence of its own in the text."))
        elif name not in INLINE:
            found.append(Problem(0, f"There is no placeholder {{{{{name}}}}}. Choose one from the list."))
    rest = _PLACEHOLDER.sub("", line)
    if odd := _SUSPICIOUS.search(rest):
        near = rest[odd.start() : odd.start() + 24].strip()
        sentence = f"“{near}” is not a placeholder. Write {{{{name}}}} with a name from the list, and no other braces."
        found.append(Problem(0, sentence))
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every placeholder replaced, once: a value that looks like a placeholder stays as it is.

    Raises Unfilled when a placeholder is unknown, or an inline one has no value."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name not in values or (name in INLINE and not values[name].strip()):
            missing = Unfilled(
                f"Nothing can take the place of {{{{{name}}}}} for this customer. Complete the data first."
            )
            missing.name = name
            raise missing
        return values[name]

    return _PLACEHOLDER.sub(value, text)


def prefilled(text: str, values: Mapping[str, str]) -> str:
    """The text with every inline placeholder that has a value replaced, for a person to go on writing; blocks, and what
    has no value, stay as they are. Braces in a value become brackets: nothing a customer is called is a placeholder."""

    def value(found: re.Match[str]) -> str:
        known = values.get(found[1], "").strip()
        return known.replace("{", "(").replace("}", ")") or found[0]

    return _PLACEHOLDER.sub(value, without_empty_lines_of(text, values))


def names_in(text: str) -> set[str]:
    """The placeholders that stand in the text, known ones and others."""
    return set(_PLACEHOLDER.findall(text))


def marked(text: str, name: str) -> str:
    """The text as safe HTML with that placeholder marked wherever it stands: what keeps a notice from leaving (U26)."""
    parts_of_it = re.split(r"(\{\{ ?" + re.escape(name) + r" ?\}\})", text)
    shown = (f"<mark>{escape(one)}</mark>" if place % 2 else escape(one) for place, one in enumerate(parts_of_it))
    return "".join(shown).replace("\n", "<br>")


def without_empty_lines_of(text: str, values: Mapping[str, str]) -> str:
    """The text without the lines whose optional placeholder has nothing to say for this customer."""
    kept = [
        line
        for line in text.split("\n")
        if not any(name in OPTIONAL and not values.get(name, "").strip() for name in _PLACEHOLDER.findall(line))
    ]
    return "\n".join(kept)


def parts(body: str) -> list[str]:
    """The body's paragraphs and blocks in order: a block is its placeholder alone, such as "{{invoice_table}}"."""
    found: list[str] = []
    paragraph: list[str] = []
    for line in body.replace("\r\n", "\n").split("\n"):
        is_block = (name := _PLACEHOLDER.fullmatch(line.strip())) is not None and name[1] in BLOCKS
        if line.strip() and not is_block:
            paragraph.append(line.rstrip())
            continue
        if paragraph:
            found.append("\n".join(paragraph))
            paragraph = []
        if is_block:
            found.append("{{" + name[1] + "}}" if name else "")
    return [*found, "\n".join(paragraph)] if paragraph else found
