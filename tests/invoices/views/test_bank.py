"""The pages of the bank inbox and of bank files: who may, what is shown, what each key does, what is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.models import BusinessClock, Customer
from invoices.models import BankAccount, BankFile, BankLine, BankPosting, BankStatement, Dispute, Payment
from invoices.services.match_waiting_lines import match_waiting_lines
from invoices.services.post_line import post_line
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from tests.invoices.bank_files import Paid, account_of, bank_line, camt, imported

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "panel"}


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Any) -> None:
    """Kept files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def desk(client: Client, cast: Cast) -> Client:
    """The accountant at the browser, on a day soon after the statement."""
    BusinessClock.objects.create(pinned_on=DAY + timedelta(days=3))
    client.force_login(cast.accountant)
    return client


@pytest.fixture
def acme(db: None) -> Customer:
    return factories.customer(name="Acme Ltd", number="K-1")


def by_hand() -> None:
    """Nothing posts by itself."""
    account_of(factories.entity(), post_certain=False)


def suggested(amount: str, text: str = "INV", **facts: Any) -> BankLine:
    """A waiting line that was matched."""
    line = bank_line(amount, text, **facts)
    match_waiting_lines(now=timezone.now() + timedelta(days=2))
    return line


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_an_empty_inbox_says_what_to_do(desk: Client) -> None:
    page = text_of(desk.get("/cash/bank/"))
    assert "No line waits" in page
    assert "/cash/bank/files/" in page


def test_a_line_shows_its_suggestions_with_score_reasons_invoices_and_what_stays(desk: Client, acme: Customer) -> None:
    by_hand()
    invoice = factories.invoice(acme, "150.00", number="2026-10417")
    suggested("119.00", "Invoice 2026-10417")
    page = text_of(desk.get("/cash/bank/"))
    assert "2026-10417" in page
    assert "€31.00" in page  # stays
    assert "The text names" in page
    assert f"/invoices/{invoice.pk}/" in page


def test_taking_a_suggestion_posts_it_and_shows_the_next_line_with_an_undo(desk: Client, acme: Customer) -> None:
    by_hand()
    invoice = factories.invoice(acme, "119.00", number="2026-10417")
    first, second = suggested("119.00", "Invoice 2026-10417"), bank_line("7.00", "something else")
    take = reverse("bank_take", args=[first.pk, first.suggestions.get(rank=1).pk])
    response = desk.post(take, {"back": ""}, headers=HTMX)
    assert response.status_code == 200
    assert f'data-shown-line="{second.pk}"' in text_of(response)
    assert f'data-gone="{first.pk}"' in text_of(response)
    assert f"/cash/bank/lines/{first.pk}/undo/" in response.headers["HX-Trigger"]
    posting = BankPosting.objects.get()
    assert (posting.posted_by.username, posting.score) == ("accountant", first.suggestions.get(rank=1).score)  # type: ignore[union-attr]
    assert posting.payment is not None
    assert posting.payment.allocations.get().invoice == invoice


def test_an_action_without_htmx_leads_back_to_the_list(desk: Client, acme: Customer) -> None:
    by_hand()
    factories.invoice(acme, "119.00", number="2026-10417")
    line = suggested("119.00", "Invoice 2026-10417")
    response = desk.post(reverse("bank_take", args=[line.pk, line.suggestions.get(rank=1).pk]))
    assert (response.status_code, response.headers["Location"]) == (302, "/cash/bank/?")
    assert "Undo" in text_of(desk.get("/cash/bank/"))


def test_d14_a_suggestion_made_anew_is_a_conflict_and_posts_nothing(desk: Client) -> None:
    line = bank_line("5.00")
    response = desk.post(reverse("bank_take", args=[line.pk, 999]), headers=HTMX)
    assert response.status_code == 409
    assert "made anew" in text_of(response)
    assert not Payment.objects.exists()


def test_d14_a_line_settled_by_a_colleague_answers_409_with_their_name(
    desk: Client, cast: Cast, acme: Customer
) -> None:
    by_hand()
    factories.invoice(acme, "119.00", number="2026-10417")
    line = suggested("119.00", "Invoice 2026-10417")
    found = line.suggestions.get(rank=1)
    post_line(line=line, customer=acme, actor=cast.lead)
    response = desk.post(reverse("bank_take", args=[line.pk, found.pk]), headers=HTMX)
    assert response.status_code == 409
    assert "settled by Lead" in text_of(response)


def test_undo_makes_the_line_wait_and_d89_refuses_when_others_changed_it(desk: Client, acme: Customer) -> None:
    line = bank_line("50.00")
    posting = post_line(line=line, customer=acme)
    undo = reverse("bank_undo", args=[line.pk])
    assert desk.post(f"{undo}?of=12345", headers=HTMX).status_code == 409
    assert desk.post(f"{undo}?of={posting.pk}", headers=HTMX).status_code == 200
    line.refresh_from_db()
    assert line.state == "waiting"
    assert desk.post(undo).status_code == 409


def test_a_line_is_settled_by_hand_through_the_search(desk: Client, acme: Customer) -> None:
    invoice = factories.invoice(acme, "80.00", number="2026-5")
    line = bank_line("100.00", name="Somebody")
    settle = reverse("bank_settle", args=[line.pk])
    assert "Acme Ltd" in text_of(desk.get(f"{settle}?find=2026-5"))
    assert "Nobody is called" in text_of(desk.get(f"{settle}?find=zzz"))
    form = text_of(desk.get(f"{settle}?customer=K-1"))
    assert 'value="80"' in form
    wrong = desk.post(settle, {"customer": "K-1", f"share_{invoice.pk}": "900"})
    assert wrong.status_code == 422
    assert "Only" in text_of(wrong)
    right = desk.post(settle, {"customer": "K-1", f"share_{invoice.pk}": "80.00"})
    assert right.status_code == 302
    assert invoice.allocations.count() == 1
    line.refresh_from_db()
    assert line.state == "posted"


def test_a_returned_payment_is_settled_by_hand(desk: Client, acme: Customer) -> None:
    invoice = factories.invoice(acme, "80.00")
    payment = factories.payment(acme, "80.00", shares=[(invoice, None)])
    line = bank_line("-80.00", name="Somebody")
    settle = reverse("bank_settle", args=[line.pk])
    assert f'value="{payment.pk}"' in text_of(desk.get(f"{settle}?customer=K-1"))
    assert desk.post(settle, {"customer": "K-1"}).status_code == 422
    assert desk.post(settle, {"customer": "K-1", "payment": payment.pk}).status_code == 302
    line.refresh_from_db()
    assert line.state == "posted"


def test_a_line_is_split(desk: Client, acme: Customer) -> None:
    other = factories.customer(number="K-2")
    line = bank_line("100.00")
    split = reverse("bank_split", args=[line.pk])
    assert desk.get(split).status_code == 200
    assert desk.post(split, {"customer_1": "nobody", "amount_1": "5"}).status_code == 422
    assert desk.post(split, {"customer_1": "K-1"}).status_code == 422
    assert desk.post(split, {}).status_code == 422
    both = {"customer_1": "K-1", "amount_1": "60", "customer_2": "K-2", "amount_2": "40", "oldest_2": "on"}
    assert desk.post(split, both).status_code == 302
    assert {p.customer for p in Payment.objects.all()} == {acme, other}


def test_a_line_is_parked_and_set_aside(desk: Client, acme: Customer) -> None:
    line, fee = bank_line("10.00"), bank_line("-2.00")
    park, aside = reverse("bank_park", args=[line.pk]), reverse("bank_ignore", args=[fee.pk])
    assert desk.post(park, {}).status_code == 422
    assert desk.post(park, {"customer": "nobody"}).status_code == 422
    assert desk.post(park, {"customer": "K-1", "note": "asks"}).status_code == 302
    assert desk.post(aside, {"what": "other"}).status_code == 422
    assert desk.post(aside, {"what": "Bank fee or interest"}, headers=HTMX).status_code == 200
    for tab, words in (("parked", "asks"), ("ignored", "Bank fee or interest")):
        assert words in text_of(desk.get(f"/cash/bank/?show={tab}"))


def test_f10_a_deduction_opens_a_dispute(desk: Client, acme: Customer) -> None:
    by_hand()
    invoice = factories.invoice(acme, "150.00", number="2026-10417")
    line = suggested("119.00", "Invoice 2026-10417")
    deduct = reverse("bank_deduct", args=[line.pk])
    assert "Quality or damage" in text_of(desk.get(deduct, headers=HTMX))
    wrong = desk.post(deduct, {}, headers=HTMX)
    assert (wrong.status_code, wrong.headers["HX-Retarget"]) == (422, "#composer")
    assert desk.post(deduct, {"reason": "quality", "invoice": invoice.pk, "text": "torn"}).status_code == 302
    dispute = Dispute.objects.get()
    assert (f"{dispute.amount:.2f}", dispute.text) == ("31.00", "torn")


@pytest.mark.parametrize("path", ["split", "park", "deduct", "ignore", "settle"])
def test_every_form_opens_as_a_page_and_as_a_fragment(desk: Client, path: str) -> None:
    line = bank_line("10.00")
    page = text_of(desk.get(reverse(f"bank_{path}", args=[line.pk])))
    assert "<html" in page
    fragment = desk.get(reverse(f"bank_{path}", args=[line.pk]), headers=HTMX)
    assert "<html" not in text_of(fragment)
    assert 'id="composer-title"' in text_of(fragment)


def test_d53_lines_files_and_accounts_of_another_team_are_404(client: Client, cast: Cast) -> None:
    line = bank_line("10.00")
    client.force_login(cast.stranger)
    assert client.get(f"/cash/bank/?at={line.pk}").status_code == 404
    for path in ("split", "park", "deduct", "ignore", "settle"):
        assert client.get(reverse(f"bank_{path}", args=[line.pk])).status_code == 404
    assert client.post(reverse("bank_undo", args=[line.pk])).status_code == 404
    assert client.get(reverse("bank_file", args=[BankFile.objects.get().pk])).status_code == 404
    assert client.get(reverse("bank_account", args=[BankAccount.objects.get().pk])).status_code == 404
    assert "Acme" not in text_of(client.get("/cash/bank/"))


def test_lines_are_found_by_words_and_amount(desk: Client) -> None:
    bank_line("1234.50", "needle")
    bank_line("7.00", "hay", name="Hay Ltd")
    assert "Hay Ltd" not in text_of(desk.get("/cash/bank/?q=needle", headers={"HX-Request": "true"}))
    assert "needle" in text_of(desk.get("/cash/bank/?q=1,234.50", headers={"HX-Request": "true"}))
    assert "No line matches" in text_of(desk.get("/cash/bank/?q=zzz%00"))
    assert desk.get("/cash/bank/?show=nonsense&account=x&at=²&after=forged").status_code == 200


@contextmanager
def counted() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        yield queries


def test_d98_the_number_of_statements_is_the_same_for_10_and_1000_lines(desk: Client, acme: Customer) -> None:
    by_hand()
    for amount in range(10):
        factories.invoice(acme, f"{amount + 1}.00")
    imported(*(Paid(f"{n}.00", bank=str(n)) for n in range(1, 11)))
    match_waiting_lines(now=timezone.now())
    desk.get("/cash/bank/")
    with counted() as few:
        assert desk.get("/cash/bank/").status_code == 200
    imported(*(Paid(f"{n}.00", bank=f"X{n}") for n in range(1, 991)))
    match_waiting_lines(now=timezone.now())
    with counted() as many:
        assert desk.get("/cash/bank/").status_code == 200
    assert len(many) == len(few)


def upload(desk: Client, content: bytes, name: str = "a.xml") -> Any:
    return desk.post("/cash/bank/files/", {"file": SimpleUploadedFile(name, content)})


def test_an_upload_leads_to_what_became_of_the_file(desk: Client) -> None:
    factories.entity()
    response = upload(desk, camt([Paid("10.00"), Paid("20.00")]))
    page = text_of(desk.get(response.headers["Location"]))
    assert "2 lines added" in page
    assert "1,000.00" in page
    again = text_of(desk.get(upload(desk, camt([Paid("10.00"), Paid("20.00")])).headers["Location"]))
    assert "camt.053.001.08" in again
    assert BankLine.objects.count() == 2
    assert "a.xml" in text_of(desk.get("/cash/bank/files/"))


def test_d73_an_upload_with_an_odd_name_is_kept_under_our_own(desk: Client) -> None:
    upload(desk, b"nonsense", "../../x\u202e.xml")
    file = BankFile.objects.get()
    assert file.name == "x.xml"
    assert ".." not in file.content.name
    assert "Refused" in text_of(desk.get(f"/cash/bank/files/{file.pk}/"))


def test_an_upload_without_a_file_is_422(desk: Client) -> None:
    assert desk.post("/cash/bank/files/", {}).status_code == 422


def test_a_file_of_an_unknown_account_asks_whose_it_is(desk: Client) -> None:
    entity = factories.entity()
    place = upload(desk, camt([Paid("10.00")], iban="DE12500105170648489890")).headers["Location"]
    page = text_of(desk.get(place))
    assert "Legal entity of DE12500105170648489890 EUR" in page
    assert desk.post(place, {}).status_code == 422
    assert desk.post(place, {"entity_0": entity.pk}).status_code == 302
    assert BankLine.objects.count() == 1


def test_problems_are_listed_with_their_place_and_downloaded(desk: Client) -> None:
    factories.entity()
    content = camt([Paid("10.00"), Paid("20.00")]).replace(b'<Amt Ccy="EUR">20.00', b'<Amt Ccy="EUR">2x.00')
    place = upload(desk, content).headers["Location"]
    page = text_of(desk.get(place))
    assert "entry 2" in page
    assert "differs by" in page
    assert "entry 2" in text_of(desk.get(f"{place}problems.csv"))


def test_an_account_says_from_which_score_on_matches_post_by_themselves(desk: Client) -> None:
    account = account_of(factories.entity())
    place = reverse("bank_account", args=[account.pk])
    assert desk.get(place).status_code == 200
    assert desk.post(place, {"name": "Main", "certain_from": "30"}).status_code == 422
    assert desk.post(place, {"name": "Main", "certain_from": "95"}).status_code == 302
    account.refresh_from_db()
    assert (account.name, account.post_certain, account.certain_from) == ("Main", False, 95)


def test_d53_a_file_with_accounts_of_two_teams_shows_each_its_own(desk: Client, acme: Customer) -> None:
    line = bank_line("10.00", "INV")
    theirs = factories.entity("SE01", team=factories.team("Southern team"))
    account = BankAccount.objects.create(entity=theirs, identification="SE4550000000058398257466", currency="SEK")
    BankStatement.objects.create(file=line.statement.file, account=account, opening=0, closing=987654)
    page = text_of(desk.get(reverse("bank_file", args=[line.statement.file_id])))
    assert line.account.identification in page
    assert account.identification not in page
    assert "987" not in page
