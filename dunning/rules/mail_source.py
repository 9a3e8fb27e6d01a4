"""A mail as it left, or arrived, in the form that every mail program opens (RFC 5322). Pure; it sends nothing."""

import email.utils
import re
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def mail_source(
    *, headers: Mapping[str, str], moment: datetime | None, text: str, html: str = "", note: str = ""
) -> bytes:
    """The source of a mail: headers, then plain text and HTML. Line breaks in headers become spaces (D84); `note` goes
    into a header of its own that says where the source comes from."""
    message = EmailMessage(policy=SMTP)
    for name, value in headers.items():
        if value:
            message[name] = _CONTROL.sub(" ", value).strip()
    if moment is not None:
        message["Date"] = email.utils.format_datetime(moment)
    if note:
        message["X-Evidence-Note"] = _CONTROL.sub(" ", note)
    message.set_content(text or " ", cte="8bit")
    if html:
        message.add_alternative(html, subtype="html", cte="8bit")
        # The boundary would be random otherwise, and the same mail another file each time.
        message.set_boundary("evidence-alternative-part")
    return message.as_bytes()
