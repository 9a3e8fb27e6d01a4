"""Checks and fills the words people write: plain text with allow-listed {{names}} and nothing else. There is no
template engine here on purpose, so there is nothing to attack (D65)."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from collections_app.lib.errors import Refusal

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
    "today": "the date of the notice",
}
BLOCKS: Mapping[str, str] = {
    "invoice_table": "the table of invoices with credits and the total",
    "pay_link": "the button (or address) that opens the pay page",
    "bank_details": "our bank account",
}

_PLACEHOLDER = re.compile(r"\{\{ ?([a-z_]+) ?\}\}")
_SUSPICIOUS = re.compile(r"\{[%#]|\{\{|\}\}|[{}]|\$\{")
_THREATS = re.compile(
    r"\b(police|prison|jail|criminal|arrest|prosecut\w+|polizei|gefängnis|strafanzeige|haftbefehl|anzeige)\b",
    re.IGNORECASE,
)


class Problem(NamedTuple):
    """Something in a text: its line (from 1) and a sentence. A warning does not keep the text from being saved."""

    line: int
    sentence: str
    is_warning: bool = False


class Unfilled(Refusal):
    """A placeholder has no value for this customer, so nothing may be sent (U26)."""

    default_code = "unfilled_placeholder"


def problems_of(subject: str, body: str) -> list[Problem]:
    """What is wrong with a subject and body, by line; line 0 is the subject. Empty when all is well."""
    found = [Problem(0, problem.sentence) for problem in _problems(subject, blocks=False)]
    if "\n" in subject or "\r" in subject:
        found.append(Problem(0, "The subject is one line. Remove the line break."))
    if not subject.strip():
        found.append(Problem(0, "Write a subject."))
    for number, line in enumerate(body.splitlines(), start=1):
        found += [problem._replace(line=number) for problem in _problems(line, blocks=True)]
        if threat := _THREATS.search(line):
            sentence = f"“{threat[0]}” sounds like a threat. Say what happens next instead."
            found.append(Problem(number, sentence, is_warning=True))
    names = set(_PLACEHOLDER.findall(body))
    if "invoice_table" not in names:
        found.append(Problem(1, "Say what is owed: put {{invoice_table}} on a line of its own."))
    return found


def _problems(line: str, *, blocks: bool) -> list[Problem]:
    found = []
    for name in _PLACEHOLDER.findall(line):
        if name in BLOCKS:
            if not blocks:
                found.append(Problem(0, f"{{{{{name}}}}} is too long for a subject. Use it in the text."))
            elif _PLACEHOLDER.sub("", line).strip() or len(_PLACEHOLDER.findall(line)) > 1:
                found.append(Problem(0, f"{{{{{name}}}}} needs a line of its own."))
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
            raise Unfilled(f"Nothing can take the place of {{{{{name}}}}} for this customer. Complete the data first.")
        return values[name]

    return _PLACEHOLDER.sub(value, text)


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
