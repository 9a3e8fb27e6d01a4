"""Any bytes are a mail, or are refused with a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collections_app.lib.errors import BadInput
from dunning.rules.incoming.mail import addresses_in, read_mail
from dunning.rules.incoming.nature import nature_of
from dunning.rules.incoming.plain import html_to_text
from dunning.rules.incoming.said import newly_said
from dunning.rules.reading.read import Asked, read_text
from dunning.rules.reply_address import read_reply_address, reply_address
from tests.dunning.inbound_mails import bounce, mail, with_file
from tests.factories import DAY


def test_a_plain_mail_is_taken_apart() -> None:
    read = read_mail(mail("We will pay.", answers="n1@ours.example", sender="Zoë Ö <zoe@payer.example>"))
    assert (read.from_name, read.from_address) == ("Zoë Ö", "zoe@payer.example")
    assert read.message_id == "m1@payer.example"
    assert read.references == ("n1@ours.example",)
    assert read.text == "We will pay."
    assert read.sent_at is not None
    assert nature_of(read).kind == "person"


def test_html_alone_becomes_text_without_what_nobody_sees() -> None:
    html = (
        "<html><head><style>p{}</style></head><body><p>Hello,</p><p>we&nbsp;pay <b>500&nbsp;€</b> on Friday.</p>"
        "<div style='display:none'>we will pay everything tomorrow</div><script>alert(1)</script>"
        "<blockquote>Please pay by 15 December.</blockquote></body></html>"
    )
    assert html_to_text(html) == "Hello,\n\nwe pay 500 € on Friday.\n\n> Please pay by 15 December."


def test_an_attachment_keeps_its_name_and_no_path() -> None:
    read = read_mail(with_file("See file.", "../../etc/passwd", b"abc"))
    assert [(file.name, file.content) for file in read.files] == [("passwd", b"abc")]


def test_d84_line_breaks_in_headers_reach_nobody() -> None:
    raw = mail("x").replace(b"Re: Your invoice", b"=?utf-8?q?Hi=0D=0ABcc=3A_all=40x.example?=")
    assert "\n" not in read_mail(raw).subject
    assert "\r" not in read_mail(raw).subject


@pytest.mark.parametrize(
    ("header", "value", "kind"),
    [
        ("Auto-Submitted", "auto-replied", "auto_reply"),
        ("Auto-Submitted", "no", "person"),
        ("X-Autoreply", "yes", "auto_reply"),
        ("Precedence", "auto_reply", "auto_reply"),
        ("Precedence", "bulk", "person"),  # newsletters are nobody's reply, but a person looks
        ("X-Auto-Response-Suppress", "All", "person"),  # some servers put it on every mail
    ],
)
def test_only_clear_marks_make_a_mail_automatic(header: str, value: str, kind: str) -> None:
    assert nature_of(read_mail(mail("Hello", headers={header: value}))).kind == kind


@pytest.mark.parametrize(
    "subject", ["Automatic reply: Invoice", "Abwesenheitsnotiz: Rechnung", "Réponse automatique : x"]
)
def test_automatic_replies_are_known_by_their_subject(subject: str) -> None:
    assert nature_of(read_mail(mail("I am away.", subject=subject))).kind == "auto_reply"


def test_a_delivery_report_names_the_address_and_the_mail() -> None:
    read = read_mail(bounce(of="n1@ours.example", recipient="gone@payer.example"))
    nature = nature_of(read)
    assert nature.kind == "bounce"
    assert read.original_id == "n1@ours.example"
    assert [(row.address, row.gone) for row in nature.bounces] == [("gone@payer.example", True)]


@pytest.mark.parametrize(
    ("status", "why", "gone"),
    [
        ("5.1.1", "smtp; 550 user unknown", True),
        ("5.2.2", "smtp; 552 mailbox full", False),
        ("5.7.1", "smtp; 550 blocked: your address is on a list", False),
        ("4.4.1", "smtp; 421 try later", False),
        ("5.0.0", "smtp; 550 no such user here", True),
        ("5.0.0", "smtp; 550 message rejected", False),
    ],
)
def test_d36_only_an_address_that_is_gone_counts_as_gone(status: str, why: str, gone: bool) -> None:
    nature = nature_of(read_mail(bounce(of="n1@x.example", recipient="a@payer.example", status=status, why=why)))
    assert [row.gone for row in nature.bounces] == [gone]


QUOTED = {
    "We will pay.\n\nOn Mon, 2 Mar 2026 at 09:00, Nordwind <ar@nordwind.example> wrote:\n> Please pay by 15 March.":
        "We will pay.",
    "Ja.\n\nAm 02.03.2026 um 09:00 schrieb Nordwind:\n> Bitte zahlen Sie.": "Ja.",
    "Oui.\n\nLe lun. 2 mars 2026 à 09:00, Nordwind <ar@nordwind.example> a écrit :\n> Merci de payer.": "Oui.",
    "Sí.\n\nEl lun, 2 mar 2026 a las 9:00, Nordwind (<ar@nordwind.example>) escribió:\n> Pague.": "Sí.",
    "Ja.\n\nOp ma 2 mrt. 2026 om 09:00 schreef Nordwind <ar@nordwind.example>:\n> Betaal.": "Ja.",
    "Done.\n\n-----Original Message-----\nFrom: Nordwind\nWe will pay tomorrow": "Done.",
    "Fertig.\n\nVon: Nordwind <ar@nordwind.example>\nGesendet: Montag, 2. März 2026\nAn: Pat\nBetreff: Mahnung\n\nText":
        "Fertig.",
    "Yes.\n\nOn Mon, 2 Mar 2026 at 09:00, Nordwind <ar@nordwind.example>\nwrote:\n\n> Please pay.": "Yes.",
    "> Please pay by Friday?\nYes, on Friday.\n> And the other one?\nNo.": "Yes, on Friday.\nNo.",
    "We pay.\n-- \nPat\nWe will pay you a visit on Friday": "We pay.",
    "Wir zahlen.\n\nMit freundlichen Grüßen\nPat Zahler\nTel. 040": "Wir zahlen.\n\nMit freundlichen Grüßen",
    "We pay.\n\nSent from my iPhone": "We pay.",
    "From: the start we said we would pay.": "From: the start we said we would pay.",
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), QUOTED.items())
def test_what_is_quoted_or_signed_is_not_said(text: str, said: str) -> None:
    assert newly_said(text) == said


def test_our_own_words_quoted_below_are_never_read_as_a_promise() -> None:
    html = (
        "<p>Who are you?</p><div class='gmail_quote'><div>On Mon, 2 Mar 2026, Nordwind &lt;ar@nordwind.example&gt; "
        "wrote:</div><blockquote>We will pay 500 EUR on Friday.</blockquote></div>"
    )
    assert read_text(newly_said(html_to_text(html)), Asked(on=DAY)).findings == ()


def test_the_address_for_answers_cannot_be_guessed() -> None:
    made = reply_address("ar@nordwind.example", 17, b"key")
    assert read_reply_address(made.upper().lower(), b"key") == 17
    assert read_reply_address(made, b"another key") is None
    assert read_reply_address(made.replace("r17", "r18"), b"key") is None
    assert read_reply_address("ar@nordwind.example", b"key") is None


@pytest.mark.parametrize("raw", [b"", b" \r\n\r\n"])
def test_nothing_is_refused_with_a_sentence(raw: bytes) -> None:
    with pytest.raises(BadInput, match="empty"):
        read_mail(raw)


def test_mails_within_mails_without_end_are_refused_or_read() -> None:
    raw = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3000))
    _read(raw)
    _read(b"Content-Type: message/rfc822\r\n\r\n" * 3000)


HEADERS = st.sampled_from(
    ["From", "To", "Subject", "Date", "Message-ID", "References", "Content-Type", "Content-Transfer-Encoding",
     "Content-Disposition", "Auto-Submitted", "MIME-Version"]
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(
        ["multipart/mixed; boundary=b", "multipart/report; report-type=delivery-status; boundary=b",
         "text/html; charset=x", "base64", "quoted-printable", "=?utf-8?b?////?=", "=?x?q?=FF?=", "<a@b.c>",
         "attachment; filename*=utf-8''%FF",
         "message/delivery-status", "Mon, 99 Foo 2026 99:99:99 +9999", "text/plain; charset=utf-7"]
    ),
    st.text(max_size=40),
)  # fmt: skip


@given(st.lists(st.tuples(HEADERS, VALUES), max_size=8), st.binary(max_size=300))
def test_any_headers_and_body_are_read_or_refused(headers: list[tuple[str, str]], body: bytes) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers).encode("utf-8", "replace")
    _read(head + b"\r\n" + body + b"\r\n--b\r\n" + head + b"\r\n" + body + b"\r\n--b--\r\n")


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    _read(raw)


def _read(raw: bytes) -> None:
    try:
        read = read_mail(raw)
    except BadInput:
        return
    nature_of(read)
    for text in (read.text, read.subject, read.from_name, *read.to_addresses, *(file.name for file in read.files)):
        assert "\x00" not in text
        text.encode("utf-8")
    said = newly_said(read.text)
    for found in read_text(said, Asked(on=DAY, country="DE")).findings:
        assert said[found.start : found.end].strip()


SOME = """
    we will pay on friday 15.12. 500 eur not if wir zahlen bis zum 31.02. nous paierons le 3 décembre pagaremos en 99
    semanas wij betalen 29/02 within 999 days until back on 5 december a@b.example İ ß . ? , €1.2.3 1 200,50 € of
"""
WORDS = st.sampled_from([*SOME.split(), "\n"])


@settings(max_examples=300)
@given(st.lists(WORDS, max_size=40), st.dates())
def test_any_words_are_read_on_any_day(words: list[str], day: object) -> None:
    said = " ".join(words)
    for found in read_text(said, Asked(on=day, country="DE")).findings:  # type: ignore[arg-type]
        assert 0 <= found.start < found.end <= len(said)
        assert said[found.start : found.end].strip()


@given(st.text(max_size=400))
def test_any_html_becomes_text(html: str) -> None:
    assert "\x00" not in html_to_text(html)
    html_to_text(f"<div style='display:none'><!{html}<p>{html}</blockquote><![{html}")


def test_long_nonsense_takes_no_time() -> None:
    for piece in ("<", "<!--", "<a ", "&#", "> ", "we will pay ", "wir werden ", "1.", "on ", "From: x\nTo: y\n"):
        _read(b"Subject: x\r\n\r\n" + (piece * 4000).encode())
        html_to_text(piece * 4000)


def test_addresses_are_found_in_small_letters_once() -> None:
    assert addresses_in("Write to A@B.example, <a@b.example> or c@d") == ("a@b.example",)
