"""Writes what some of the demo's customers answered: mails of today and the days before, taken in through the same
service that takes in real ones, so that the messages page shows what the rules read in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from django.db.models import Count

from collections_app.demo.build_ledger import Told
from collections_app.demo.build_people import Cast
from customers.models import Contact
from dunning.services.receive_message import receive_message
from dunning.services.settle_message import settle_message
from invoices.queries.open_amounts import open_amount_now

ACCOUNT = "imap:receivables@nordwind.example"


@dataclass(frozen=True, slots=True)
class Letter:
    """One answer: how many days ago and at which hour it came, and its words with places for facts."""

    before: int
    hour: int
    subject: str
    words: str
    automatic: bool = False


LETTERS = (
    Letter(0, 8, "Re: Reminder", """Hello,

sorry for the delay. We will pay invoice {number} on Friday.

Kind regards
{name}

On Mon, Nordwind Handel <receivables@nordwind.example> wrote:
> Please pay {number} by the day named above."""),
    Letter(0, 7, "AW: Zahlungserinnerung", """Guten Tag,

wir haben Ihre Erinnerung erhalten. Die Rechnung {number} wird bis zum {soon:%d.%m.%Y} bezahlt.

Mit freundlichen Grüßen
{name}"""),
    Letter(1, 15, "Re: Invoice {number}", """Hi,

part of this delivery arrived damaged, we cannot use it. Please call me.

{name}"""),
    Letter(1, 11, "RE: Rappel", """Bonjour,

nous avons réglé la facture {number} le {past:%d/%m/%Y}, référence VIR-88213.

Cordialement
{name}"""),
    Letter(1, 9, "RE: Recordatorio", """Buenos días:

El departamento lo ha aprobado. Pagaremos la factura {number} la semana que viene.

Saludos
{name}"""),
    Letter(2, 14, "Antw: Herinnering", """Goedemiddag,

ik ben niet de juiste persoon voor deze facturen. Graag mailen naar crediteuren@mail.example.

Met vriendelijke groet
{name}"""),
    Letter(2, 10, "Re: Final notice", """Hello,

{name} has left the company. Please contact Robin Adler <robin.adler@mail.example> instead.

Regards
Reception"""),
    Letter(2, 6, "Automatic reply: Reminder", """I am out of the office until {soon:%d %B}. Nobody reads my mail.""",
           automatic=True),
    Letter(3, 13, "Re: Reminder", """Can you send us the delivery note for {number} again? Our buyer is asking for it.

{name}"""),
)  # fmt: skip


def build_messages(cast: Cast, told: list[Told], *, today: date) -> None:
    """Nothing; the answers are there, one of them from somebody nobody knows, and one that was dealt with."""
    for place, ((contact, item), letter) in enumerate(zip(_writers(told, today), LETTERS, strict=False)):
        at = datetime.combine(today - timedelta(days=letter.before), time(letter.hour, 6 * place), UTC)
        facts = {"number": item.invoice.number, "name": contact.name, "soon": today + timedelta(days=9),
                 "past": today - timedelta(days=4)}  # fmt: skip
        sender, subject = formataddr((contact.name, contact.email)), letter.subject.format(**facts)
        raw = _mail(sender, subject, letter.words.format(**facts), at, automatic=letter.automatic)
        receive_message(raw=raw, account=ACCOUNT, received_at=at)
    at = datetime.combine(today - timedelta(days=1), time(16, 40), UTC)
    unknown = "Hello,\n\nwe will transfer 1,250.00 EUR tomorrow.\n\nBest regards\nAlex Moreau"
    receive_message(
        raw=_mail("Alex Moreau <a.moreau@mail.example>", "Open invoices", unknown, at),
        account=ACCOUNT,
        received_at=at,
    )
    at = datetime.combine(today - timedelta(days=6), time(9, 12), UTC)
    thanks = _mail("Alex Moreau <a.moreau@mail.example>", "Thank you", "Thanks, that settles it.", at)
    settled = receive_message(raw=thanks, account=ACCOUNT, received_at=at)
    if settled is not None:
        settle_message(message=settled, actor=cast.users["analyst"])


def _writers(told: list[Told], today: date) -> Iterator[tuple[Contact, Told]]:
    """Contacts with an address of their own and an overdue invoice, a few customers apart from each other."""
    late = {item.customer.pk: item for item in told if item.story.due < -8}
    opened = open_amount_now([item.invoice.pk for item in late.values()])
    shared = Contact.objects.values("email").annotate(n=Count("pk")).filter(n__gt=1).values("email")
    contacts = Contact.objects.filter(customer__in=late, is_primary=True, health="ok").exclude(email="")
    for contact in contacts.exclude(email__in=shared).order_by("customer_id")[::3]:
        item = late[contact.customer_id]
        if opened.get(item.invoice.pk, 0) > 0:
            yield contact, item


def _mail(sender: str, subject: str, words: str, at: datetime, *, automatic: bool = False) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "receivables@nordwind.example", subject
    mail["Message-ID"] = f"<{at:%Y%m%d%H%M}.{len(words)}@mail.example>"
    mail["Date"] = format_datetime(at)
    if automatic:
        mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(words)
    return bytes(mail)
