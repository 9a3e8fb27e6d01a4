"""Letters for window envelopes: where the address lands in the PDF, measured in the PDF itself."""

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from customers.models import LegalEntity
from dunning.models import Notice, NoticeTemplate
from dunning.rules.facts import AskedItem, OpenItem
from dunning.rules.paper import DIN_5008_B, US_NUMBER_10, Sheet
from dunning.services.compose import Figures, compose
from dunning.services.install_policy import STANDARD_WORDS
from invoices.documents.pdf import PdfRefused, render_pdf
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db

MM = 25.4 / 72
LONG_NAME = "Gesellschaft für innovative Anlagentechnik und Gebäudemanagement Norddeutschland mbH & Co. KG"
LONG_ADDRESS = (
    "z. Hd. Frau Dr.-Ing. Annegret Musterfrau-Beispielhaft\nAbteilung Kreditorenbuchhaltung und Rechnungsprüfung\n"
    "Gebäude 17, Aufgang C, 4. Obergeschoss\nBürgermeister-Smidt-Straße 101-103\n27568 Bremerhaven\nDEUTSCHLAND"
)


def letter_html(country: str, name: str, address: str, *, items: int = 3, stage: str = "late") -> str:
    """The HTML of a letter from a seller in that country to a customer with this name and address."""
    entity = factories.entity(f"{country}01", country=country, address="Hafenstraße 12\n20457 Hamburg")
    who = factories.customer(entity=entity, name=name, address=address)
    file = STANDARD_WORDS / f"{stage}.letter.{'en' if country == 'US' else 'de'}.txt"
    subject, _, body = file.read_text(encoding="utf-8").partition("\n\n")
    words = NoticeTemplate(stage=stage, channel="letter", language="en", subject=subject, body=body)
    notice = Notice(
        customer=who, entity=entity, channel="letter", currency=entity.currency, stage=stage, step_name="Letter",
        language="en" if country == "US" else "de", template=words, as_of=DAY,
    )  # fmt: skip
    due = DAY - timedelta(days=30)
    asked = [
        AskedItem(
            OpenItem(n, f"R-{n}", entity.pk, due - timedelta(days=30), due, Decimal("10.00")), Decimal("10.00"), 30
        )
        for n in range(1, items + 1)
    ]
    figures = Figures(asked, Decimal(10 * items), Decimal(0), DAY)
    sellers = {entity.pk: entity} if isinstance(entity, LegalEntity) else {}
    return compose(notice, figures, link="https://pay.example/t/abcdefghijklmnop/", sellers=sellers).html


def placed(pdf: bytes) -> tuple[list[tuple[float, float, float, str]], float, float]:
    """The texts of the first page as (left, top of the line, size, text) in millimetres, and the page's width and
    height."""
    page = PdfReader(BytesIO(pdf)).pages[0]
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    found: list[tuple[float, float, float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            scale = abs(tm[3] * cm[3]) * size
            found.append((x * MM, (height - y) * MM - scale * MM, scale, text.strip()))

    page.extract_text(visitor_text=visit)
    return found, width * MM, height * MM


def address_texts(pdf: bytes, sheet: Sheet) -> list[tuple[float, float, float, str]]:
    """The texts whose line begins inside the window's height and left half of the page."""
    window = sheet.window
    return [row for row in placed(pdf)[0]
            if window.top - 1 <= row[1] <= window.top + window.height and row[0] < sheet.info_left - 1]  # fmt: skip


@pytest.mark.parametrize(
    ("country", "sheet", "paper"),
    [("DE", DIN_5008_B, (210.0, 297.0)), ("FR", DIN_5008_B, (210.0, 297.0)), ("US", US_NUMBER_10, (215.9, 279.4))],
)
@pytest.mark.parametrize(
    ("name", "address"),
    [("Meyer Anlagenbau GmbH", "Werkstraße 5\n80331 München"), (LONG_NAME, LONG_ADDRESS), ("W" * 120, "M" * 200)],
)
def test_the_whole_address_is_in_the_window(
    country: str, sheet: Sheet, paper: tuple[float, float], name: str, address: str
) -> None:
    pdf = render_pdf(letter_html(country, name, address))
    _, width, height = placed(pdf)
    assert width == pytest.approx(paper[0], abs=0.2)
    assert height == pytest.approx(paper[1], abs=0.2)
    window, texts = sheet.window, address_texts(pdf, sheet)
    joined = re.sub(r"\s+", "", "".join(text for *_, text in texts))
    assert re.sub(r"\s+", "", name)[:20] in joined
    if len(address) < 150:
        assert re.sub(r"\s+", "", address.splitlines()[-1]) in joined
    for left, top, size, text in texts:
        assert left >= window.left - 0.2, text
        assert top >= window.top - 0.5, text
        assert top + size * 0.3528 * 1.25 <= window.top + window.height + 0.3, text


def test_nothing_else_is_seen_through_the_window() -> None:
    pdf = render_pdf(letter_html("DE", "Meyer", "Weg 1\n80331 München"))
    assert [text for *_, text in address_texts(pdf, DIN_5008_B)] == ["Meyer", "Weg 1", "80331 München"]


def test_din_5008_the_senders_line_is_above_and_the_subject_below_the_field() -> None:
    texts, *_ = placed(render_pdf(letter_html("DE", "Meyer", "Weg 1\n80331 München")))
    sender = next(top for left, top, size, text in texts if size < 7 and "Nordwind" in text and left < 30)
    assert 45 <= sender < DIN_5008_B.window.top
    subject = next(top for _, top, _, text in texts if text.startswith("Überfällige Rechnungen"))
    assert 97 <= subject <= 104


def test_the_figures_beside_the_address_keep_out_of_the_window() -> None:
    for country, sheet in (("DE", DIN_5008_B), ("US", US_NUMBER_10)):
        texts, *_ = placed(render_pdf(letter_html(country, "Meyer", "Weg 1\n80331 München")))
        info = [row for row in texts if row[0] >= sheet.info_left - 0.5 and row[1] < sheet.text_top - 2]
        assert len(info) >= 4
        assert all(row[0] > sheet.window.left + sheet.window.width for row in info)


def test_a_letter_of_several_pages_counts_them_and_has_one_address() -> None:
    pdf = render_pdf(letter_html("DE", "Meyer", "Weg 1\n80331 München", items=90))
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) > 1
    assert f"1 / {len(pages)}" in pages[0].extract_text()
    assert "80331 München" not in pages[1].extract_text()


def test_d66_a_name_is_only_text_in_a_letter() -> None:
    evil = '</style><script>alert(1)</script><img src="http://evil.example/x">'
    html = letter_html("DE", evil, evil)
    assert "<script" not in html
    assert "<img" not in html


def test_d64_a_letter_with_all_the_invoices_of_the_world_is_stopped_with_a_sentence() -> None:
    with pytest.raises(PdfRefused) as refused:
        render_pdf(letter_html("DE", "Meyer", "Weg 1", items=50_000), timeout=3)
    assert refused.value.sentence.endswith(".")
