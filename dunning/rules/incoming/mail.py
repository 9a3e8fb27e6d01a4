"""Takes a received mail apart: who, to whom, when, which words, which files, which reports. Pure; any bytes are read or
refused with a sentence, because whoever knows our address can send us anything."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

from collections_app.lib.errors import BadInput
from dunning.rules.incoming.plain import clean, html_to_text, one_line

LONGEST_MAIL = 25 * 1024 * 1024
LONGEST_TEXT = 100_000  # characters that are kept of the words
MOST_PARTS = 200
MOST_FILES = 30
_ID = re.compile(r"<\s*([^<>\s]{3,250})\s*>")
_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:\\@]{1,64}@[^\s<>()\[\]\",;:\\@]{1,189}")
_KEPT_HEADERS = (
    "auto-submitted", "precedence", "return-path", "x-autoreply", "x-autorespond", "x-auto-reply", "x-autoreply-from",
    "x-mailer-daemon", "x-failed-recipients", "list-id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file that came with a mail; the name is a name only, never a path."""

    name: str
    media_type: str
    content: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, in hex."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A mail, taken apart. Ids stand without angle brackets. `reports` are the fields of delivery reports, names in
    small letters; `original_id` is the id of the mail that a report is about."""

    message_id: str
    references: tuple[str, ...]
    from_name: str
    from_address: str
    to_addresses: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    text: str
    files: tuple[MailFile, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    report_type: str = ""
    reports: tuple[Mapping[str, str], ...] = ()
    original_id: str = ""

    @property
    def digest(self) -> str:
        """The SHA-256 of what it says, in hex: the same when it is delivered again with other stamps on the way."""
        said = [self.message_id, self.from_address, self.subject, str(self.sent_at), self.text]
        said += [file.digest for file in self.files] + [str(sorted(row.items())) for row in self.reports]
        return hashlib.sha256("\x00".join(said).encode("utf-8", "replace")).hexdigest()


def read_mail(raw: bytes) -> ReadMail:
    """The mail in these bytes.

    Raises BadInput: 'empty_mail', 'mail_too_large', 'mail_too_nested', 'not_a_mail'."""
    if not raw.strip():
        raise BadInput("The mail is empty. Ask the sender to send it again.", code="empty_mail")
    if len(raw) > LONGEST_MAIL:
        sentence = "The mail is larger than 25 MB. Ask the sender for a smaller one, or for the files by another way."
        raise BadInput(sentence, code="mail_too_large")
    try:
        return _read(message_from_bytes(raw))
    except RecursionError:
        sentence = "The mail holds mails within mails without end. Ask the sender to send it again, plainly."
        raise BadInput(sentence, code="mail_too_nested") from None
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):  # defects the library does not foresee
        raise BadInput("The bytes are not a mail that can be read. Open the original.", code="not_a_mail") from None


def addresses_in(text: str) -> tuple[str, ...]:
    """The e-mail addresses in this text, in small letters, in order, each once."""
    found = (match.group().strip(".'").lower() for match in _ADDRESS.finditer(text[:20_000]))
    return tuple(dict.fromkeys(address for address in found if "." in address.partition("@")[2]))


def _read(mail: "Message[str, str]") -> ReadMail:
    parts = list(_parts(mail))
    plain = "\n\n".join(text for part in parts if (text := _text(part, "text/plain")).strip())
    html = "" if plain.strip() else "\n\n".join(_text(part, "text/html") for part in parts)
    is_report = mail.get_content_type() == "multipart/report"
    ids = _ID.findall(f"{_header(mail, 'In-Reply-To')} {_header(mail, 'References')}"[:20_000])
    from_name, from_address = _person(_header(mail, "From"))
    to = " ".join(_header(mail, name) for name in ("Delivered-To", "X-Original-To", "To", "Cc"))
    return ReadMail(
        message_id=_message_id(mail),
        references=tuple(dict.fromkeys(ids))[:50],
        from_name=from_name,
        from_address=from_address,
        to_addresses=addresses_in(to)[:20],
        subject=one_line(_header(mail, "Subject"), 250),
        sent_at=_moment(_header(mail, "Date")),
        text=clean(plain or html_to_text(html))[:LONGEST_TEXT].strip(),
        files=tuple(_files(parts, is_report=is_report))[:MOST_FILES],
        headers={name: one_line(_header(mail, name), 500) for name in _KEPT_HEADERS if name in mail},
        report_type=str(mail.get_param("report-type") or "").lower()[:40] if is_report else "",
        reports=tuple(_reports(parts)) if is_report else (),
        original_id=_original_id(parts) if is_report else "",
    )


def _parts(mail: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """The leaves, in order. A mail within a mail is one leaf: its words are not the sender's."""
    waiting: list[object] = [mail]
    seen = 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop()
        if not isinstance(part, Message):
            continue
        seen += 1
        held = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(held, list):
            waiting.extend(reversed(held))
        else:
            yield part


def _text(part: "Message[str, str]", wanted: str) -> str:
    if part.get_content_type() != wanted or _is_file(part):
        return ""
    return clean(_decoded(_content(part), part.get_content_charset("utf-8")))


def _is_file(part: "Message[str, str]") -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _content(part: "Message[str, str]") -> bytes:
    held = part.get_payload(decode=True)
    if isinstance(held, bytes):
        return held
    inner = part.get_payload()
    first = inner[0] if isinstance(inner, list) and inner else None
    if isinstance(first, Message):
        try:
            return bytes(first)
        except (ValueError, LookupError, TypeError, AttributeError):
            return b""
    return b""


def _files(parts: list["Message[str, str]"], *, is_report: bool) -> Iterator[MailFile]:
    for part in parts:
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html") and not _is_file(part):
            continue
        if is_report and (part.get_content_maintype() == "message" or kind == "text/rfc822-headers"):
            continue
        name = one_line(_unfolded(part.get_filename() or ""), 300).replace("\\", "/").rpartition("/")[2].strip(". ")
        yield MailFile(name[-150:] or _usual_name(kind), one_line(kind, 100), _content(part))


def _usual_name(kind: str) -> str:
    return {"message/rfc822": "mail.eml", "text/calendar": "invitation.ics"}.get(kind, "file")


def _reports(parts: list["Message[str, str]"]) -> Iterator[Mapping[str, str]]:
    """The blocks of fields in a delivery report (RFC 3464) or a complaint (RFC 5965)."""
    for part in parts:
        if part.get_content_type() not in ("message/delivery-status", "message/feedback-report"):
            continue
        held = part.get_payload()
        for block in (held if isinstance(held, list) else [])[:50]:
            if isinstance(block, Message):
                fields = {one_line(name, 60).lower(): one_line(str(value), 500) for name, value in block.items()}
                if fields:
                    yield fields


def _original_id(parts: list["Message[str, str]"]) -> str:
    """The id of the mail that came back, from the copy or the headers in the report."""
    for part in parts:
        kind = part.get_content_type()
        held = part.get_payload()
        if kind == "message/rfc822" and isinstance(held, list) and held and isinstance(held[0], Message):
            return _message_id(held[0])
        if kind == "text/rfc822-headers":
            return _message_id(message_from_bytes(_content(part)[:100_000]))
    return ""


def _message_id(mail: "Message[str, str]") -> str:
    value = _header(mail, "Message-ID")
    found = _ID.search(value)
    return one_line(found[1] if found else value.strip("<> "), 250)


def _header(mail: "Message[str, str]", name: str) -> str:
    return clean(_unfolded(str(mail.get(name, ""))))


def _unfolded(value: str) -> str:
    """The header's text, with its encoded words read."""
    if "=?" not in value:
        return value
    try:
        return "".join(
            _decoded(piece, charset or "utf-8") if isinstance(piece, bytes) else piece
            for piece, charset in decode_header(value)
        )
    except ValueError:  # half an encoded word: shown as it is
        return value


def _decoded(content: bytes, charset: str | None) -> str:
    for name in (charset or "utf-8", "utf-8"):
        try:
            return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def _person(value: str) -> tuple[str, str]:
    """Name and address of a From header."""
    bracketed = re.search(r"<\s*([^<>\s]{3,254})\s*>", value)
    found = addresses_in(bracketed[1] if bracketed else value)
    name = value[: bracketed.start()] if bracketed else ""
    return one_line(name, 200).strip("\"' ")[:150], found[0] if found else ""


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC) if 1990 <= aware.year <= 2190 else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
