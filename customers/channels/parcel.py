"""What is handed to a channel, and the three things that can come of it. Holds no logic."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    content: bytes
    media_type: str = "application/pdf"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message, complete: what goes out is exactly this. `message_id` is ours and without angle brackets."""

    to: str
    subject: str
    text: str
    html: str
    sender: str
    message_id: str
    reply_to: str = ""
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side took responsibility for the message."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The message certainly did not leave. `permanent` says that trying again is pointless, `bounced` that nothing can
    reach this address any more (D36)."""

    reason: str
    text: str
    permanent: bool = False
    bounced: bool = False


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It cannot be known whether the message left. It must not be sent again by itself."""

    reason: str
    text: str


Outcome = Accepted | Refused | Uncertain
