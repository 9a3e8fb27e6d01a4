"""Writes the words of one notice from its figures and its template. What this returns is what goes out and what the
preview shows; only the pay link differs (D44). It sends and stores nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from email.utils import formataddr, parseaddr
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe

from collections_app.lib.calendars import region_of
from collections_app.lib.dates import format_date
from collections_app.lib.money import format_amount
from customers.models import LegalEntity
from dunning.models import Notice
from dunning.queries.policies import channel
from dunning.rules.facts import AskedItem
from dunning.rules.letter import Letter, Line, Seller, Written, write
from dunning.rules.paper import cut, fitted, sheet_for
from dunning.rules.templates import SHORT, Unfilled
from dunning.rules.timing import pay_by
from dunning.rules.tone import is_informal
from dunning.rules.wording import WORDS
from dunning.services.mail_frame import Frame, framed_html, framed_text


class Figures(NamedTuple):
    """The figures a notice carries at the moment it is written. `held` is shown without being asked for (R10)."""

    items: Sequence[AskedItem]
    amount: Decimal
    credits: Decimal
    on: date
    held: Sequence[Mapping[str, Any]] = ()


class Composed(NamedTuple):
    """The words of a notice: subject, plain text, the whole HTML of a mail or letter, and the new day to pay by."""

    subject: str
    text: str
    html: str
    pay_by: date


def compose(notice: Notice, figures: Figures, *, link: str, sellers: Mapping[int, LegalEntity]) -> Composed:
    """The notice's words with these figures. Raises Unfilled when a placeholder or the template itself is missing."""
    pays_by = _pays_by(notice, figures.on)
    letter = _letter(notice, figures, link=link, sellers=sellers, pay_by=pays_by)
    if not channel(notice.channel).written:
        return _call(notice, letter, pays_by)
    subject, body = own_words(notice)
    if not body:
        raise Unfilled(
            f"There are no words yet for the stage {notice.stage} by {notice.channel}. Write a template first."
        )
    informal = is_informal(f"{subject}\n{body}", letter.language)
    letter = replace(letter, informal=informal, on_paper=notice.channel == "letter")
    written = write(letter, subject, body)
    if notice.channel in SHORT:
        return Composed(written.subject, written.text, "", pays_by)
    return Composed(written.subject, *_dressed(notice, letter, written), pays_by)


def sample_link() -> str:
    """An address like the one the notice will carry. The real one is made, and only its hash kept, when it is sent."""
    return settings.BASE_URL + _sample_path()


@cache
def _sample_path() -> str:
    return reverse("pay", args=["made-when-it-is-sent"])


def sender_of(entity: LegalEntity) -> str:
    """The From header: our own domain, so that it passes DMARC, under the entity's name."""
    return _sender(entity.name, settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=256)
def _sender(name: str, ours: str) -> str:
    return formataddr((name, parseaddr(ours)[1]))


def own_words(notice: Notice) -> tuple[str, str]:
    """The subject and body it is made from: what a person wrote for this one notice, else its template's; empty where
    there is neither."""
    if notice.written_body:
        return notice.written_subject, notice.written_body
    return (notice.template.subject, notice.template.body) if notice.template else ("", "")


def _pays_by(notice: Notice, on: date) -> date:
    customer, days = notice.customer, notice.step.days_to_pay if notice.step else 7
    return pay_by(on, days, region_of(customer.holiday_region, customer.country, notice.entity.holiday_region))


def _letter(notice: Notice, figures: Figures, *, link: str, sellers: Mapping[int, LegalEntity], pay_by: date) -> Letter:
    if not figures.items:
        raise Unfilled("There is no invoice left to write about.")
    customer, own = notice.customer, notice.entity
    lines = [
        Line(
            asked.item.number, asked.item.issued_on, asked.item.due_on, asked.item.open, asked.asked, asked.days_late,
            "" if asked.item.entity_id == own.pk else sellers[asked.item.entity_id].name,
        )
        for asked in figures.items
    ]  # fmt: skip
    contact_name = notice.contact.name if notice.contact else ""
    return Letter(
        notice.language, notice.currency, figures.amount + notice.fee_amount, figures.credits, lines, seller_of(own),
        customer.name, customer.number, customer.address, contact_name, figures.on, pay_by, link,
        fee=notice.fee_amount, interest=notice.interest_amount,
        held=[(str(row["number"]), row["amount"]) for row in figures.held],
    )  # fmt: skip


def seller_of(entity: LegalEntity) -> Seller:
    """The entity as letters name it."""
    return Seller(
        entity.name, entity.address, entity.iban, entity.bic, entity.bank_name, entity.email, entity.phone,
        entity.country,
    )  # fmt: skip


def _dressed(notice: Notice, letter: Letter, written: Written) -> tuple[str, str]:
    frame = Frame(letter.language, letter.seller, letter.footer)
    text = framed_text(frame, written.text)
    if notice.channel == "letter":
        return text, _on_paper(letter, written)
    return text, framed_html(frame, written.subject, written.html)


def _on_paper(letter: Letter, written: Written) -> str:
    seller_lines = [line.strip() for line in letter.seller.address.splitlines() if line.strip()]
    sheet = sheet_for(letter.seller.country)
    context: dict[str, Any] = {
        "language": letter.language,
        "subject": written.subject,
        "seller": letter.seller,
        "seller_lines": seller_lines,
        "words": letter.words,
        "footer": letter.footer,
        "customer_number": letter.customer_number,
        "today": format_date(letter.on, letter.language),
        "inside": mark_safe(written.html),  # noqa: S308 (every value was escaped where it was written, in rules.letter)
        "sheet": sheet,
        "window": fitted(letter.customer_name, letter.customer_address, sheet.window),
        "sender_line": cut(" · ".join([letter.seller.name, *seller_lines]), size=6.5, width=sheet.window.width),
    }
    return render_to_string("dunning/letter/letter.html", context)


def _call(notice: Notice, letter: Letter, pay_by: date) -> Composed:
    oldest = max(letter.lines, key=lambda line: line.days_late)
    amount = format_amount(letter.amount, letter.currency, "en")
    sentence = WORDS["en"].call.format(
        name=letter.contact_name or letter.customer_name, amount=amount, number=oldest.number, days=oldest.days_late
    )
    return Composed(f"{notice.step_name}: {letter.customer_name}, {amount}"[:250], sentence + "\n", "", pay_by)
