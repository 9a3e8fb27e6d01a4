"""A reminder as it goes out, in any language, for the browser to look at. Nothing is stored."""

from datetime import date, timedelta
from decimal import Decimal

from customers.models import Contact, Customer, LegalEntity
from dunning.models import Notice, NoticeTemplate
from dunning.rules.facts import AskedItem, OpenItem
from dunning.services.compose import Composed, Figures, compose
from dunning.services.install_policy import STANDARD_WORDS

DAY = date(2026, 3, 2)
LANGUAGES = ("en", "de", "fr", "es", "nl")


def sample(language: str, *, stage: str = "late", channel: str = "email", country: str = "DE") -> Composed:
    """Three invoices, one of them disputed in part, a credit, a fee and the interest so far."""
    text = (STANDARD_WORDS / f"{stage}.{channel}.{language}.txt").read_text(encoding="utf-8")
    subject, _, body = text.partition("\n\n")
    entity = LegalEntity(
        pk=1, name="Nordwind Handel GmbH", country=country, currency="EUR", address="Hafenstraße 12\n20457 Hamburg",
        iban="DE89370400440532013000", bic="COBADEFFXXX", email="accounts@nordwind.example", phone="+49 40 1234567",
    )  # fmt: skip
    who = Customer(pk=1, name="Meyer Anlagenbau GmbH", number="C00017", entity=entity, address="Weg 5\n80331 München")
    notice = Notice(
        customer=who, entity=entity, contact=Contact(pk=1, name="Pat Kowalski", customer=who), channel=channel,
        currency="EUR", stage=stage, step_name=stage, language=language, as_of=DAY, fee_amount=Decimal("5.00"),
        interest_amount=Decimal("21.30"),
        template=NoticeTemplate(stage=stage, channel=channel, language=language, subject=subject, body=body.strip()),
    )  # fmt: skip
    items = [
        _asked(1, "12480.00", 21), _asked(2, "1234.50", 12, disputed="200.00"), _asked(3, "89.90", 3),
    ]  # fmt: skip
    total = sum((one.asked for one in items), Decimal(0))
    figures = Figures(items, total - Decimal(150), Decimal(150), DAY)
    link = "https://pay.example.com/pay/Zx81kQm3Uo0pLr7TtYw2vBn5HsGdFa9c/"
    return compose(notice, figures, link=link, sellers={1: entity})


def _asked(pk: int, amount: str, late: int, *, disputed: str = "0.00") -> AskedItem:
    due = DAY - timedelta(days=late)
    item = OpenItem(pk, f"2026-0{pk}17", 1, due - timedelta(days=30), due, Decimal(amount))
    return AskedItem(item, item.open - Decimal(disputed), late)
