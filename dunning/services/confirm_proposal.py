"""Does what a person confirmed: records the promise, opens the dispute, notes the payment, holds or retires a contact.

Each kind calls the service that the keys of the worklist call; nothing is done here that they would refuse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models, transaction
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import format_amount_with_code
from customers.models import Contact, Customer, Hold
from customers.services.place_hold import place_hold
from customers.services.save_contact import save_contact
from dunning.actions import PROPOSAL_CONFIRMED
from dunning.models import InboundMessage, MessageProposal
from invoices.models import Invoice, PayerRequest
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.allocation import OpenDocument, oldest_first
from invoices.services.make_promise import make_promise
from invoices.services.note_payer_request import note_payer_request
from invoices.services.open_dispute import open_dispute

Kind = MessageProposal.Kind


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person made of a proposal, complete. `amount` in the invoices' currency, None for all that is open; `day`
    as in the proposal; `name` and `email` of whoever is to be written to instead."""

    day: date | None = None
    amount: Decimal | None = None
    invoices: Sequence[Invoice] = ()
    reason: str = ""
    contact: Contact | None = None
    name: str = ""
    email: str = ""


@transaction.atomic
def confirm_proposal(*, proposal: MessageProposal, answer: Answer, on: date, actor: User) -> MessageProposal:
    """The proposal, now confirmed, with `result` saying what it made. `on` is the business day.

    Raises BadInput for an answer that lacks something, Conflict when it was decided meanwhile or its message belongs to
    nobody yet, and what the called services raise."""
    message = InboundMessage.objects.select_for_update(of=("self",)).get(pk=proposal.message_id)
    locked = MessageProposal.objects.get(pk=proposal.pk)
    if locked.state != MessageProposal.State.OPEN:
        raise Conflict("Somebody decided this meanwhile. Look at the message again.", code="proposal_decided")
    customer = message.customer
    if customer is None:
        raise Conflict("Assign the message to a customer first.", code="message_unassigned")
    locked.message = message
    made = _DEEDS[locked.kind](locked, customer, answer, on, actor)
    locked.state, locked.decided_at, locked.decided_by = MessageProposal.State.CONFIRMED, timezone.now(), actor
    locked.result = f"{made._meta.label_lower}:{made.pk}"
    locked.save(update_fields=["state", "decided_at", "decided_by", "result"])
    record(
        PROPOSAL_CONFIRMED, locked, actor=actor, customer_id=customer.pk, kind=locked.kind, result=locked.result,
        sentence=locked.sentence,
    )  # fmt: skip
    return locked


def _promise(proposal: MessageProposal, customer: Customer, answer: Answer, on: date, actor: User) -> models.Model:
    if answer.day is None:
        raise BadInput("Say by which day.", code="no_day", fields={"day": "Choose the day."})
    return make_promise(
        customer=customer,
        items=_shares(answer),
        promised_on=answer.day,
        made_on=on,
        contact=proposal.message.contact,
        note=proposal.sentence,
        actor=actor,
    )


def _shares(answer: Answer) -> list[tuple[Invoice, Decimal | None]]:
    """The promised amount over the chosen invoices, the oldest first; all that is open of each without an amount."""
    if answer.amount is None or not answer.invoices:
        return [(invoice, None) for invoice in answer.invoices]
    opened = open_amount_now([invoice.pk for invoice in answer.invoices])
    documents = [OpenDocument(row.pk, row.due_on, row.issued_on, opened[row.pk]) for row in answer.invoices]
    shares, rest = oldest_first(answer.amount, documents)
    if rest:
        left = format_amount_with_code(answer.amount - rest, answer.invoices[0].currency)
        sentence = f"Only {left} of the chosen invoices are open. Enter that or less, or choose more invoices."
        raise BadInput(sentence, code="amount_exceeds_open", fields={"amount": sentence})
    by_id = {invoice.pk: invoice for invoice in answer.invoices}
    return [(by_id[share.id], share.amount) for share in shares]


def _dispute(proposal: MessageProposal, customer: Customer, answer: Answer, on: date, actor: User) -> models.Model:
    if len(answer.invoices) != 1:
        raise BadInput("Choose the disputed invoice.", code="no_invoice", fields={"invoice": "Choose the invoice."})
    return open_dispute(
        invoice=answer.invoices[0],
        amount=answer.amount,
        reason=answer.reason,
        text=proposal.sentence,
        opened_on=on,
        actor=actor,
    )


def _paid(proposal: MessageProposal, customer: Customer, answer: Answer, on: date, actor: User) -> models.Model:
    told = [proposal.sentence]
    if answer.day is not None:
        told.append(f"Paid on {format_date(answer.day)}.")
    if proposal.reference:
        told.append(f"Reference: {proposal.reference}.")
    invoice = answer.invoices[0] if len(answer.invoices) == 1 else None
    return note_payer_request(
        customer=customer, kind=PayerRequest.Kind.ALREADY_PAID, text="\n".join(told), invoice=invoice, actor=actor
    )


def _away(proposal: MessageProposal, customer: Customer, answer: Answer, on: date, actor: User) -> models.Model:
    if answer.contact is None:
        raise BadInput("Choose who is away.", code="no_contact", fields={"contact": "Choose the contact."})
    if answer.day is None:
        raise BadInput("Say until when.", code="no_day", fields={"day": "Choose the last day away."})
    return place_hold(
        customer=answer.contact.customer,
        contact=answer.contact,
        reason=Hold.Reason.AWAY,
        starts_on=on,
        ends_on=answer.day,
        note=proposal.sentence[:500],
        actor=actor,
    )


def _gone(proposal: MessageProposal, customer: Customer, answer: Answer, on: date, actor: User) -> models.Model:
    """The contact, no longer written to; whoever is named instead becomes a contact in the same place."""
    if answer.contact is None:
        raise BadInput("Choose whom it is about.", code="no_contact", fields={"contact": "Choose the contact."})
    old = answer.contact
    was_primary = old.is_primary
    old.health = Contact.Health.LEFT if proposal.kind == Kind.LEFT else Contact.Health.WRONG
    if answer.email:
        old.is_primary = False
    save_contact(contact=old, actor=actor)
    known = Contact.objects.filter(customer=old.customer, email__iexact=answer.email).first() if answer.email else None
    if answer.email and known is None:
        name = answer.name.strip() or answer.email.partition("@")[0]
        new = Contact(
            customer=old.customer, name=name[:150], email=answer.email, part=old.part, language=old.language,
            is_primary=was_primary,
        )  # fmt: skip
        save_contact(contact=new, actor=actor)
    elif known is not None and was_primary:
        known.is_primary = True
        save_contact(contact=known, actor=actor)
    return old


_DEEDS: dict[str, Callable[[MessageProposal, Customer, Answer, date, User], models.Model]] = {
    Kind.PROMISE: _promise,
    Kind.DISPUTE: _dispute,
    Kind.ALREADY_PAID: _paid,
    Kind.OUT_OF_OFFICE: _away,
    Kind.LEFT: _gone,
    Kind.WRONG_CONTACT: _gone,
}
