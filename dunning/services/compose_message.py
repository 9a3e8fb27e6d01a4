"""Writes a mail by hand out of what its writer typed and how things stand. What this returns is what goes out and what
the preview shows; only the pay link differs (U26, D44). It sends and stores nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from html import escape
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from collections_app.lib.calendars import region_of
from collections_app.lib.dates import days_late, format_date
from customers.channels.parcel import Attachment
from customers.models import LegalEntity
from dunning.models import OwnMessage
from dunning.rules.letter import FIGURES, Letter, Line, write
from dunning.rules.own_message import Claim, Standing
from dunning.rules.templates import Unfilled, names_in
from dunning.rules.timing import pay_by
from dunning.rules.tone import is_informal
from dunning.rules.wording import WORDS
from dunning.services.compose import seller_of
from dunning.services.mail_frame import Frame, framed_html, framed_text
from invoices.documents.invoice import invoice_pdf
from invoices.documents.names import document_name
from invoices.documents.statement import statement_pdf
from invoices.models import Invoice
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.statement import statement_of

# A reader of the answer needs the question, not the whole history below it.
_LONGEST_QUOTE = 4000
DAYS_TO_PAY = 7
# So many PDFs go with one mail; for more there is the statement.
MOST_PDFS = 20
LINK_NAMES = frozenset({"pay_link", "pay_address"})


class ComposedMessage(NamedTuple):
    """The words of a mail by hand, and the day to pay by that it names."""

    subject: str
    text: str
    html: str
    pay_by: date


def letter_of(message: OwnMessage, standing: Standing, *, link: str, sellers: Mapping[int, LegalEntity]) -> Letter:
    """What the mail is written from: the invoices it asks for, with today's amounts."""
    customer, own = message.customer, message.entity
    region = region_of(customer.holiday_region, customer.country, own.holiday_region)
    informal = is_informal(f"{message.written_subject}\n{message.written_body}", message.language)
    return Letter(
        message.language, standing.currency, standing.asked, standing.credited,
        [_line(claim, own, sellers, standing.on) for claim in standing.claims if claim.asked], seller_of(own),
        customer.name, customer.number, customer.address, message.contact.name if message.contact else "", standing.on,
        pay_by(standing.on, DAYS_TO_PAY, region), link, informal=informal,
    )  # fmt: skip


def compose_message(
    message: OwnMessage, standing: Standing, *, link: str, sellers: Mapping[int, LegalEntity]
) -> ComposedMessage:
    """The mail's words. Raises Unfilled where a placeholder has no value for this customer."""
    letter = letter_of(message, standing, link=link, sellers=sellers)
    _check_filled(message, letter)
    written = write(letter, message.written_subject, message.written_body)
    text, html = written.text, written.html
    if message.answers is not None:
        quote_text, quote_html = _quote(message, standing.on)
        text, html = f"{text}\n{quote_text}", f"{html}\n{quote_html}"
    frame = Frame(letter.language, letter.seller, letter.footer if letter.lines else "")
    return ComposedMessage(
        written.subject, framed_text(frame, text), framed_html(frame, written.subject, html), letter.pay_by
    )


def sellers_for(message: OwnMessage, standing: Standing) -> Mapping[int, LegalEntity]:
    """The sellers to name in the mail; none are read where all invoices are the writing entity's own."""
    others = {claim.entity_id for claim in standing.claims} - {message.entity_id}
    return LegalEntity.objects.in_bulk(others) if others else {}


def wants_link(message: OwnMessage) -> bool:
    """Whether its words hold a pay link."""
    return bool(names_in(message.written_body) & LINK_NAMES)


def attachment_names(message: OwnMessage, claims: Sequence[Claim]) -> list[str]:
    """The names of the files that go with it; nothing is made for that."""
    names = []
    if message.attaches_invoices:
        numbers = list(dict.fromkeys(claim.number for claim in claims))[:MOST_PDFS]
        names = [_invoice_name(number, message.language) for number in numbers]
    return [*names, _statement_name(message)] if message.attaches_statement else names


def attachments_of(message: OwnMessage, claims: Sequence[Claim]) -> tuple[Attachment, ...]:
    """The files that go with it, in the mail's language. Raises PdfRefused where one cannot be made."""
    files = []
    if message.attaches_invoices:
        ids = list(dict.fromkeys(claim.invoice_id for claim in claims))[:MOST_PDFS]
        invoices = Invoice.objects.select_related("entity", "customer").in_bulk(ids)
        opened = open_amount_now(ids)
        for pk in ids:
            pdf = invoice_pdf(invoices[pk], open_amount=opened[pk], language=message.language)
            files.append(Attachment(_invoice_name(invoices[pk].number, message.language), pdf))
    if message.attaches_statement:
        files.append(_statement(message))
    return tuple(files)


def told_of(files: Sequence[Attachment]) -> list[dict[str, Any]]:
    """What is kept of the files that left: enough to prove which they were."""
    return [
        {"name": one.name, "size": len(one.content), "sha256": sha256(one.content).hexdigest()} for one in files
    ]  # fmt: skip


def _statement(message: OwnMessage) -> Attachment:
    begin = (message.as_of.replace(day=1) - timedelta(days=1)).replace(day=1)  # the month before, from its first day
    statement = statement_of(message.customer, from_on=begin, as_of=message.as_of)
    return Attachment(_statement_name(message), statement_pdf(statement, language=message.language))


def _statement_name(message: OwnMessage) -> str:
    with override(message.language):
        return document_name(_("Statement of account").replace(" ", "-"), message.as_of.isoformat())


def _invoice_name(number: str, language: str) -> str:
    with override(language):
        return document_name(_("Invoice"), number)


def _line(claim: Claim, own: LegalEntity, sellers: Mapping[int, LegalEntity], on: date) -> Line:
    seller = "" if claim.entity_id == own.pk else sellers[claim.entity_id].name
    return Line(
        claim.label, claim.issued_on, claim.due_on, claim.open, claim.asked, days_late(claim.due_on, on), seller
    )


def _check_filled(message: OwnMessage, letter: Letter) -> None:
    """What `write` would leave out in silence: a table of nothing."""
    if letter.lines:
        return
    named = names_in(f"{message.written_subject}\n{message.written_body}")
    for name in sorted(named & {*FIGURES, "invoice_table"}):
        told = f"No invoice is chosen, so nothing can take the place of {{{{{name}}}}}. Choose one, or take it out."
        missing = Unfilled(told)
        missing.name = name
        raise missing


def _quote(message: OwnMessage, on: date) -> tuple[str, str]:
    """What is answered, below the answer."""
    answered = message.answers
    assert answered is not None
    said = (answered.said or answered.text)[:_LONGEST_QUOTE].strip()
    moment = answered.sent_at or answered.received_at
    name = answered.from_name or answered.from_address
    lead = WORDS[message.language].wrote.format(day=format_date(moment.date(), message.language), name=name)
    quoted = "\n".join(f"> {line}" for line in said.splitlines())
    inside = "<br>".join(escape(line) for line in said.splitlines())
    return f"{lead}\n{quoted}\n", f"<p>{escape(lead)}</p>\n<blockquote>{inside}</blockquote>"
