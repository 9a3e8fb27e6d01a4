"""Dispute cases: several invoices, stages, colleagues by link, and an end by credit note or rejection (F37)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput, Conflict, NotAllowed
from customers.models import Attachment, Customer
from invoices.models import Adjustment, Approval, CreditNote, CurrencyRules, Dispute, DisputeCase, DisputeQuestion
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.pay_tokens import token_digest
from invoices.services.add_to_case import add_to_case
from invoices.services.answer_question import answer_question
from invoices.services.approve import approve
from invoices.services.approve_credit import approve_credit
from invoices.services.ask_colleague import ask_colleague
from invoices.services.change_case import Values, change_case
from invoices.services.close_case import close_case
from invoices.services.close_dispute import close_dispute
from invoices.services.comment_case import Brought, comment_case
from invoices.services.edit_approval import edit_approval
from invoices.services.move_case import move_case
from invoices.services.open_case import open_case
from invoices.services.open_dispute import open_dispute
from invoices.services.reject_approval import reject_approval
from invoices.services.reopen_case import reopen_case
from invoices.services.revoke_question import revoke_question
from invoices.services.settle_disputes import settle_disputes
from invoices.services.withdraw_approval import withdraw_approval
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def limit() -> CurrencyRules:
    """One person may give up to EUR 100."""
    return CurrencyRules.objects.create(currency="EUR", approval_over=Decimal(100))


def case_of(*totals: str, who: Customer | None = None, **more: Any) -> DisputeCase:
    """An open case over new invoices with these totals, all of each disputed."""
    who = who or factories.customer()
    items = [(factories.invoice(who, total), None) for total in totals]
    told: dict[str, Any] = {"reason": "price", "opened_on": DAY, "by": "test", **more}
    return open_case(customer=who, items=items, **told)


def values(case: DisputeCase, **more: Any) -> Values:
    """The values of the case as they are, but for these."""
    told: dict[str, Any] = {
        "owner": case.owner, "answer_by": case.answer_by, "reason": case.reason, "root_cause": case.root_cause,
        "amounts": {}, **more,
    }  # fmt: skip
    return Values(**told)


def ask(case: DisputeCase, actor: Any) -> tuple[DisputeQuestion, str]:
    return ask_colleague(
        case=case, name="Sam Stock", email="sam@nordwind.example", text="Did it leave?", now=NOW, on=DAY, actor=actor
    )


def test_a_case_takes_several_invoices_each_with_its_amount(cast: Cast) -> None:
    who = factories.customer(collector=cast.collector)
    first, second = factories.invoice(who, "80.00"), factories.invoice(who, "50.00")
    case = open_case(
        customer=who, items=[(first, Decimal("30.00")), (second, None)], reason="quality", text="Wet", opened_on=DAY,
        actor=cast.lead,
    )  # fmt: skip
    rows = {row.invoice_id: row for row in case.disputes.all()}
    assert {pk: row.amount for pk, row in rows.items()} == {first.pk: Decimal("30.00"), second.pk: Decimal("50.00")}
    assert (case.stage, case.owner, case.currency) == ("new", cast.collector, "EUR")
    assert case.reference == min(row.reference for row in rows.values())
    assert {row.answer_by for row in rows.values()} == {case.answer_by}
    assert [event.kind for event in case.events.all()] == ["opened"]


def test_every_dispute_of_a_payer_or_a_short_payment_is_a_case() -> None:
    dispute = open_dispute(
        invoice=factories.invoice(factories.customer(), "80.00"), amount=None, reason="price", via="payer",
        opened_on=DAY, by="payer",
    )  # fmt: skip
    assert dispute.case is not None
    assert (dispute.case.reference, dispute.case.via, dispute.case.owner) == (dispute.reference, "payer", None)


def test_invoices_of_two_customers_or_one_named_twice_are_no_case() -> None:
    first = factories.invoice(factories.customer(), "80.00")
    other = factories.invoice(factories.customer(), "80.00")
    for items in ([(first, None), (other, None)], [(first, None), (first, None)], []):
        with pytest.raises(BadInput):
            open_case(customer=first.customer, items=items, reason="price", opened_on=DAY, by="test")
    assert not DisputeCase.objects.exists()


def test_an_invoice_is_added_until_the_case_is_closed(cast: Cast) -> None:
    case = case_of("80.00")
    more, late = factories.invoice(case.customer, "20.00"), factories.invoice(case.customer, "10.00")
    add_to_case(case=case, items=[(more, None)], on=DAY, actor=cast.collector)
    assert case.disputes.count() == 2
    with pytest.raises(Conflict, match="already"):
        add_to_case(case=case, items=[(more, None)], on=DAY, actor=cast.collector)
    close_case(case=case, outcome="rejected", resolution="No.", on=DAY, actor=cast.lead)
    with pytest.raises(Conflict, match="closed"):
        add_to_case(case=case, items=[(late, None)], on=DAY, actor=cast.collector)


def test_a_case_moves_by_hand_and_the_second_mover_learns_who_was_first(cast: Cast) -> None:
    case = case_of("80.00")
    move_case(case=case, to="customer", seen="new", on=DAY, actor=cast.lead, text="Asked for photos")
    with pytest.raises(Conflict, match=str(cast.lead)):
        move_case(case=case, to="investigating", seen="new", on=DAY, actor=cast.collector)
    for illegal in ("closed", "approval", "new", "nonsense"):
        with pytest.raises(BadInput):
            move_case(case=case, to=illegal, seen="customer", on=DAY, actor=cast.lead)
    assert case.stage == "customer"


def test_changing_a_case_changes_its_open_disputes_too(cast: Cast) -> None:
    case = case_of("80.00", "50.00")
    first = case.disputes.order_by("pk")[0]
    told = values(
        case, owner=cast.lead, answer_by=date(2026, 3, 20), root_cause="pricing",
        amounts={first.invoice_id: Decimal("20.00")},
    )  # fmt: skip
    change_case(case=case, version=1, values=told, on=DAY, actor=cast.collector)
    first.refresh_from_db()
    assert (first.amount, first.owner, first.answer_by) == (Decimal("20.00"), cast.lead, date(2026, 3, 20))
    assert (case.version, case.root_cause, case.changed_by) == (2, "pricing", cast.collector)
    event = case.events.get(kind="changed")
    assert "80.00 → EUR\xa020.00" in event.text
    assert AuditEntry.objects.filter(action="dispute_case.changed", subject_id=case.pk).count() == 1


def test_changing_nothing_is_no_change(cast: Cast) -> None:
    case = case_of("80.00")
    change_case(case=case, version=1, values=values(case), on=DAY, actor=cast.lead)
    assert (case.version, case.events.filter(kind="changed").count()) == (1, 0)


def test_d87_the_second_save_of_two_editors_is_refused_and_changes_nothing(cast: Cast) -> None:
    case = case_of("80.00")
    change_case(case=case, version=1, values=values(case, owner=cast.lead), on=DAY, actor=cast.lead)
    with pytest.raises(Conflict, match=str(cast.lead)) as refusal:
        change_case(case=case, version=1, values=values(case, owner=cast.collector), on=DAY, actor=cast.collector)
    assert refusal.value.code == "case_changed"
    case.refresh_from_db()
    assert case.owner == cast.lead


def test_a_disputed_amount_is_not_raised_above_what_is_open(cast: Cast) -> None:
    case = case_of("80.00")
    pk = case.disputes.get().invoice_id
    for amount in ("80.01", "0", "-1"):
        with pytest.raises(BadInput) as refusal:
            change_case(
                case=case, version=1, values=values(case, amounts={pk: Decimal(amount)}), on=DAY, actor=cast.lead
            )
        assert f"amount_{pk}" in refusal.value.fields
    assert case.disputes.get().amount == Decimal("80.00")


def test_words_and_files_are_added_and_raise_no_version(cast: Cast) -> None:
    case = case_of("80.00")
    comment_case(
        case=case, text="See the photo", files=[Brought("a/b/photo.png", b"x", "image/png")], on=DAY, actor=cast.lead
    )  # fmt: skip
    assert [event.kind for event in case.events.order_by("pk")] == ["opened", "comment", "file"]
    assert (case.files.get().attachment.name, case.version) == ("photo.png", 1)
    with pytest.raises(BadInput):
        comment_case(case=case, text="  ", on=DAY, actor=cast.lead)
    with pytest.raises(BadInput, match="at most"):
        comment_case(case=case, text="", files=[Brought("a", b"x", "")] * 6, on=DAY, actor=cast.lead)
    assert Attachment.objects.count() == 1


def test_a_colleague_answers_once_by_a_link_of_which_only_the_digest_is_kept(cast: Cast) -> None:
    case = case_of("80.00")
    question, url = ask(case, cast.collector)
    token = url.rstrip("/").rpartition("/")[2]
    case.refresh_from_db()
    assert (case.stage, question.token_digest) == ("colleague", token_digest(token))
    assert token not in str(list(DisputeQuestion.objects.values())) + str(list(AuditEntry.objects.values()))
    answer_question(
        question=question, text="It left on 3 Feb.", files=[Brought("pod.pdf", b"%PDF", "application/pdf")], now=NOW,
        on=DAY,
    )  # fmt: skip
    case.refresh_from_db()
    assert (case.stage, question.answer, case.files.get().attachment.added_by_name) == (
        "investigating", "It left on 3 Feb.", "Sam Stock",
    )  # fmt: skip
    with pytest.raises(Conflict):
        answer_question(question=question, text="Or not", now=NOW, on=DAY)
    assert case.events.filter(kind="answered").count() == 1


def test_a_question_dies_with_time_or_when_it_is_taken_back(cast: Cast) -> None:
    case = case_of("80.00")
    old, _ = ask(case, cast.collector)
    with pytest.raises(Conflict):
        answer_question(question=old, text="Late", now=NOW + timedelta(days=14), on=DAY)
    revoke_question(question=old, now=NOW, on=DAY, actor=cast.lead)
    with pytest.raises(Conflict):
        answer_question(question=old, text="Too late", now=NOW, on=DAY)
    case.refresh_from_db()
    assert case.stage == "investigating"


def test_a_case_waits_until_the_last_colleague_answered(cast: Cast) -> None:
    case = case_of("80.00")
    first, second = ask(case, cast.collector)[0], ask(case, cast.collector)[0]
    answer_question(question=first, text="Yes", now=NOW, on=DAY)
    case.refresh_from_db()
    assert case.stage == "colleague"
    answer_question(question=second, text="No", now=NOW, on=DAY)
    case.refresh_from_db()
    assert case.stage == "investigating"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"email": "nobody"},
        {"email": "a@b\nBcc: c@d.example"},
        {"text": ""},
        {"email": f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 20}.example"},
    ],
)
def test_a_question_needs_a_name_an_address_and_words(cast: Cast, wrong: dict[str, str]) -> None:
    told = {"name": "Sam", "email": "sam@nordwind.example", "text": "Why?", **wrong}
    with pytest.raises(BadInput):
        ask_colleague(case=case_of("80.00"), now=NOW, on=DAY, actor=cast.lead, **told)
    assert not DisputeQuestion.objects.exists()


def test_a_small_case_ends_with_credit_notes_at_once(cast: Cast, limit: CurrencyRules) -> None:
    case = case_of("80.00", "10.00")
    close_case(
        case=case, outcome="credited", resolution="Rebate forgotten", root_cause="pricing", on=DAY,
        actor=cast.accountant,
    )  # fmt: skip
    rows = list(case.disputes.order_by("pk"))
    assert (case.stage, case.outcome, case.closed_on, case.root_cause) == ("closed", "credited", DAY, "pricing")
    assert {row.state for row in rows} == {"accepted"}
    assert set(open_amount_now([row.invoice_id for row in rows]).values()) == {Decimal(0)}
    assert {note.number for note in CreditNote.objects.all()} == {f"CR-{row.reference}" for row in rows}


def test_f37_over_the_limit_a_second_person_issues_the_credit_note(cast: Cast, limit: CurrencyRules) -> None:
    case = case_of("150.00")
    close_case(case=case, outcome="credited", resolution="Never delivered", on=DAY, actor=cast.accountant)
    request = Approval.objects.get()
    assert (case.stage, case.approval, request.kind, CreditNote.objects.count()) == (
        "approval",
        request,
        "credit_note",
        0,
    )
    with pytest.raises(NotAllowed):
        approve_credit(approval=request, actor=cast.accountant)
    with pytest.raises(Conflict):
        approve(approval=request, actor=cast.lead)
    done = approve_credit(approval=request, actor=cast.lead)
    assert (done.stage, done.outcome, done.disputes.get().state) == ("closed", "credited", "accepted")
    assert (CreditNote.objects.get().total, done.resolution) == (Decimal("150.00"), "Never delivered")


def test_f37_an_analyst_who_may_not_post_asks_whatever_the_amount(cast: Cast, limit: CurrencyRules) -> None:
    case = case_of("5.00")
    close_case(case=case, outcome="adjusted", resolution="Not worth it", on=DAY, actor=cast.collector)
    assert (case.stage, Adjustment.objects.count()) == ("approval", 0)
    approve(approval=Approval.objects.get(), actor=cast.lead)
    case.refresh_from_db()
    assert (case.stage, case.outcome, Adjustment.objects.get().amount) == ("closed", "adjusted", Decimal("5.00"))


def test_f37_a_large_credit_does_not_become_small_in_parts(cast: Cast, limit: CurrencyRules) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "160.00")
    for stage in ("closed", "approval"):
        case = open_case(customer=who, items=[(invoice, Decimal(80))], reason="price", opened_on=DAY, by="test")
        close_case(case=case, outcome="credited", resolution="Half", on=DAY, actor=cast.accountant)
        assert case.stage == stage


def test_a_refused_or_withdrawn_request_brings_the_case_back_to_work(cast: Cast, limit: CurrencyRules) -> None:
    case = case_of("150.00")
    close_case(case=case, outcome="credited", resolution="All", on=DAY, actor=cast.accountant)
    reject_approval(approval=Approval.objects.get(), reason="Half at most", actor=cast.lead)
    case.refresh_from_db()
    assert (case.stage, case.approval, case.resolution) == ("investigating", None, "")
    assert "Half at most" in [event.text for event in case.events.all()]
    close_case(case=case, outcome="adjusted", resolution="Half", on=DAY, actor=cast.accountant)
    withdraw_approval(approval=Approval.objects.get(state="requested"), actor=cast.accountant)
    case.refresh_from_db()
    assert (case.stage, case.disputes.get().state) == ("investigating", "open")


def test_an_edited_request_is_waited_for_and_a_credit_note_is_not_edited(cast: Cast, limit: CurrencyRules) -> None:
    case = case_of("150.00")
    close_case(case=case, outcome="adjusted", resolution="All", on=DAY, actor=cast.accountant)
    first = Approval.objects.get()
    shares = [(case.disputes.get().invoice, Decimal("120.00"))]
    anew = edit_approval(
        approval=first, kind="settlement", shares=shares, effective_on=DAY, reason="Less", actor=cast.accountant
    )
    approve(approval=anew, actor=cast.lead)
    case.refresh_from_db()
    assert (case.stage, case.outcome, case.approval) == ("closed", "adjusted", anew)
    other = case_of("150.00")
    close_case(case=other, outcome="credited", resolution="All", on=DAY, actor=cast.accountant)
    asked = Approval.objects.get(state="requested")
    with pytest.raises(Conflict):
        edit_approval(
            approval=asked, kind="write_off", shares=shares, effective_on=DAY, reason="x", actor=cast.accountant
        )


def test_a_credit_note_is_not_issued_for_a_dispute_that_ended_otherwise(cast: Cast, limit: CurrencyRules) -> None:
    case = case_of("150.00")
    close_case(case=case, outcome="credited", resolution="All", on=DAY, actor=cast.accountant)
    invoice = case.disputes.get().invoice
    factories.payment(case.customer, "150.00", shares=[(invoice, None)])
    settle_disputes(on=DAY)
    with pytest.raises(Conflict, match="Reject"):
        approve_credit(approval=Approval.objects.get(), actor=cast.lead)
    case.refresh_from_db()
    assert (case.outcome, CreditNote.objects.count(), Approval.objects.get().state) == ("settled", 0, "requested")


def test_what_was_paid_while_a_request_waited_is_not_credited(cast: Cast, limit: CurrencyRules) -> None:
    case = case_of("150.00", "40.00")
    first, second = case.disputes.order_by("pk")
    close_case(case=case, outcome="credited", resolution="All", on=DAY, actor=cast.accountant)
    factories.payment(case.customer, "40.00", shares=[(second.invoice, None)])
    for settled in (0, 1):
        assert settle_disputes(on=DAY) == 1 - settled
        with pytest.raises(Conflict, match="since"):
            approve_credit(approval=Approval.objects.get(), actor=cast.lead)
    assert (CreditNote.objects.count(), Approval.objects.get().state) == (0, "requested")
    reject_approval(approval=Approval.objects.get(), reason="Paid in part", actor=cast.lead)
    case.refresh_from_db()
    close_case(case=case, outcome="credited", resolution="The rest", on=DAY, actor=cast.accountant)
    approve_credit(approval=Approval.objects.get(state="requested"), actor=cast.lead)
    assert CreditNote.objects.get().corrects == first.invoice


def test_d87_the_second_to_close_a_case_learns_who_was_first_and_how(cast: Cast) -> None:
    case = case_of("80.00")
    close_case(case=case, outcome="rejected", resolution="As ordered", on=DAY, actor=cast.lead)
    with pytest.raises(Conflict) as refusal:
        close_case(case=case, outcome="withdrawn", resolution="", on=DAY, actor=cast.collector)
    for said in (str(cast.lead), "Rejected", "As ordered", "2 Mar 2026"):
        assert said in refusal.value.sentence


def test_a_rejection_needs_words_and_a_withdrawal_none(cast: Cast) -> None:
    case = case_of("80.00")
    for outcome, words in (("rejected", " "), ("credited", ""), ("settled", "x"), ("", "x")):
        with pytest.raises(BadInput):
            close_case(case=case, outcome=outcome, resolution=words, on=DAY, actor=cast.lead)
    close_case(case=case, outcome="withdrawn", resolution="", on=DAY, actor=cast.lead)
    assert case.disputes.get().state == "withdrawn"


def test_a_case_opened_again_disputes_what_is_still_open_anew(cast: Cast) -> None:
    case = case_of("80.00", "50.00")
    paid, unpaid = case.disputes.order_by("pk")
    close_case(case=case, outcome="rejected", resolution="As ordered", on=DAY, actor=cast.lead)
    factories.payment(case.customer, "50.00", shares=[(paid.invoice, None)])
    later = DAY + timedelta(days=10)
    factories.payment(case.customer, "50.00", shares=[(unpaid.invoice, None)])
    reopen_case(case=case, why="New photos", on=later, actor=cast.collector)
    again = case.disputes.get(state="open")
    assert (case.stage, case.outcome, case.closed_on) == ("investigating", "", None)
    assert (again.invoice_id, again.amount, again.opened_on) == (paid.invoice_id, Decimal("30.00"), later)
    assert case.answer_by > later
    with pytest.raises(Conflict):
        reopen_case(case=case, why="Again", on=later, actor=cast.collector)


def test_a_case_closes_itself_with_the_last_of_its_invoices(cast: Cast) -> None:
    case = case_of("80.00", "50.00")
    first, second = case.disputes.order_by("pk")
    factories.payment(case.customer, "80.00", shares=[(first.invoice, None)])
    assert settle_disputes(on=DAY) == 1
    case.refresh_from_db()
    assert case.stage == "new"
    close_dispute(dispute=second, state="rejected", resolution="As ordered", closed_on=DAY, actor=cast.lead)
    case.refresh_from_db()
    assert (case.stage, case.outcome) == ("closed", "rejected")


def test_cases_that_settle_are_closed_by_set(django_assert_max_num_queries: Any) -> None:
    cases = [case_of("80.00") for _ in range(6)]
    for case in cases:
        factories.payment(case.customer, "80.00", shares="oldest")
    with django_assert_max_num_queries(12):
        assert settle_disputes(on=DAY) == 6
    assert set(DisputeCase.objects.values_list("stage", "outcome", "closed_on")) == {("closed", "settled", DAY)}
    assert Dispute.objects.filter(state="settled").count() == 6


def test_f37_a_waiting_adjustment_is_not_posted_when_its_dispute_ended_otherwise(
    cast: Cast, limit: CurrencyRules
) -> None:
    """The request outlives the rows it was about: one invoice closed by hand, then both, then the case opened again."""
    case = case_of("200.00", "300.00")
    close_case(case=case, outcome="adjusted", resolution="Not worth it", on=DAY, actor=cast.accountant)
    case.refresh_from_db()
    asked = case.approval
    assert asked is not None
    for dispute in case.disputes.order_by("pk"):
        close_dispute(dispute=dispute, state="rejected", resolution="It was delivered", closed_on=DAY, actor=cast.lead)
        with pytest.raises(Conflict, match="Reject this request"):
            approve(approval=asked, actor=cast.lead)
    case.refresh_from_db()
    with pytest.raises(Conflict, match="still waits"):
        reopen_case(case=case, why="New proof", on=DAY, actor=cast.collector)
    reject_approval(approval=asked, reason="Ended otherwise", actor=cast.lead)
    reopen_case(case=case, why="New proof", on=DAY, actor=cast.collector)
    assert not Adjustment.objects.exists()
    assert case.stage == "investigating"
