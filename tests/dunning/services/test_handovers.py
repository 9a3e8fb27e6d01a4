"""The end of the ladder, from the proposal to what came of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput, Conflict, NotAllowed
from customers.models import Customer
from customers.services.lift_credit_stop import lift_credit_stop
from customers.services.stop_credit import stop_credit
from dunning.models import Handover, Policy
from dunning.queries.decisions import decide_about
from dunning.services.approve_handover import approve_handover
from dunning.services.end_handover import end_handover
from dunning.services.hand_over import hand_over
from dunning.services.propose_due_handovers import propose_due_handovers
from dunning.services.propose_handover import propose_handover
from dunning.services.settle_handovers import settle_handovers
from invoices.models import CurrencyRules, Invoice, InvoiceHold
from invoices.services.open_dispute import open_dispute
from invoices.services.reject_approval import reject_approval
from tests import factories
from tests.conftest import Cast
from tests.dunning.conftest import pin
from tests.dunning.handovers import sent_notice

DAY = factories.DAY  # the business day; the final letter left 15 days before, with ten days to pay
SENT = DAY - timedelta(days=15)
FINAL = 6


def owing(policy: Policy, *amounts: str, **fields: object) -> tuple[Customer, list[Invoice]]:
    """A customer whose invoices, 80 days late, have all had the final letter."""
    who = factories.customer(**fields)  # type: ignore[arg-type]
    invoices = [factories.invoice(who, amount, due_on=DAY - timedelta(days=80)) for amount in amounts or ("100.00",)]
    sent_notice(policy, who, *invoices, position=FINAL, on=SENT)
    return who, invoices


def ending(policy: Policy, action: str) -> Policy:
    Policy.objects.filter(pk=policy.pk).update(end_action=action)
    policy.refresh_from_db()
    return policy


def proposed(policy: Policy, action: str = "agency", on: date = DAY) -> Handover:
    propose_due_handovers(policy=ending(policy, action), on=on)
    return Handover.objects.latest("pk")


@pytest.fixture
def small(db: None) -> None:
    """One person decides up to 1,000."""
    CurrencyRules.objects.create(currency="EUR", approval_over=Decimal(1000))


def codes(policy: Policy, who: Customer, on: date = DAY) -> list[str]:
    return [decision.code for _, _, decision in decide_about(policy, [who.pk], on)]


@pytest.mark.parametrize(
    ("action", "kind"),
    [("decide", "undecided"), ("agency", "agency"), ("legal", "legal"), ("write_off", "write_off")],
)
def test_r22_what_the_policy_says_is_proposed_when_the_last_time_to_pay_is_over(
    policy: Policy, action: str, kind: str
) -> None:
    who, (invoice,) = owing(policy, "250.00")
    assert propose_due_handovers(policy=ending(policy, action), on=SENT + timedelta(days=10)) == 0
    assert propose_due_handovers(policy=policy, on=SENT + timedelta(days=11)) == 1
    made = Handover.objects.get(customer=who)
    assert (made.kind, made.state, made.amount, made.currency) == (kind, "proposed", Decimal(250), "EUR")
    assert [(item.invoice_id, item.amount) for item in made.items.all()] == [(invoice.pk, Decimal(250))]
    assert made.proposed_by is None


def test_d40_a_hundred_looks_propose_once_and_log_it_once(policy: Policy) -> None:
    owing(policy)
    ending(policy, "agency")
    assert sum(propose_due_handovers(policy=policy, on=DAY + timedelta(days=n)) for n in range(100)) == 1
    assert AuditEntry.objects.filter(action="handover.proposed").count() == 1


def test_d40_what_was_declined_is_not_proposed_again_and_what_comes_to_its_end_later_is(
    policy: Policy, cast: Cast
) -> None:
    who, _ = owing(policy)
    end_handover(handover=proposed(policy), outcome="declined", note="We trust them", on=DAY, actor=cast.lead)
    assert propose_due_handovers(policy=policy, on=DAY) == 0
    younger = factories.invoice(who, "70.00", due_on=DAY - timedelta(days=70))
    sent_notice(policy, who, younger, position=FINAL, on=SENT + timedelta(days=1))
    assert propose_due_handovers(policy=policy, on=DAY) == 1
    assert [item.number for item in Handover.objects.latest("pk").items.all()] == [younger.number]


def test_younger_debts_are_reminded_of_while_the_old_one_is_with_people(policy: Policy) -> None:
    who, (old,) = owing(policy)
    younger = factories.invoice(who, "70.00", due_on=DAY - timedelta(days=10))
    assert [item.invoice_id for item in proposed(policy).items.all()] == [old.pk]
    assert codes(policy, who) == ["propose"]
    assert younger.pk != old.pk


def test_r9_disputed_paid_or_held_debts_are_not_proposed(policy: Policy, cast: Cast) -> None:
    _, (disputed,) = owing(policy)
    open_dispute(invoice=disputed, amount=Decimal(100), reason="quality", text="broken", opened_on=DAY, actor=cast.lead)
    who, (paid,) = owing(policy)
    factories.payment(who, "100.00", received_on=DAY, shares=[(paid, None)])
    owing(policy, is_related_party=True)
    assert propose_due_handovers(policy=ending(policy, "agency"), on=DAY) == 0


def test_two_currencies_are_two_handovers(policy: Policy) -> None:
    who, _ = owing(policy)
    dollars = factories.invoice(who, "90.00", due_on=DAY - timedelta(days=80), currency="USD")
    sent_notice(policy, who, dollars, position=FINAL, on=SENT + timedelta(days=1))
    assert propose_due_handovers(policy=ending(policy, "legal"), on=DAY) == 2
    assert sorted(Handover.objects.values_list("currency", flat=True)) == ["EUR", "USD"]


def test_the_number_of_statements_does_not_grow_with_the_accounts(policy: Policy) -> None:
    ending(policy, "agency")

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            propose_due_handovers(policy=policy, on=DAY)
        return len(captured)

    owing(policy)
    statements()  # what is looked up once per process is looked up now
    owing(policy)
    few = statements()
    for _ in range(8):
        owing(policy)
    assert statements() == few
    assert Handover.objects.count() == 10


def test_r22_stopping_to_write_is_an_end_of_its_own_with_a_hold(policy: Policy) -> None:
    who, (invoice,) = owing(policy)
    made = proposed(policy, "hold")
    assert (made.kind, made.state, made.outcome) == ("hold", "closed", "stopped")
    assert InvoiceHold.objects.get(invoice=invoice).starts_on == DAY
    assert codes(policy, who) == ["invoice_held"]
    assert propose_due_handovers(policy=policy, on=DAY) == 0


def test_handing_over_stops_reminders_and_asks_for_the_bundle(policy: Policy, cast: Cast, small: None) -> None:
    who, (invoice,) = owing(policy)
    approved = approve_handover(handover=proposed(policy), on=DAY, recipient="Inkasso Nord", actor=cast.lead)
    assert approved.state == "approved"
    done = hand_over(handover=approved, on=DAY, actor=cast.lead)
    assert (done.state, done.recipient, done.handed_over_on) == ("handed_over", "Inkasso Nord", DAY)
    assert done.bundle_wanted_at is not None
    assert InvoiceHold.objects.get(invoice=invoice).reason == "With a collection agency: Inkasso Nord"
    assert codes(policy, who) == ["invoice_held"]


def test_taking_it_back_lets_reminders_follow_again(policy: Policy, cast: Cast, small: None) -> None:
    who, (invoice,) = owing(policy)
    approved = approve_handover(handover=proposed(policy), on=DAY, recipient="Inkasso Nord", actor=cast.lead)
    given = hand_over(handover=approved, on=DAY, actor=cast.lead)
    later = DAY + timedelta(days=3)
    back = end_handover(handover=given, outcome="", note="They found nobody there", on=later, actor=cast.lead)
    assert (back.state, back.ended_on) == ("returned", later)
    assert InvoiceHold.objects.get(invoice=invoice).released_on == later
    assert codes(policy, who, later) == ["finished"]
    with pytest.raises(Conflict):
        end_handover(handover=back, outcome="paid", note="again", on=later, actor=cast.lead)


def test_four_eyes_over_the_limit_whoever_began_it(policy: Policy, cast: Cast, small: None) -> None:
    who, _ = owing(policy, "5000.00")
    mine = propose_handover(
        customer=who, currency="EUR", kind="agency", reason="Does not answer", on=DAY, actor=cast.lead
    )
    with pytest.raises(NotAllowed, match="Ask a colleague"):
        approve_handover(handover=mine, on=DAY, recipient="Inkasso Nord", actor=cast.lead)
    end_handover(handover=mine, outcome="declined", note="Begin again", on=DAY, actor=cast.lead)
    other, _ = owing(policy, "6000.00")
    approved = approve_handover(handover=proposed(policy), on=DAY, recipient="Inkasso Nord", actor=cast.lead)
    with pytest.raises(NotAllowed, match="you decided the step before"):
        hand_over(handover=approved, on=DAY, actor=cast.lead)
    assert hand_over(handover=approved, on=DAY, actor=cast.admin).state == "handed_over"
    assert other.pk == approved.customer_id


def test_an_undecided_one_must_be_decided_first(policy: Policy, cast: Cast) -> None:
    owing(policy)
    found = proposed(policy, "decide")
    with pytest.raises(BadInput, match="Decide first"):
        approve_handover(handover=found, on=DAY, actor=cast.lead)
    assert approve_handover(handover=found, on=DAY, kind="legal", actor=cast.lead).kind == "legal"


def test_l7_norway_refuses_collection_while_the_notice_gave_too_little_time(policy: Policy, cast: Cast) -> None:
    owing(policy, country="NO")
    found = proposed(policy)
    with pytest.raises(BadInput, match="Norwegian law wants 14"):
        approve_handover(handover=found, on=DAY, recipient="Kreditor", actor=cast.lead)
    assert Handover.objects.get(pk=found.pk).state == "proposed"


def test_l6_denmark_allows_it_after_ten_days(policy: Policy, cast: Cast) -> None:
    owing(policy, country="DK")
    found = proposed(policy)
    assert approve_handover(handover=found, on=DAY, recipient="Inkasso", actor=cast.lead).state == "approved"


def test_a_write_off_within_the_limit_is_posted_and_ends_it(policy: Policy, cast: Cast, small: None) -> None:
    _, (invoice,) = owing(policy, "400.00")
    approve_handover(handover=proposed(policy, "write_off"), on=DAY, actor=cast.lead)
    assert settle_handovers(entity_id=policy.entity_id, on=DAY) == 1
    ended = Handover.objects.get()
    assert (ended.state, ended.outcome) == ("closed", "written_off")
    assert sum(row.amount for row in invoice.allocations.all()) == Decimal(400)


def test_a_write_off_over_the_limit_waits_in_the_books_and_comes_back_when_it_is_refused(
    policy: Policy, cast: Cast
) -> None:
    owing(policy, "400.00")
    found = approve_handover(handover=proposed(policy, "write_off"), on=DAY, actor=cast.lead)
    assert found.approval is not None
    assert found.approval.state == "requested"
    assert settle_handovers(entity_id=policy.entity_id, on=DAY) == 0
    reject_approval(approval=found.approval, reason="Try once more", actor=cast.admin)
    assert settle_handovers(entity_id=policy.entity_id, on=DAY) == 1
    assert Handover.objects.get().state == "returned"


def test_r24_money_for_all_of_it_closes_it_and_ends_the_hold(policy: Policy, cast: Cast, small: None) -> None:
    who, (invoice,) = owing(policy)
    approved = approve_handover(handover=proposed(policy), on=DAY, recipient="Inkasso Nord", actor=cast.lead)
    hand_over(handover=approved, on=DAY, actor=cast.lead)
    factories.payment(who, "100.00", received_on=DAY, shares=[(invoice, None)])
    assert settle_handovers(entity_id=policy.entity_id, on=DAY + timedelta(days=1)) == 1
    assert settle_handovers(entity_id=policy.entity_id, on=DAY + timedelta(days=1)) == 0
    ended = Handover.objects.get()
    assert (ended.state, ended.outcome) == ("closed", "paid")
    assert InvoiceHold.objects.get().released_on == DAY + timedelta(days=1)


def test_the_database_allows_one_open_handover_and_no_change_of_an_ended_one(policy: Policy, cast: Cast) -> None:
    owing(policy)
    found = proposed(policy)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(
            customer=found.customer, entity=found.entity, currency="EUR", amount=1, kind="legal", reason="x",
            proposed_on=DAY,
        )  # fmt: skip
    end_handover(handover=found, outcome="declined", note="No need", on=DAY, actor=cast.lead)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Handover.objects.filter(pk=found.pk).update(outcome="paid")


def test_a_person_proposes_what_is_overdue_and_undisputed_and_only_once(policy: Policy, cast: Cast) -> None:
    pin(DAY)
    who = factories.customer()
    late = factories.invoice(who, "100.00", due_on=DAY - timedelta(days=1))
    factories.invoice(who, "50.00", due_on=DAY)
    made = propose_handover(
        customer=who, currency="EUR", kind="legal", reason="Insolvent", on=DAY, actor=cast.collector
    )
    assert [item.invoice_id for item in made.items.all()] == [late.pk]
    with pytest.raises(Conflict):
        propose_handover(customer=who, currency="EUR", kind="legal", reason="Insolvent", on=DAY, actor=cast.collector)
    with pytest.raises(BadInput, match="Nothing that is overdue"):
        propose_handover(customer=who, currency="USD", kind="legal", reason="Insolvent", on=DAY, actor=cast.collector)


def test_credit_is_stopped_once_and_lifted_once(cast: Cast) -> None:
    who = factories.customer()
    stop = stop_credit(customer=who, since=DAY, reason="Over 90 days late", actor=cast.lead)
    with pytest.raises(Conflict):
        stop_credit(customer=who, since=DAY, reason="Once more", actor=cast.lead)
    lifted = lift_credit_stop(stop=stop, on=DAY + timedelta(days=5), why="Paid", actor=cast.lead)
    assert (lifted.until, lifted.lifted_by) == (DAY + timedelta(days=5), cast.lead)
    with pytest.raises(Conflict):
        lift_credit_stop(stop=stop, on=DAY, actor=cast.lead)
    assert stop_credit(customer=who, since=DAY + timedelta(days=9), reason="Again", actor=cast.lead).pk != stop.pk
