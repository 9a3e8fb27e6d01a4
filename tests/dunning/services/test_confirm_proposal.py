"""A person confirms what was read, and the same services act that the keys of the worklist call."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from collections_app.lib.errors import BadInput, Conflict
from customers.models import Contact, Hold
from dunning.models import InboundMessage, MessageProposal, Notice, Policy
from dunning.queries.message_items import meant_invoices, offered_invoices
from dunning.services.assign_message import assign_message
from dunning.services.confirm_proposal import Answer, confirm_proposal
from dunning.services.dismiss_proposal import dismiss_proposal
from dunning.services.receive_message import receive_message
from dunning.services.reopen_message import reopen_message
from dunning.services.settle_message import settle_message
from invoices.models import Dispute, PayerRequest, Promise
from tests import factories
from tests.conftest import Cast
from tests.dunning.handovers import sent_notice
from tests.dunning.inbound_mails import NOW, mail

ON = factories.DAY


@pytest.fixture
def notice(policy: Policy) -> Notice:
    """A reminder over two invoices of 500 and 300."""
    who = factories.customer(email="pat@payer.example")
    first = factories.invoice(who, "500.00", due_on=ON - timedelta(days=20))
    second = factories.invoice(who, "300.00", due_on=ON - timedelta(days=10))
    return sent_notice(policy, who, first, second, position=2, on=ON, to_address="pat@payer.example")


def written(notice: Notice, text: str) -> MessageProposal:
    """The first thing read in an answer with these words."""
    message = receive_message(raw=mail(text, answers=notice.message_id), account="imap:x", received_at=NOW)
    assert message is not None
    found = message.proposals.order_by("pk").first()
    assert found is not None
    return found


def answer(proposal: MessageProposal, **facts: object) -> Answer:
    """The answer as it was read, about the invoices that are meant."""
    message = proposal.message
    meant = meant_invoices(message, offered_invoices(message, on=ON))
    values = {"day": proposal.day, "amount": proposal.amount, "invoices": meant, "contact": message.contact,
              "reason": proposal.reason, "name": proposal.name, "email": proposal.email, **facts}  # fmt: skip
    return Answer(**values)  # type: ignore[arg-type]


def test_a_promise_is_recorded_over_the_oldest_invoices_first(notice: Notice, cast: Cast) -> None:
    proposal = written(notice, "We will pay 600 EUR on Friday.")
    done = confirm_proposal(proposal=proposal, answer=answer(proposal), on=ON, actor=cast.collector)
    promise = Promise.objects.get()
    assert done.result == f"invoices.promise:{promise.pk}"
    assert (promise.amount, promise.promised_on, promise.note) == (
        Decimal(600), date(2026, 3, 6), "We will pay 600 EUR on Friday.",
    )  # fmt: skip
    assert list(promise.items.order_by("pk").values_list("amount", flat=True)) == [Decimal(500), Decimal(100)]


def test_a_promise_about_a_named_invoice_is_about_that_one(notice: Notice, cast: Cast) -> None:
    number = notice.items.order_by("pk").last().number  # type: ignore[union-attr]
    proposal = written(notice, f"Invoice {number} will be paid on Friday.")
    confirm_proposal(proposal=proposal, answer=answer(proposal), on=ON, actor=cast.collector)
    assert Promise.objects.get().amount == Decimal(300)


def test_more_than_is_open_is_refused_with_the_field(notice: Notice, cast: Cast) -> None:
    proposal = written(notice, "We will pay 900 EUR on Friday.")
    with pytest.raises(BadInput, match="Only") as refused:
        confirm_proposal(proposal=proposal, answer=answer(proposal), on=ON, actor=cast.collector)
    assert "amount" in refused.value.fields
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_confirming_twice_promises_once(notice: Notice, cast: Cast) -> None:
    proposal = written(notice, "We will pay on Friday.")
    confirm_proposal(proposal=proposal, answer=answer(proposal), on=ON, actor=cast.collector)
    with pytest.raises(Conflict):
        confirm_proposal(proposal=proposal, answer=answer(proposal), on=ON, actor=cast.lead)
    assert Promise.objects.count() == 1


def test_p4_a_promise_overwrites_no_dispute(notice: Notice, cast: Cast) -> None:
    disputed = written(notice, "The goods of the first delivery were damaged. We will pay 300 EUR on Friday.")
    promise = disputed.message.proposals.get(kind="promise")
    first = answer(disputed, invoices=answer(disputed).invoices[:1], amount=None)
    confirm_proposal(proposal=disputed.message.proposals.get(kind="dispute"), answer=first, on=ON, actor=cast.collector)
    confirm_proposal(proposal=promise, answer=answer(promise), on=ON, actor=cast.collector)
    assert Dispute.objects.get().state == "open"
    assert Promise.objects.get().state == "open"


def test_a_dispute_is_opened_with_its_reason_and_the_sentence(notice: Notice, cast: Cast) -> None:
    proposal = written(notice, "Half of the goods arrived damaged.")
    with pytest.raises(BadInput, match="Choose the disputed invoice"):
        confirm_proposal(proposal=proposal, answer=answer(proposal), on=ON, actor=cast.collector)
    one = answer(proposal, invoices=answer(proposal).invoices[:1])
    confirm_proposal(proposal=proposal, answer=one, on=ON, actor=cast.collector)
    dispute = Dispute.objects.get()
    assert (dispute.reason, dispute.text) == ("quality", "Half of the goods arrived damaged.")


def test_already_paid_is_noted_for_a_person_and_pauses_nothing(notice: Notice, cast: Cast) -> None:
    proposal = written(notice, "We paid on 27 February, reference TX-9981.")
    confirm_proposal(proposal=proposal, answer=answer(proposal), on=ON, actor=cast.collector)
    noted = PayerRequest.objects.get()
    assert noted.kind == "already_paid"
    assert "TX-9981" in noted.text
    assert not Hold.objects.exists()


def test_who_is_away_is_not_written_to_until_then(notice: Notice, cast: Cast) -> None:
    proposal = written(notice, "I am out of the office until 10 March.")
    confirm_proposal(proposal=proposal, answer=answer(proposal), on=ON, actor=cast.collector)
    hold = Hold.objects.get()
    assert (hold.contact, hold.starts_on, hold.ends_on) == (notice.customer.contacts.get(), ON, date(2026, 3, 10))


def test_who_has_left_makes_room_for_the_next(notice: Notice, cast: Cast) -> None:
    proposal = written(notice, "Pat has left the company. Please contact Kim Newman <kim@payer.example> instead.")
    confirm_proposal(proposal=proposal, answer=answer(proposal), on=ON, actor=cast.collector)
    contacts = {row.email: (row.name, row.health, row.is_primary) for row in Contact.objects.all()}
    assert contacts == {
        "pat@payer.example": ("Pat Payable", "left", False), "kim@payer.example": ("Kim Newman", "ok", True),
    }  # fmt: skip


def test_a_wrong_contact_is_marked_so(notice: Notice, cast: Cast) -> None:
    proposal = written(notice, "I am not the right person for this.")
    confirm_proposal(proposal=proposal, answer=answer(proposal), on=ON, actor=cast.collector)
    assert Contact.objects.get().health == "wrong"


def test_a_dismissed_proposal_does_nothing(notice: Notice, cast: Cast) -> None:
    proposal = dismiss_proposal(proposal=written(notice, "We will pay on Friday."), actor=cast.collector)
    with pytest.raises(Conflict):
        confirm_proposal(proposal=proposal, answer=answer(proposal), on=ON, actor=cast.collector)
    assert not Promise.objects.exists()


def test_a_message_of_nobody_confirms_nothing_until_it_is_assigned(notice: Notice, cast: Cast) -> None:
    raw = mail("We will pay on Friday.", sender="Boss <boss@elsewhere.example>")
    message = receive_message(raw=raw, account="imap:x", received_at=NOW)
    assert message is not None
    proposal = message.proposals.get()
    with pytest.raises(Conflict, match="Assign"):
        confirm_proposal(proposal=proposal, answer=Answer(day=ON), on=ON, actor=cast.collector)
    assigned = assign_message(message=message, customer=notice.customer, actor=cast.collector, keep_contact=True)
    assert assigned.contact is not None
    assert assigned.contact.email == "boss@elsewhere.example"
    read_anew = assigned.proposals.get()
    confirm_proposal(proposal=read_anew, answer=answer(read_anew), on=ON, actor=cast.collector)
    with pytest.raises(Conflict):
        assign_message(message=message, customer=factories.customer(), actor=cast.collector)


def test_a_message_is_filed_once_and_taken_up_again(notice: Notice, cast: Cast) -> None:
    message = written(notice, "We will pay on Friday.").message
    settle_message(message=message, actor=cast.collector)
    with pytest.raises(Conflict):
        settle_message(message=message, actor=cast.lead)
    reopen_message(message=message, actor=cast.collector)
    assert InboundMessage.objects.get().state == "waiting"
