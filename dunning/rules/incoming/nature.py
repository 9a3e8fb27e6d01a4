"""Whether a person wrote a mail, or a machine: an automatic reply, a delivery report, a complaint. Pure.

A mail by a person that is taken for a machine's would lie unread, so only clear marks count."""

import re
from dataclasses import dataclass

from dunning.rules.incoming.mail import ReadMail, addresses_in

PERSON, AUTO_REPLY, BOUNCE, COMPLAINT = "person", "auto_reply", "bounce", "complaint"
_SUBJECTS = re.compile(
    r"^(?:(?:re|aw|rép|tr|antw|rv|fwd?|wg)\s?:\s*)*(?:automatic reply|auto(?:matic)?[- ]?reply|autoreply|"
    r"automatische antwort|abwesenheits(?:notiz|nachricht|assistent)|réponse automatique|message d'absence|"
    r"respuesta automática|automatisch antwoord|afwezigheids(?:bericht|melding))\b",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"^(?:undeliver(?:able|ed)\b|mail delivery (?:failed|failure|system)|delivery status notification \(failure\)|"
    r"returned mail|failure notice|unzustellbar|nicht zustellbar|échec de (?:la )?remise|no se puede entregar|"
    r"onbestelbaar)",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"^(?:mailer-daemon|postmaster)@", re.IGNORECASE)
# The mailbox or its domain is unknown or closed (RFC 3463). Others may be about us, or about a full mailbox.
_GONE = re.compile(r"^5\.(?:1\.(?:[0-3]|6|10)|2\.1|4\.4)$")
_ABOUT_US = re.compile(r"^5\.7\.|^5\.2\.[23]$|^5\.3\.")
_NO_SUCH_MAILBOX = re.compile(r"\b(?:550|551|553|556)\b")
_WORDS_OF_GONE = re.compile(
    r"unknown|no such|not (?:found|exist)|does ?n.t exist|invalid|disabled|rejected: recipient", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Bounce:
    """One address that a mail did not reach, or whose reader complained. `gone`: nothing may go there any more."""

    address: str
    status: str
    why: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Nature:
    """What a mail is, and the addresses that a report names."""

    kind: str
    bounces: tuple[Bounce, ...] = ()


def nature_of(mail: ReadMail) -> Nature:
    """Who or what wrote this mail."""
    if mail.report_type == "feedback-report" or any("feedback-type" in row for row in mail.reports):
        return Nature(COMPLAINT, (Bounce(_complainer(mail), "", "Marked as spam by its reader.", gone=True),))
    bounces = tuple(_bounces(mail))
    if bounces or (mail.report_type == "delivery-status" and _is_failure(mail)):
        return Nature(BOUNCE, bounces)
    if _FAILED.match(mail.subject) and (_DAEMON.match(mail.from_address) or mail.headers.get("return-path") == "<>"):
        return Nature(BOUNCE)
    return Nature(AUTO_REPLY if mail.report_type or _is_automatic(mail) else PERSON)


def _complainer(mail: ReadMail) -> str:
    """The address of whoever complained; "" where the report hides it, as many do."""
    for row in mail.reports:
        found = addresses_in(row.get("original-rcpt-to", ""))
        if found:
            return found[0]
    return ""


def _bounces(mail: ReadMail) -> list[Bounce]:
    found = []
    for row in mail.reports:
        named = row.get("final-recipient") or row.get("original-recipient") or ""
        addresses = addresses_in(named.partition(";")[2] or named)
        if not addresses or row.get("action", "").lower() != "failed":
            continue
        status = (row.get("status", "").split() or [""])[0]
        why = row.get("diagnostic-code", "") or f"status {status}"
        found.append(Bounce(addresses[0], status, why, _is_gone(status, why)))
    return found


def _is_gone(status: str, why: str) -> bool:
    if _GONE.match(status):
        return True
    if not status.startswith("5.") or _ABOUT_US.match(status):
        return False
    return bool(_NO_SUCH_MAILBOX.search(why) and _WORDS_OF_GONE.search(why))


def _is_failure(mail: ReadMail) -> bool:
    return not any(row.get("action", "").lower() in ("delivered", "relayed", "expanded") for row in mail.reports)


def _is_automatic(mail: ReadMail) -> bool:
    headers = mail.headers
    if headers.get("auto-submitted", "no").lower().split(";")[0].strip() not in ("no", ""):
        return True
    if any(headers.get(name) for name in ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoreply-from")):
        return True
    if headers.get("precedence", "").lower() in ("auto_reply", "auto-reply"):
        return True
    return bool(_SUBJECTS.match(mail.subject))
