"""A mail filled into its frame is, byte for byte, the mail that is dressed as a whole (D44, B6)."""

from datetime import date, timedelta
from decimal import Decimal
from html import escape

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from dunning.rules.letter import Letter, Line, Seller, write
from dunning.services import mail_frame
from dunning.services.mail_frame import Frame, framed_html, framed_text

BODY = "Dear {{contact_name}},\n\nplease pay {{amount}}.\n\n{{invoice_table}}\n{{pay_link}}\n{{bank_details}}\n\nBye"
# Names as people write them, and as nobody should.
NAMES = st.one_of(
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=30),
    st.text(st.sampled_from("<>&\"'/= \u00a0\t\r\n\0\x0c\x85;#xhrefamp-"), max_size=30),
    st.sampled_from(["a</p><p>b", "&amp;nbsp;", '" href="x', "<style>", "&#38;", "-->", "</title>", "Müller & Söhne"]),
)
PEOPLE = NAMES.map("Dr {}".format)
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2)
LINES = st.builds(
    Line, number=NAMES, issued_on=st.just(date(2026, 1, 1)), due_on=st.dates(date(2026, 1, 1), date(2026, 5, 1)),
    open=AMOUNTS, asked=AMOUNTS, days_late=st.integers(-5, 90), seller=st.one_of(st.just(""), NAMES),
)  # fmt: skip
SELLERS = st.builds(
    Seller, name=NAMES, address=NAMES, iban=st.sampled_from(["", "DE89370400440532013000"]), bic=NAMES, email=NAMES,
    phone=NAMES,
)  # fmt: skip
LETTERS = st.builds(
    Letter, language=st.sampled_from(["en", "de", "fr", "es", "nl"]), currency=st.sampled_from(["EUR", "USD", "CHF"]),
    amount=AMOUNTS, credits=AMOUNTS, lines=st.lists(LINES, min_size=1, max_size=4), seller=SELLERS,
    customer_name=PEOPLE, customer_number=NAMES, customer_address=NAMES, contact_name=PEOPLE,
    on=st.just(date(2026, 3, 2)), pay_by=st.just(date(2026, 3, 2) + timedelta(days=7)),
    link=st.sampled_from(["", "https://pay.example/p/abc_-1/", "https://pay.example/?a=1&b='2'\u00a0"]),
    fee=AMOUNTS, interest=AMOUNTS, held=st.lists(st.tuples(NAMES, AMOUNTS), max_size=2), informal=st.booleans(),
)  # fmt: skip


@settings(max_examples=150)
@given(letter=LETTERS, subject=NAMES)
def test_d44_a_filled_frame_is_the_mail_dressed_as_a_whole(letter: Letter, subject: str) -> None:
    written = write(letter, subject.replace("{{", ""), BODY)
    frame = Frame(letter.language, letter.seller, letter.footer)
    whole = mail_frame._whole(frame, written.subject, written.html)
    assert framed_html(frame, written.subject, written.html) == whole
    context = mail_frame._context(frame, inside=written.text)
    assert framed_text(frame, written.text) == render_to_string("dunning/mail/notice.txt", context)


def test_ordinary_mails_of_one_arrangement_are_dressed_once() -> None:
    mail_frame._dressed.cache_clear()
    frame = Frame("en", Seller("Nordwind & Sons", "Quay 1\nKiel"), "Thank you.")
    for name in ("Ann", 'O\'Neill "the" <first>', "Zoë\u00a0Ü & Co"):
        html = framed_html(frame, f"Reminder for {name}", f"<p>Dear {escape(name)},<br>please pay.</p>")
        assert f"Dear {escape(name, quote=False)},".replace("\u00a0", "&nbsp;") in html
    assert mail_frame._dressed.cache_info().misses == 1
    assert mail_frame._dressed.cache_info().hits == 2


@pytest.mark.parametrize("amount", ["0.01", "1234567.89"])
def test_the_words_of_one_mail_never_stand_in_another(amount: str) -> None:
    frame = Frame("de", Seller("Nordwind"), "Danke.")
    inside = f'<p>{Decimal(amount)}</p>\n<p><a class="pay" href="https://pay.example/{amount}">Pay</a></p>'
    html = framed_html(frame, amount, inside)
    assert html.count(amount) == 3
    assert "mark" not in html
