"""Mails as bytes: whatever goes in, the standard library reads the same out, and no header can be forged (D84)."""

import string
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.channels.mime import address_of, as_bytes
from customers.channels.parcel import Attachment, Parcel


def parcel(**fields: object) -> Parcel:
    given_fields: dict[str, object] = {
        "to": "ap@customer.example", "subject": "Reminder", "text": "Pay\n", "html": "<p>Pay</p>",
        "sender": "Nordwind <receivables@house.example>", "message_id": "n.1@house.example",
    }  # fmt: skip
    return Parcel(**{**given_fields, **fields})  # type: ignore[arg-type]


def read(one: Parcel, cc: tuple[str, ...] = ()) -> EmailMessage:
    raw = as_bytes(one, to=one.to, cc=cc)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


def lines_of(part: MIMEPart) -> str:
    return str(part.get_content()).replace("\r\n", "\n").rstrip("\n")


# What people write: letters of all scripts, signs, figures; no lone surrogates and no control characters.
WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=300)
LINES = st.lists(WORDS, max_size=12).map("\n".join)


@given(subject=WORDS, text=LINES, html=LINES)
def test_every_text_comes_back_as_it_was(subject: str, text: str, html: str) -> None:
    found = read(parcel(subject=subject, text=text, html=html))
    assert " ".join(str(found["Subject"]).split()) == " ".join(subject.split())
    plain = found.get_body(("plain",))
    assert plain is not None
    assert lines_of(plain) == text.rstrip("\n")
    if html:
        styled = found.get_body(("html",))
        assert styled is not None
        assert lines_of(styled) == html.rstrip("\n")


@pytest.mark.parametrize("subject", ["Ü" * 200, "Zahlung über 1.480,00 € 🧾" * 6, "x" * 1200, "=?utf-8?q?no?= ä"])
def test_a_subject_is_folded_into_encoded_words_of_a_lawful_length(subject: str) -> None:
    raw = as_bytes(parcel(subject=subject), to="ap@customer.example", cc=())
    head = raw.partition(b"\r\nFrom:")[0].split(b"\r\n")
    assert max(map(len, head)) <= 76
    assert str(read(parcel(subject=subject))["Subject"]) == subject


@given(name=st.text(max_size=120))
def test_d84_no_sender_name_makes_another_header(name: str) -> None:
    try:
        found = read(parcel(sender=f'"{name}" <receivables@house.example>'))
    except ValueError:
        return  # refused, which is fine too
    assert set(found.keys()) == {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip


@pytest.mark.parametrize("evil", ["a\r\nBcc: all@example.com", "a\nX: y", "a\rX: y", "a\u2028X: y", "a\x00\x0bX: y"])
def test_d84_line_breaks_in_any_header_text_become_spaces(evil: str) -> None:
    found = read(
        parcel(
            subject=evil, reply_to=f"{evil} <office@house.example>", headers={"X-Note": evil, "Bad Name": "x"},
            attachments=(Attachment(f"{evil}.pdf", b"%PDF"),),
        )
    )  # fmt: skip
    assert found["Bcc"] is None
    assert found["X"] is None
    assert found["Bad Name"] is None
    assert "\n" not in str(found["Subject"]) + str(found["X-Note"])
    assert parseaddr(str(found["Reply-To"]))[1] == "office@house.example"
    (attached,) = found.iter_attachments()
    assert "\n" not in str(attached.get_filename())


def test_every_mail_says_that_a_machine_wrote_it_and_carries_our_id() -> None:
    found = read(parcel())
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Message-ID"] == "<n.1@house.example>"
    assert found["Date"]


@pytest.mark.parametrize("name", ["Rechnung Müller.pdf", 'a"b\\c.pdf', "x" * 200 + ".pdf", "счёт.pdf"])
def test_attachments_keep_their_bytes_and_a_readable_name(name: str) -> None:
    content = bytes(range(256)) * 40
    found = read(parcel(attachments=(Attachment(name, content),)))
    (attached,) = found.iter_attachments()
    assert attached.get_content() == content
    assert attached.get_filename() == name.replace('"', "_").replace("\\", "_")
    assert attached.get_content_type() == "application/pdf"


def test_a_long_line_is_folded_and_a_copy_is_named() -> None:
    found = read(parcel(text="x" * 5000, html=""), cc=("cfo@customer.example",))
    assert found.get_content().strip() == "x" * 5000
    assert found["Cc"] == "cfo@customer.example"


@pytest.mark.parametrize("bad", ["", "nobody", "a@", "@b.example", "a@b.example, c@d.example"])
def test_what_is_no_single_address_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        address_of(bad)


def test_an_international_domain_goes_over_the_line_in_ascii() -> None:
    assert address_of("kasse@müller.example") == "kasse@xn--mller-kva.example"


def test_the_alphabet_of_plain_addresses_is_left_alone() -> None:
    plain = f"{string.ascii_letters}.+-_@customer.example"
    assert address_of(plain) == plain
