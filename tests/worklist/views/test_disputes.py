"""Disputes on the screen: list, board, one case with what is done with it, the colleague's link, and the figures."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collections_app.accounts.models import User
from customers.models import Attachment, BusinessClock, Customer
from invoices.models import Approval, CreditNote, CurrencyRules, Dispute, DisputeCase, DisputeQuestion
from invoices.services.ask_colleague import ask_colleague
from invoices.services.change_case import Values, change_case
from invoices.services.close_case import close_case
from invoices.services.open_case import open_case
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Notification
from worklist.services.tell_owners import tell_owners

pytestmark = pytest.mark.django_db

HOSTILE = '<img src=x onerror=alert(1)><div hx-get="/undo/" hx-trigger="load" data-hx-get="/x">'


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """The clock stands on DAY, and nobody has been counted yet."""
    BusinessClock.objects.create(pinned_on=DAY)
    cache.clear()
    yield
    cache.clear()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def case_of(*totals: str, who: Customer | None = None, **more: Any) -> DisputeCase:
    who = who or factories.customer()
    items = [(factories.invoice(who, total, due_on=DAY - timedelta(days=20)), None) for total in totals]
    told: dict[str, Any] = {"reason": "price", "opened_on": DAY, "by": "test", **more}
    return open_case(customer=who, items=items, **told)


def shown(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def does(user: User, case: DisputeCase, action: str, **data: Any) -> HttpResponse:
    answer: Any = signed_in(user).post(reverse(f"dispute_{action}_case", args=[case.pk]), data)
    assert isinstance(answer, HttpResponse)
    return answer


def asked(case: DisputeCase, actor: User) -> tuple[DisputeQuestion, str]:
    question, url = ask_colleague(
        case=case, name="Sam Stock", email="sam@nordwind.example", text="Did it leave?", now=timezone.now(), on=DAY,
        actor=actor,
    )  # fmt: skip
    return question, reverse("dispute_answer", args=[url.rstrip("/").rpartition("/")[2]])


def test_u32_a_dispute_of_several_invoices_is_opened_from_the_account(cast: Cast) -> None:
    who = factories.customer(collector=cast.collector)
    first, second, third = (factories.invoice(who, total) for total in ("80.00", "50.00", "20.00"))
    data = {"invoices": [first.pk], f"amount_{first.pk}": "30.00", f"amount_{second.pk}": "10", "reason": "quality"}
    answer = signed_in(cast.collector).post(reverse("account_dispute", args=[who.pk]), data)
    assert answer.status_code == 302
    case = DisputeCase.objects.get()
    amounts = {row.invoice_id: row.amount for row in case.disputes.all()}
    assert amounts == {first.pk: Decimal("30.00"), second.pk: Decimal("10.00")}, "an amount ticks its invoice"
    account = shown(signed_in(cast.collector), "account", who.pk)
    assert reverse("dispute_case", args=[case.pk]) in account
    assert third.number in account


def test_an_account_with_everything_in_dispute_says_so_instead_of_an_empty_choice(cast: Cast) -> None:
    case = case_of("80.00")
    assert "in dispute already" in shown(signed_in(cast.collector), "account_dispute", case.customer_id)


@pytest.mark.parametrize("typed", ["80.01", "-1", "a lot", "0"])
def test_an_amount_that_cannot_be_is_refused_at_the_invoices_and_kept(cast: Cast, typed: str) -> None:
    who = factories.customer()
    invoice = factories.invoice(who, "80.00")
    data = {"invoices": [invoice.pk], f"amount_{invoice.pk}": typed, "reason": "price", "text": "My words"}
    answer = signed_in(cast.collector).post(reverse("account_dispute", args=[who.pk]), data)
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.content.decode()
    assert "My words" in answer.content.decode()
    assert not DisputeCase.objects.exists()


def test_the_list_shows_those_to_answer_first_and_finds_by_invoice(cast: Cast) -> None:
    late = case_of("80.00", opened_on=DAY - timedelta(days=60), owner=cast.collector)
    fresh = case_of("50.00", reason="quality")
    client = signed_in(cast.collector)
    page = shown(client, "disputes")
    assert page.index(late.reference) < page.index(fresh.reference)
    for query, found in (
        ({"show": "late"}, late), ({"show": "mine"}, late), ({"reason": "quality"}, fresh),
        ({"q": fresh.disputes.get().invoice.number}, fresh), ({"q": late.customer.name}, late),
    ):  # fmt: skip
        page = shown(client, "disputes", **query)
        other = fresh if found == late else late
        assert f">{found.reference}<" in page, query
        assert f">{other.reference}<" not in page, query
    assert "Another filter" in shown(client, "disputes", q="\x00nobody")


def test_the_board_has_a_column_per_stage_and_a_card_is_moved_by_its_menu(cast: Cast) -> None:
    case = case_of("80.00")
    client = signed_in(cast.collector)
    board = shown(client, "dispute_board")
    assert board.count("board-column") == 5
    address = reverse("dispute_stage", args=[case.pk])
    answer = client.post(address, {"to": "customer", "seen": "new"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    case.refresh_from_db()
    assert case.stage == "customer"
    again = client.post(address, {"to": "investigating", "seen": "new"}, headers={"HX-Request": "true"})
    assert "was first" in again.headers["HX-Trigger"]
    assert client.post(address, {"to": "closed", "seen": "customer"}).status_code == 302
    case.refresh_from_db()
    assert case.stage == "customer"
    assert 'name="to"' not in shown(signed_in(cast.viewer), "dispute_board")


def test_d98_list_board_and_figures_take_as_many_statements_for_ten_cases_as_for_forty(cast: Cast) -> None:
    client = signed_in(cast.lead)
    counts = []
    for more in (10, 30):
        for _ in range(more):
            case_of("80.00", "20.00", owner=cast.lead)
        for name in ("disputes", "dispute_board", "dispute_figures"):
            client.get(reverse(name))
            with CaptureQueriesContext(connection) as found:
                assert client.get(reverse(name)).status_code == 200
            counts.append(len(found))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 20


def test_the_page_of_a_case_takes_few_statements_however_much_happened(cast: Cast) -> None:
    client, counts = signed_in(cast.collector), []
    for times in (1, 12):
        case = case_of(*["10.00"] * times)
        for number in range(times):
            does(cast.lead, case, "comment", text=f"Word {number}", attached=SimpleUploadedFile("a.txt", b"x"))
        with CaptureQueriesContext(connection) as found:
            shown(client, "dispute_case", case.pk)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 20


def test_every_form_of_a_case_opens_as_a_page_and_as_a_fragment(cast: Cast) -> None:
    case = case_of("80.00", "50.00")
    client = signed_in(cast.collector)
    for code in ("move", "comment", "ask", "change", "add", "close"):
        address = reverse(f"dispute_{code}_case", args=[case.pk])
        assert f'action="{address}"' in client.get(address).content.decode() or code == "add"
        part = client.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part
        assert client.post(address, {}, headers={"HX-Request": "true"}).status_code == 422


def test_a_case_is_worked_from_its_page_to_its_end(cast: Cast) -> None:
    CurrencyRules.objects.create(currency="EUR", approval_over=Decimal(100))
    case = case_of("80.00")
    more = factories.invoice(case.customer, "20.00")
    assert does(cast.collector, case, "move", to="customer", seen="new", text="Asked for photos").status_code == 302
    files = [SimpleUploadedFile("photo.png", b"x"), SimpleUploadedFile("b.txt", b"y")]
    assert does(cast.collector, case, "comment", text="Here they are", attached=files).status_code == 302
    assert does(cast.collector, case, "add", invoices=[more.pk]).status_code == 302
    page = shown(signed_in(cast.collector), "dispute_case", case.pk)
    for words in ("Asked for photos", "Here they are", "photo.png", "100.00", more.number):
        assert words in page
    ended = does(cast.collector, case, "close", outcome="credited", resolution="Broken", root_cause="quality")
    assert ended.status_code == 302
    page = shown(signed_in(cast.collector), "dispute_case", case.pk)
    assert "asked for a second person" in page
    assert "Open the requests" not in page
    request = Approval.objects.get()
    assert signed_in(cast.lead).post(reverse("approval_approve", args=[request.pk])).status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.outcome, CreditNote.objects.count()) == ("closed", "credited", 2)
    assert does(cast.collector, case, "reopen", why="Again").status_code == 409


def test_one_s_own_request_is_withdrawn_on_the_page_of_the_case(cast: Cast) -> None:
    case = case_of("80.00")
    close_case(case=case, outcome="adjusted", resolution="Small", on=DAY, actor=cast.collector)
    address = reverse("dispute_case_withdraw", args=[case.pk])
    assert signed_in(cast.lead).post(address).status_code == 403
    assert signed_in(cast.collector).post(address).status_code == 302
    assert signed_in(cast.collector).post(address).status_code == 409
    case.refresh_from_db()
    assert case.stage == "investigating"


def test_d87_the_second_editor_sees_who_when_and_both_values_and_keeps_the_own_text(cast: Cast) -> None:
    case = case_of("80.00")
    invoice = case.disputes.get().invoice_id
    first = Values(cast.lead, case.answer_by, "quality", "", {})
    change_case(case=case, version=1, values=first, on=DAY, actor=cast.lead)
    mine = {"version": "1", "owner": str(cast.collector.pk), "answer_by": "2026-03-25", "reason": "quantity",
            "root_cause": "delivery", f"amount_{invoice}": "12.34"}  # fmt: skip
    answer = does(cast.collector, case, "change", **mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in (str(cast.lead), "Quality or damage", "Wrong quantity", "2026-03-16", "2026-03-25", "12.34", "80.00"):
        assert words in page
    assert 'name="version" value="2"' in page, "saved again, it is put on top of what was seen"
    case.refresh_from_db()
    assert (case.owner, case.reason) == (cast.lead, "quality")
    assert does(cast.collector, case, "change", **{**mine, "version": "2"}).status_code == 302
    case.refresh_from_db()
    assert (case.owner, case.reason, case.disputes.get().amount) == (cast.collector, "quantity", Decimal("12.34"))


def test_d54_fields_that_are_not_in_the_form_are_ignored(cast: Cast) -> None:
    case = case_of("80.00")
    does(cast.collector, case, "comment", text="x", stage="closed", outcome="credited", owner=cast.stranger.pk)
    mine = {"version": "1", "owner": "", "answer_by": "2026-03-25", "reason": "price",
            f"amount_{case.disputes.get().invoice_id}": "80", "stage": "closed", "amount_999": "1"}  # fmt: skip
    assert does(cast.collector, case, "change", **mine).status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.outcome, case.owner) == ("new", "", None)
    stranger = does(cast.collector, case, "change", **{**mine, "version": "2", "owner": cast.stranger.pk})
    assert stranger.status_code == 422


def test_d53_cases_of_another_team_are_not_found(cast: Cast) -> None:
    case = case_of("80.00")
    question, _ = asked(case, cast.collector)
    client = signed_in(cast.stranger)
    for code in ("move", "comment", "ask", "change", "add", "close", "reopen"):
        assert client.get(reverse(f"dispute_{code}_case", args=[case.pk])).status_code == 404
        assert client.post(reverse(f"dispute_{code}_case", args=[case.pk])).status_code == 404
    for name, pk in (("dispute_stage", case.pk), ("dispute_case_withdraw", case.pk),
                     ("dispute_question_revoke", question.pk)):  # fmt: skip
        assert client.post(reverse(name, args=[pk])).status_code == 404
        assert signed_in(cast.viewer).post(reverse(name, args=[pk])).status_code == 403
    assert client.get(reverse("dispute_case", args=[case.pk])).status_code == 404
    for name in ("disputes", "dispute_board", "dispute_figures"):
        assert case.reference not in shown(client, name)
    other = factories.invoice(factories.customer(), "10.00")
    assert does(cast.collector, case, "add", invoices=[other.pk]).status_code == 422


def test_d66_d67_payloads_in_words_names_and_files_are_inert(cast: Cast) -> None:
    who = factories.customer(name=HOSTILE)
    case = case_of("80.00", who=who, text=HOSTILE, owner=cast.collector)
    does(cast.lead, case, "comment", text=HOSTILE, attached=SimpleUploadedFile("<img src=x>.png", b"x"))
    _, address = asked(case, cast.lead)
    Client().post(address, {"text": HOSTILE})
    client = signed_in(cast.collector)
    pages = [shown(client, name) for name in ("disputes", "dispute_board")]
    pages.append(shown(client, "dispute_case", case.pk))
    _, second = asked(case, cast.lead)
    pages.append(Client().get(second).content.decode())
    for page in pages:
        assert "&lt;img src=x" in page
        assert "<img src=x" not in page
        assert '<div hx-get="/undo/"' not in page


def test_a_question_is_mailed_and_its_link_shown_once(cast: Cast, mailoutbox: list[Any]) -> None:
    case = case_of("80.00")
    answer = does(cast.collector, case, "ask", to_name="Sam", to_email="sam@nordwind.example", question="Did it leave?")
    page = answer.content.decode()
    mail = mailoutbox[0]
    link = next(word for word in mail.body.split() if "/answer/" in word)
    assert answer.status_code == 200
    assert link in page
    assert (mail.to, "Did it leave?" in mail.body) == (["sam@nordwind.example"], True)
    assert link not in shown(signed_in(cast.collector), "dispute_case", case.pk)


def test_looking_at_a_question_changes_nothing_and_the_answer_is_taken_once(cast: Cast) -> None:
    case = case_of("80.00", owner=cast.collector)
    question, address = asked(case, cast.lead)
    stranger = Client()
    for method in (stranger.get, stranger.head, stranger.options):
        method(address)
    case.refresh_from_db()
    assert (case.stage, DisputeQuestion.objects.get().answered_at) == ("colleague", None)
    page = stranger.get(address)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"]
    assert stranger.post(address, {"text": " "}).status_code == 422
    thanks = stranger.post(address, {"text": "It left", "attached": SimpleUploadedFile("pod.pdf", b"%PDF")})
    assert "Thank you" in thanks.content.decode()
    assert Attachment.objects.get().added_by_name == "Sam Stock"
    assert (stranger.get(address).status_code, stranger.post(address, {"text": "Or not"}).status_code) == (410, 410)
    question.refresh_from_db()
    assert question.answer == "It left"
    told = Notification.objects.filter(user=cast.collector).values_list("text", flat=True)
    assert any("Sam Stock answered" in text for text in told)


def test_a_question_that_was_taken_back_is_gone_and_guessing_is_slowed_down(cast: Cast) -> None:
    case = case_of("80.00")
    question, address = asked(case, cast.lead)
    assert signed_in(cast.collector).post(reverse("dispute_question_revoke", args=[question.pk])).status_code == 302
    assert Client().get(address).status_code == 410
    guess = reverse("dispute_answer", args=["guess"])
    codes = [Client().get(guess).status_code for _ in range(25)]
    assert codes[0] == 404
    assert codes[-1] == 429


def test_answers_are_limited_per_minute(cast: Cast) -> None:
    _, address = asked(case_of("80.00"), cast.lead)
    codes = [Client().post(address, {"text": ""}).status_code for _ in range(7)]
    assert codes == [422] * 5 + [429] * 2


def test_the_owner_is_told_once_of_what_others_did_and_of_a_near_deadline(cast: Cast) -> None:
    case = case_of("80.00", owner=cast.collector)
    does(cast.collector, case, "comment", text="My own word")
    does(cast.lead, case, "comment", text="A word")
    near = case_of("50.00", owner=cast.lead, answer_on=DAY + timedelta(days=1), actor=cast.lead, by="")
    for _ in range(2):
        tell_owners(now=timezone.now(), on=DAY)
    mine = [row.text for row in Notification.objects.filter(user=cast.collector)]
    assert len(mine) == 2, "the opening by somebody else and the lead's word"
    assert any("Lead commented" in text for text in mine)
    assert [near.reference in row.text for row in Notification.objects.filter(user=cast.lead)] == [True]


def test_f37_the_figures_say_reason_cause_days_money_owner_and_repeat_offenders(cast: Cast) -> None:
    who = factories.customer(name="Often Wrong Ltd")
    for days, total in ((0, "80.00"), (4, "50.00"), (10, "20.00")):
        case = case_of(total, who=who, opened_on=DAY - timedelta(days=days), owner=cast.collector)
        if days:
            close_case(
                case=case, outcome="rejected" if days == 4 else "adjusted", resolution="x", root_cause="pricing",
                on=DAY, actor=cast.lead,
            )  # fmt: skip
    approval = Approval.objects.get()
    signed_in(cast.admin).post(reverse("approval_approve", args=[approval.pk]))
    page = shown(signed_in(cast.lead), "dispute_figures").replace("\xa0", " ")
    for words in ("Often Wrong Ltd", "Wrong price", "Price or discount wrong", "€150.00", "€20.00 · 29 %", "3 disputes",
                  str(cast.collector)):  # fmt: skip
        assert words in page, words
    assert shown(signed_in(cast.lead), "dispute_figures", months="nonsense", currency="XXX")
    assert Dispute.objects.filter(state="accepted").count() == 1


def test_figures_without_any_dispute_say_so(cast: Cast) -> None:
    assert "No disputes in this period" in shown(signed_in(cast.lead), "dispute_figures")


def test_d90_a_question_sent_again_after_a_lost_answer_is_asked_and_mailed_once(cast: Cast) -> None:
    case, mails = case_of("100.00"), len(mail.outbox)
    data = {"to_name": "Sam", "to_email": "sam@nordwind.example", "question": "Did it leave?", "once": "0f" * 16}
    assert does(cast.collector, case, "ask", **data).status_code == 200
    again = does(cast.collector, case, "ask", **data)
    assert again.headers["Location"] == reverse("dispute_case", args=[case.pk])
    assert (case.questions.count(), len(mail.outbox) - mails) == (1, 1)
    assert does(cast.collector, case, "ask", **(data | {"once": "1f" * 16})).status_code == 200
    assert case.questions.count() == 2


def test_an_owner_who_left_the_team_is_not_lost_when_something_else_changes(cast: Cast) -> None:
    case = case_of("100.00", owner=cast.stranger)
    form = shown(signed_in(cast.collector), "dispute_change_case", case.pk)
    assert f'<option value="{cast.stranger.pk}" selected>' in form
    data = {"version": case.version, "owner": cast.stranger.pk, "answer_by": case.answer_by, "reason": "quality"}
    amount = {f"amount_{case.disputes.get().invoice_id}": "100.00"}
    assert does(cast.collector, case, "change", **data, **amount).status_code == 302
    case.refresh_from_db()
    assert (case.owner, case.reason) == (cast.stranger, "quality")
