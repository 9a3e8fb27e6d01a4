"""What a notice says, from its figures: the placeholders' values and the system's blocks, as text and as safe HTML.

Pure. Amounts and dates are in the notice's language (R18). Everything that came from people is escaped (D66)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape

from collections_app.lib.dates import format_date
from collections_app.lib.money import format_amount, format_amount_with_code
from dunning.rules.templates import fill, parts, without_empty_lines_of
from dunning.rules.wording import WORDS, Words


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice on the notice. `seller` is empty where it is the letter's own seller."""

    number: str
    issued_on: date
    due_on: date
    open: Decimal
    asked: Decimal
    days_late: int
    seller: str = ""


@dataclass(frozen=True, slots=True)
class Seller:
    """Our legal entity as it stands on the notice."""

    name: str
    address: str = ""
    iban: str = ""
    bic: str = ""
    bank_name: str = ""
    email: str = ""
    phone: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything a notice is written from. `amount` is asked for: the lines' asked amounts less `credits`, plus `fee`.
    A mail by hand may have no lines; then it has no amount either.

    `interest` is what has accrued so far: named, not asked for. `held` are documents that are shown without being asked
    for (R10), by number and amount."""

    language: str
    currency: str
    amount: Decimal
    credits: Decimal
    lines: Sequence[Line]
    seller: Seller
    customer_name: str
    customer_number: str
    customer_address: str
    contact_name: str
    on: date
    pay_by: date
    link: str
    fee: Decimal = Decimal(0)
    interest: Decimal = Decimal(0)
    held: Sequence[tuple[str, Decimal]] = ()
    informal: bool = False
    on_paper: bool = False

    @property
    def words(self) -> Words:
        """The labels in the letter's language."""
        return WORDS[self.language]

    @property
    def footer(self) -> str:
        """The closing line, in the way people are addressed in this language."""
        return self.words.footer_informal if self.informal else self.words.footer


@dataclass(frozen=True, slots=True)
class Written:
    """The finished words: a one-line subject, plain text, and HTML for the inside of a mail or page."""

    subject: str
    text: str
    html: str


def write(letter: Letter, subject: str, body: str) -> Written:
    """The filled subject and body. Raises Unfilled where a placeholder has no value."""
    values = values_of(letter)
    text, html = [], []
    blocks_text = {"invoice_table": _table_text, "pay_link": _link_text, "bank_details": _bank_text}
    blocks_html = {"invoice_table": _table_html, "pay_link": _link_html, "bank_details": _bank_html}
    for part in parts(body):
        name = part.strip("{}") if part.startswith("{{") and part.endswith("}}") else ""
        if name in blocks_text:
            text.append(blocks_text[name](letter))
            html.append(blocks_html[name](letter))
        else:
            filled = fill(without_empty_lines_of(part, values), values)
            if not filled.strip():
                continue
            text.append(filled)
            html.append(f"<p>{'<br>'.join(escape(line) for line in filled.splitlines())}</p>")
    one_line = " ".join(fill(subject, values).split())
    joined_text, joined_html = "\n\n".join(filter(None, text)) + "\n", "\n".join(filter(None, html))
    return Written(one_line[:250], joined_text, joined_html)


# What is known only where the mail names invoices.
FIGURES = ("amount", "documents", "oldest_number", "oldest_due_on", "days_late")


def values_of(letter: Letter) -> dict[str, str]:
    """What each inline placeholder becomes, "" where there is nothing to say."""
    figures = dict.fromkeys(FIGURES, "")
    if letter.lines:
        oldest = min(letter.lines, key=lambda line: (line.due_on, line.number))
        figures = {
            "amount": format_amount(letter.amount, letter.currency, letter.language),
            "documents": str(len(letter.lines)),
            "oldest_number": oldest.number,
            "oldest_due_on": format_date(oldest.due_on, letter.language),
            "days_late": str(max(oldest.days_late, 0)),
        }
    return figures | {
        "customer_name": letter.customer_name,
        "customer_number": letter.customer_number,
        "contact_name": letter.contact_name or letter.customer_name,
        "seller_name": letter.seller.name,
        "pay_by": format_date(letter.pay_by, letter.language),
        "today": format_date(letter.on, letter.language),
        "pay_address": letter.link,
        "fee": format_amount(letter.fee, letter.currency, letter.language) if letter.fee else "",
        "interest": format_amount(letter.interest, letter.currency, letter.language) if letter.interest else "",
    }


def _money(letter: Letter, amount: Decimal) -> str:
    return format_amount_with_code(amount, letter.currency, letter.language)


def _day(letter: Letter, day: date) -> str:
    return format_date(day, letter.language)


def _named(letter: Letter, line: Line) -> str:
    seller = f" · {line.seller}" if line.seller else ""
    partly = f" ({letter.words.partly})" if line.asked < line.open else ""
    return f"{line.number}{seller}{partly}"


def _table_text(letter: Letter) -> str:
    words = letter.words
    rows = []
    for line in letter.lines:
        late = f" · {words.late(line.days_late)}" if line.days_late > 0 else ""
        due = f"{words.due}{words.colon} {_day(letter, line.due_on)}"
        rows.append(f"{words.invoice} {_named(letter, line)}\n  {due}{late}\n  {_money(letter, line.asked)}")
    rows += [f"{label}{words.colon} {amount}" for label, amount in [*_further(letter), *_total(letter)]]
    rows += [f"{words.interest}{words.colon} {_money(letter, letter.interest)}"] if letter.interest else []
    rows += [f"{words.held}{words.colon} {number}, {_money(letter, amount)}" for number, amount in letter.held]
    return "\n".join(rows)


def _further(letter: Letter) -> list[tuple[str, str]]:
    """What comes on top of the documents or off them, in the order of the table: label and amount."""
    rows = [(letter.words.credits, _money(letter, -letter.credits))] if letter.credits else []
    return [*rows, (letter.words.fee, _money(letter, letter.fee))] if letter.fee else rows


def _total(letter: Letter) -> list[tuple[str, str]]:
    return [(letter.words.total, _money(letter, letter.amount))]


def _table_html(letter: Letter) -> str:
    """On paper a column for each fact; on screens two, because a telephone has no room for more."""
    words = letter.words
    heads, rows, span = _columns(letter) if letter.on_paper else _pairs(letter)
    head = f"<thead><tr>{heads}</tr></thead>" if heads else ""
    cells = '<tr{kind}><td colspan="{span}">{label}</td><td class="num">{amount}</td></tr>'
    after = [("", label, amount) for label, amount in _further(letter)]
    after += [(' class="total"', label, amount) for label, amount in _total(letter)]
    after += [(' class="aside"', words.interest, _money(letter, letter.interest))] if letter.interest else []
    after += [(' class="aside"', f"{words.held}{words.colon} {number}", _money(letter, held))
              for number, held in letter.held]  # fmt: skip
    foot = "".join(
        cells.format(kind=kind, span=span, label=escape(label), amount=escape(amount)) for kind, label, amount in after
    ).replace(' colspan="1"', "")
    return f'<table class="items">{head}<tbody>{"".join(rows)}{foot}</tbody></table>'


def _columns(letter: Letter) -> tuple[str, list[str], int]:
    words = letter.words
    late = any(line.days_late > 0 for line in letter.lines)
    heads = [words.invoice, words.issued, words.due, *([words.days_late] if late else []), words.amount]
    head = "".join(
        f'<th class="num">{escape(word)}</th>' if place > 2 else f"<th>{escape(word)}</th>"
        for place, word in enumerate(heads)
    )
    rows = []
    for line in letter.lines:
        days = f'<td class="num">{line.days_late if line.days_late > 0 else "–"}</td>' if late else ""
        rows.append(
            f"<tr><td>{escape(_named(letter, line))}</td><td>{escape(_day(letter, line.issued_on))}</td>"
            f"<td>{escape(_day(letter, line.due_on))}</td>{days}"
            f'<td class="num">{escape(_money(letter, line.asked))}</td></tr>'
        )
    return head, rows, len(heads) - 1


def _pairs(letter: Letter) -> tuple[str, list[str], int]:
    words = letter.words
    rows = []
    for line in letter.lines:
        late = f" · {words.late(line.days_late)}" if line.days_late > 0 else ""
        due = f"{words.due}{words.colon} {_day(letter, line.due_on)}{late}"
        rows.append(
            f"<tr><td>{escape(words.invoice)} <strong>{escape(_named(letter, line))}</strong>"
            f'<br><span class="sub">{escape(due)}</span></td>'
            f'<td class="num">{escape(_money(letter, line.asked))}</td></tr>'
        )
    return "", rows, 1


def _link_text(letter: Letter) -> str:
    return f"{letter.words.pay_sentence}\n{letter.link}" if letter.link else ""


def _link_html(letter: Letter) -> str:
    if not letter.link:
        return ""
    return f'<p><a class="pay" href="{escape(letter.link)}">{escape(letter.words.pay_button)}</a></p>'


def _bank(letter: Letter) -> list[tuple[str, str]]:
    words, seller = letter.words, letter.seller
    if not seller.iban:
        return []
    rows = [(words.account_holder, seller.name), (words.iban, _grouped(seller.iban))]
    if seller.bic:
        rows.append((words.bic, seller.bic))
    return [*rows, (words.reference, letter.customer_number)]


def _bank_text(letter: Letter) -> str:
    return "\n".join(f"{label}{letter.words.colon} {value}" for label, value in _bank(letter))


def _bank_html(letter: Letter) -> str:
    rows = "".join(f"<tr><td>{escape(label)}</td><td>{escape(value)}</td></tr>" for label, value in _bank(letter))
    return f'<table class="bank">{rows}</table>' if rows else ""


def _grouped(iban: str) -> str:
    bare = iban.replace(" ", "")
    return " ".join(bare[place : place + 4] for place in range(0, len(bare), 4))
