"""Writes the words of one notice from its figures and its template. What this returns is what goes out and what the
preview shows; only the pay link differs (D44). It sends and stores nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from email.utils import formataddr, parseaddr
from typing import NamedTuple

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe

from collections_app.lib.dates import format_date
from collections_app.lib.money import format_amount
from customers.models import LegalEntity
from dunning.models import Notice, NoticeTemplate
from dunning.queries.policies import channel
from dunning.rules.facts import AskedItem
from dunning.rules.letter import Letter, Line, Seller, Written, write
from dunning.rules.templates import Unfilled
from dunning.rules.wording import WORDS

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


class Figures(NamedTuple):
    """The figures a notice carries at the moment it is written."""

    items: Sequence[AskedItem]
    amount: Decimal
    credits: Decimal
    on: date


class Composed(NamedTuple):
    """The words of a notice: subject, plain text, the whole HTML of a mail or letter, and the new day to pay by."""

    subject: str
    text: str
    html: str
    pay_by: date


def compose(notice: Notice, figures: Figures, *, link: str, sellers: Mapping[int, LegalEntity]) -> Composed:
    """The notice's words with these figures. Raises Unfilled when a placeholder or the template itself is missing."""
    pay_by = figures.on + timedelta(days=notice.step.days_to_pay if notice.step else 7)
    letter = _letter(notice, figures, link=link, sellers=sellers, pay_by=pay_by)
    if not channel(notice.channel).written:
        return _call(notice, letter, pay_by)
    if notice.template is None:
        raise Unfilled(
            f"There are no words yet for the stage {notice.stage} by {notice.channel}. Write a template first."
        )
    written = write(letter, notice.template.subject, notice.template.body)
    return Composed(written.subject, *_dressed(notice, letter, written), pay_by)


def sample_link() -> str:
    """An address like the one the notice will carry. The real one is made, and only its hash kept, when it is sent."""
    return settings.BASE_URL + reverse("pay", args=["made-when-it-is-sent"])


def sender_of(entity: LegalEntity) -> str:
    """The From header: our own domain, so that it passes DMARC, under the entity's name."""
    return formataddr((entity.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def current_templates() -> dict[tuple[str, str, str], NoticeTemplate]:
    """The current templates by (stage, channel, language)."""
    return {(row.stage, row.channel, row.language): row for row in NoticeTemplate.objects.filter(is_current=True)}


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
    seller = Seller(own.name, own.address, own.iban, own.bic, own.bank_name, own.email, own.phone)
    contact_name = notice.contact.name if notice.contact else ""
    return Letter(
        notice.language, notice.currency, figures.amount, figures.credits, lines, seller, customer.name,
        customer.number, customer.address, contact_name, figures.on, pay_by, link,
    )  # fmt: skip


def _dressed(notice: Notice, letter: Letter, written: Written) -> tuple[str, str]:
    context = {
        "language": letter.language,
        "subject": written.subject,
        "seller": letter.seller,
        "seller_address": ", ".join(letter.seller.address.split("\n")),
        "words": letter.words,
        "customer_name": letter.customer_name,
        "customer_address": letter.customer_address,
        "today": format_date(letter.on, letter.language),
    }
    text = render_to_string("dunning/mail/notice.txt", {**context, "inside": written.text})
    inside = mark_safe(written.html)  # noqa: S308 (every value was escaped where it was written, in rules.letter)
    if notice.channel == "letter":
        return text, render_to_string("dunning/letter/letter.html", {**context, "inside": inside})
    return text, _inliner.inline(render_to_string("dunning/mail/notice.html", {**context, "inside": inside}))


def _call(notice: Notice, letter: Letter, pay_by: date) -> Composed:
    oldest = max(letter.lines, key=lambda line: line.days_late)
    amount = format_amount(letter.amount, letter.currency, "en")
    sentence = WORDS["en"].call.format(
        name=letter.contact_name or letter.customer_name, amount=amount, number=oldest.number, days=oldest.days_late
    )
    return Composed(f"{notice.step_name}: {letter.customer_name}, {amount}"[:250], sentence + "\n", "", pay_by)
