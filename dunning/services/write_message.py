"""Puts together a mail by hand as a person has it on the screen: the row it would become, its words as they would
leave, and what speaks against sending it. Writes nothing to the database."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from collections_app.accounts.models import User
from collections_app.lib.errors import Refusal
from customers.models import Contact, Customer, DeliveryState
from dunning.models import InboundMessage, NoticeTemplate, OwnMessage, OwnMessageItem
from dunning.queries.standing import Known, Meant
from dunning.queries.words import place_in
from dunning.rules.own_message import ASKS, TONE, Finding, Standing, findings
from dunning.rules.templates import Problem, problems_of
from dunning.services.compose import sample_link
from dunning.services.compose_message import ComposedMessage, attachment_names, compose_message, sellers_for, wants_link
from dunning.services.preview import unfilled_words

CHANNEL = "email"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is on the screen. `claims` are keys of open claims of one currency; `numbers` what they were called there.

    `to` is a contact of the account, or None where a mail answers somebody who is no contact: then it goes to the
    address that wrote."""

    to: Contact | None
    language: str
    subject: str
    body: str
    claims: Sequence[str] = ()
    numbers: dict[str, str] = field(default_factory=dict)
    copies: Sequence[Contact] = ()
    attaches_invoices: bool = False
    attaches_statement: bool = False
    template: NoticeTemplate | None = None
    answers: InboundMessage | None = None
    token: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def address(self) -> str:
        """Where it goes."""
        if self.to is not None:
            return self.to.email
        return self.answers.from_address if self.answers else ""


@dataclass(frozen=True, slots=True)
class WrittenMessage:
    """The mail as it would leave now. `words` is None where something has no value; then `problem` says what, and
    `marked` is safe HTML of the words with the gap marked (U26). `problems` are mistakes in the words, by line."""

    message: OwnMessage
    items: Sequence[OwnMessageItem]
    standing: Standing
    findings: Sequence[Finding]
    problems: Sequence[Problem]
    files: Sequence[str]
    words: ComposedMessage | None = None
    problem: str = ""
    marked: SafeString = field(default_factory=SafeString)

    @property
    def is_whole(self) -> bool:
        """Whether its words are right, whatever speaks against sending them."""
        return self.words is not None and not self.problems


def write_message(*, customer: Customer, draft: Draft, actor: User, known: Known) -> WrittenMessage:
    """The mail as it would leave now, unsaved. `customer` comes with its entity, and is among those `known`."""
    message, standing = as_message(customer, draft, actor, known)
    items = [
        OwnMessageItem(
            customer_id=claim.customer_id, invoice_id=claim.invoice_id, instalment_id=claim.instalment_id,
            number=claim.label[:80], due_on=claim.due_on, open_amount=claim.open, asked_amount=claim.asked,
        )
        for claim in standing.claims
    ]  # fmt: skip
    spotted = problems_of(draft.subject, draft.body, place_in(draft.language), by_hand=True)
    told = [*findings(standing), *(Finding(TONE, ASKS, one.sentence) for one in spotted if one.is_warning)]
    whole = [one for one in spotted if not one.is_warning]
    files = attachment_names(message, standing.claims)
    words, problem, marked = _composed(message, standing)
    return WrittenMessage(message, items, standing, told, whole, files, words, problem, marked)


def as_message(customer: Customer, draft: Draft, actor: User, known: Known) -> tuple[OwnMessage, Standing]:
    """The row that the draft would become, and how things are with it."""
    message = OwnMessage(
        customer=customer, entity=customer.entity, contact=draft.to, channel=CHANNEL, to_address=draft.address[:254],
        language=draft.language, written_subject=draft.subject[:200], written_body=draft.body, written_by=actor,
        template=draft.template, answers=draft.answers, token=draft.token, as_of=known.on, state=DeliveryState.PROPOSED,
        copies_to=_copies(draft), attaches_invoices=draft.attaches_invoices and bool(draft.claims),
        attaches_statement=draft.attaches_statement,
    )  # fmt: skip
    meant = Meant(
        customer.pk, customer.entity_id, draft.to.pk if draft.to else None, message.to_address,
        dict.fromkeys(draft.claims), draft.numbers, statement=draft.attaches_statement,
    )  # fmt: skip
    standing = known.standing(meant)
    message.currency, message.amount = standing.currency, standing.asked
    return message, standing


def _composed(message: OwnMessage, standing: Standing) -> tuple[ComposedMessage | None, str, SafeString]:
    link = sample_link() if wants_link(message) else ""
    try:
        return (
            compose_message(message, standing, link=link, sellers=sellers_for(message, standing)), "", SafeString()
        )  # fmt: skip
    except Refusal as refused:
        marked = unfilled_words(refused, message.written_subject, message.written_body)
        return None, refused.sentence, SafeString(marked)


def _copies(draft: Draft) -> list[str]:
    """The further addresses, each once and without the recipient's own (D39)."""
    found = {one.email.casefold(): one.email for one in draft.copies if one.email}
    found.pop(draft.address.casefold(), None)
    return list(found.values())
