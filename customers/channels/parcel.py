"""What is handed to a channel, and the three things that can come of it. Holds no logic."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    content: bytes
    media_type: str = "application/pdf"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message, complete: what goes out is exactly this. `message_id` is ours and without angle brackets.

    `redirect_to`: in test mode the box it goes to instead, '' when it goes to the customer; None leaves it to the mail
    door to find out."""

    to: str
    subject: str
    text: str
    html: str
    sender: str
    message_id: str
    reply_to: str = ""
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    redirect_to: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side took responsibility for the message. `text` says what is worth knowing all the same."""

    provider_id: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The message certainly did not leave. `permanent` says that trying again is pointless, `bounced` that nothing can
    reach this address any more (D36), `provider_fault` that the provider is in trouble and not this message (D35);
    `wait` is how long the provider asked us to stay away."""

    reason: str
    text: str
    permanent: bool = False
    bounced: bool = False
    provider_fault: bool = False
    wait: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It cannot be known whether the message left. It must not be sent again by itself."""

    reason: str
    text: str
    provider_fault: bool = False


Outcome = Accepted | Refused | Uncertain
