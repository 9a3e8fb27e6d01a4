"""Sends queued mails by hand, each at most once. How often and in which order is the delivery engine's business; what a
mail is, stands here: what the last look found, its words, its files, its link."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects

from collections_app.lib.errors import Refusal
from customers.changes import announce
from customers.channels.email import MailDoor
from customers.channels.parcel import Outcome, Parcel, Refused
from customers.models import LegalEntity
from customers.queries.clock import business_day
from customers.queries.clock import now as business_now
from customers.queries.outgoing import outgoing_rules
from customers.rules.outgoing import is_allowed
from customers.services.claim import sweep
from customers.services.deliver import DeliveryCounts, Written, deliver_due
from customers.services.reserve_touches import Touch
from customers.services.settle_delivery import Withdrawal
from dunning.models import OwnMessage
from dunning.queries.standing import Meant, known_about
from dunning.rules.own_message import Standing, why_not
from dunning.rules.reply_address import MAIL, reply_address
from dunning.services.compose import sample_link, sender_of
from dunning.services.compose_message import (
    ComposedMessage,
    attachments_of,
    compose_message,
    told_of,
    wants_link,
)
from invoices.documents.pdf import PdfRefused
from invoices.models import PayLink
from invoices.services.create_pay_link import create_pay_link
from invoices.services.revoke_pay_link import revoke_pay_link

# A mail that could not leave for so many days is about another day's facts.
PATIENCE = timedelta(days=3)
_OVER_BUDGET = "This person heard from us meanwhile, as often as is allowed. Look at the account, then write again."


def deliver_messages(*, now: Callable[[], datetime], limit: int = 20) -> DeliveryCounts:
    """What came of the due mails, at most `limit`, after rows of dead processes were given back or marked unknown.

    `now` is real time. Must be called outside a transaction."""
    sweep(model=OwnMessage, now=now())
    with MailDoor() as door:
        batch = _Batch(door, now)
        came = deliver_due(
            model=OwnMessage, look_again=batch.look_again, write=batch.write, send=batch.send, touch=batch.touch,
            now=now, limit=limit,
        )  # fmt: skip
    announce(batch.customer_ids)
    return came


class _Batch:
    """The mails of one call on their way, and the connection they share."""

    def __init__(self, door: MailDoor, now: Callable[[], datetime]) -> None:
        self._door, self._now = door, now
        self.customer_ids: set[int] = set()
        self._standings: dict[int, Standing] = {}
        self._parcels: dict[int, Parcel] = {}
        self._links: dict[int, PayLink] = {}
        self._sellers: Mapping[int, LegalEntity] = {}

    def look_again(self, rows: Sequence[OwnMessage]) -> dict[int, Withdrawal]:
        """Which mails must not leave after all, and why; some statements for all of them (R6)."""
        self.customer_ids |= {row.customer_id for row in rows}
        prefetch_related_objects(rows, "customer", "contact", "entity", "answers", "items")
        self._sellers = LegalEntity.objects.in_bulk()
        allowed, found = outgoing_rules().allowed, {}
        for row, standing, reachable in _standings(rows, self._now()):
            self._standings[row.pk] = standing
            if why := self._why_not(row, standing):
                found[row.pk] = why
            # A copy, too, goes only to whom mail still reaches and may (D37).
            row.copies_to = [one for one in row.copies_to if one.casefold() in reachable and is_allowed(one, allowed)]
            row.message_id = f"own.{row.pk}.{row.claim_token.hex if row.claim_token else 0}@{_domain()}"
        return found

    def _why_not(self, row: OwnMessage, standing: Standing) -> Withdrawal | None:
        if standing.on - row.as_of > PATIENCE:
            told = f"It could not leave for {PATIENCE.days} days. Look at the account, then write again."
            return Withdrawal("too_old", told)
        if standing.gone:  # an amount that was right when it was written; nobody can have accepted this
            numbers = ", ".join(standing.gone[:3])
            return Withdrawal("paid_meanwhile", f"Paid or credited meanwhile: {numbers}. Look at the mail again.")
        # Whether there is room in the budget, and whether anything may leave, is the gate's to say.
        finding = why_not(standing, [*row.accepted_warnings, "contact_budget", "stopped"])
        return Withdrawal(finding.code, finding.sentence) if finding else None

    def touch(self, row: OwnMessage) -> Touch:
        """The contact this mail is. One that goes beyond the budget was accepted by its writer, and counts."""
        today = self._standings[row.pk].day_there
        return Touch(
            customer_id=row.customer_id, contact_id=row.contact_id, address=row.to_address, on=today,
            channel=row.channel, source=source_of(row), again_at=self._now() + timedelta(hours=12), give_up_on=today,
            told=_OVER_BUDGET, beyond_budget="contact_budget" in row.accepted_warnings,
        )  # fmt: skip

    def write(self, row: OwnMessage) -> Written | Refused:
        """The columns with the words as they will leave, kept when it is marked as sending (D44)."""
        link, address = self._link(row)
        try:
            standing = self._standings[row.pk]
            words = compose_message(row, standing, link=address, sellers=self._sellers)
            files = attachments_of(row, standing.claims)
        except Refusal as refused:
            self._revoke(row)
            passing = isinstance(refused, PdfRefused) and row.attempts < 3
            return Refused(refused.code, refused.sentence, permanent=not passing)
        self._parcels[row.pk] = Parcel(
            to=row.to_address, subject=words.subject, text=words.text, html=words.html, sender=sender_of(row.entity),
            message_id=row.message_id, reply_to=_reply_to(row), attachments=files, headers=_headers(row),
            cc=tuple(row.copies_to), redirect_to=row.redirect_to,
        )  # fmt: skip
        return _kept(words, address, link) | {
            "attachments": told_of(files), "sent_on": standing.on, "amount": standing.asked,
            "copies_to": row.copies_to,
        }  # fmt: skip

    def send(self, row: OwnMessage) -> Outcome:
        """What the mail server answered; the link of a mail that certainly did not leave opens nothing any more."""
        outcome = self._door.send(self._parcels.pop(row.pk))
        if isinstance(outcome, Refused):
            self._revoke(row)
        return outcome

    def _link(self, row: OwnMessage) -> tuple[PayLink | None, str]:
        """A link made for this one try."""
        if not wants_link(row):
            return None, ""
        link, address = create_pay_link(
            purpose=PayLink.Purpose.ACCOUNT, customer=row.customer, language=row.language, sent_to=row.to_address,
            now=business_now(), by="mail by hand",
        )  # fmt: skip
        self._links[row.pk] = link
        return link, address

    def _revoke(self, row: OwnMessage) -> None:
        if link := self._links.pop(row.pk, None):
            revoke_pay_link(link=link, now=business_now(), reason="not sent")


def source_of(row: OwnMessage) -> str:
    """The name of the mail's own contact in the budget; the database gives it back under this name."""
    return f"own:{row.pk}"


def _standings(rows: Sequence[OwnMessage], now: datetime) -> list[tuple[OwnMessage, Standing, frozenset[str]]]:
    """How things are with each mail, on the business day of its entity, and the addresses there that mail may go to; a
    dozen statements per day."""
    entities = {row.entity_id: row.entity for row in rows}
    days = {pk: business_day(entity) for pk, entity in entities.items()}
    by_day: dict[date, list[OwnMessage]] = defaultdict(list)
    for row in rows:
        by_day[days[row.entity_id]].append(row)
    found: list[tuple[OwnMessage, Standing, frozenset[str]]] = []
    for day, mine in by_day.items():
        known = known_about({row.customer_id for row in mine}, on=day, now=now)
        found += [(row, known.standing(_meant(row)), known.reachable(row.customer_id)) for row in mine]
    return found


def _meant(row: OwnMessage) -> Meant:
    keys = {
        f"{item.invoice_id}" if item.instalment_id is None else f"{item.invoice_id}_{item.instalment_id}": item
        for item in row.items.all()
    }
    return Meant(
        row.customer_id, row.entity_id, row.contact_id, row.to_address,
        {key: item.asked_amount for key, item in keys.items()}, {key: item.number for key, item in keys.items()},
        statement=row.attaches_statement, source=source_of(row),
    )  # fmt: skip


def _kept(words: ComposedMessage, address: str, link: PayLink | None) -> dict[str, Any]:
    """The words as colleagues may read them later: the link stays a secret between us and the payer (W5)."""
    text, html = words.text, words.html
    if address:
        text, html = text.replace(address, sample_link()), html.replace(address, sample_link())
    return {
        "subject": words.subject, "body_text": text, "body_html": html, "pay_by": words.pay_by,
        "pay_link_id": link.pk if link else None,
    }  # fmt: skip


def _reply_to(row: OwnMessage) -> str:
    """Where answers go: an address of the mail's own, where the mailbox that we read takes such, else the seller's."""
    if settings.REPLY_ADDRESS:
        return reply_address(settings.REPLY_ADDRESS, row.pk, settings.SECRET_KEY.encode(), kind=MAIL)
    return row.entity.email


def _headers(row: OwnMessage) -> dict[str, str]:
    """A person wrote it, so machines may answer (RFC 3834); an answer stands below what it answers in their thread."""
    headers = {"Content-Language": row.language, "Auto-Submitted": "no"}
    if row.answers is not None and row.answers.message_id:
        headers |= {"In-Reply-To": f"<{row.answers.message_id}>", "References": f"<{row.answers.message_id}>"}
    return headers


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
