"""The worklist page: what it shows, to whom, how it moves on, and that it costs the same for few and for many."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collections_app.accounts.models import User
from customers.models import BusinessClock, Customer
from invoices.models import Dispute, Invoice, Promise
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Activity, WorklistItem
from worklist.queries import items
from worklist.services.rescore import rescore_all

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


def late(amount: str = "1000.00", days: int = 40, **more: Any) -> tuple[Customer, Invoice]:
    who = factories.customer(**more)
    return who, factories.invoice(who, amount, due_on=DAY - timedelta(days=days))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(client: Client, **query: Any) -> str:
    return client.get(reverse("worklist"), query).content.decode()


def test_home_leads_each_role_to_its_day(cast: Cast) -> None:
    factories.entity()
    for name, place in (("collector", "worklist"), ("lead", "aging"), ("accountant", "bank")):
        assert signed_in(getattr(cast, name)).get("/").headers["Location"] == reverse(place)


def test_the_most_valuable_customer_stands_first_and_open_on_the_right(cast: Cast) -> None:
    small, big = late("100.00")[0], late("9000.00")[0]
    rescore_all(on=DAY)
    page = at(signed_in(cast.collector))
    assert page.index(f'id="row-{big.pk}"') < page.index(f'id="row-{small.pk}"')
    assert f'data-customer="{big.pk}"' in page
    assert "€9k is 40 d late" in page
    assert "<strong>0</strong> of 2 today" in page


def test_the_address_names_the_customer_and_the_filter(cast: Cast) -> None:
    mine = late(collector=cast.collector)[0]
    other = late("5000.00")[0]
    rescore_all(on=DAY)
    client = signed_in(cast.collector)
    assert f'data-customer="{mine.pk}"' in at(client, at=mine.pk)
    page = at(client, who="mine")
    assert f"row-{mine.pk}" in page
    assert f"row-{other.pk}" not in page
    assert at(client, who="nonsense", least="x", entity="9" * 40, at="-1", after="forged")


def test_htmx_gets_only_the_panel_of_the_row_that_was_chosen(cast: Cast) -> None:
    who = late()[0]
    rescore_all(on=DAY)
    answer = (
        signed_in(cast.collector)
        .get(reverse("worklist"), {"at": who.pk}, headers={**HTMX, "HX-Target": "panel"})
        .content.decode()
    )
    assert answer.lstrip().startswith("<article")
    assert "<html" not in answer


def test_a_stranger_sees_nobody_and_finds_nobody(cast: Cast) -> None:
    who = late()[0]
    rescore_all(on=DAY)
    client = signed_in(cast.stranger)
    assert who.name not in at(client)
    assert client.get(reverse("worklist"), {"at": who.pk}).status_code == 404
    assert client.get(reverse("account", args=[who.pk])).status_code == 404
    for code in ("call", "note", "promise", "dispute", "snooze", "assign", "hold"):
        assert client.post(reverse(f"account_{code}", args=[who.pk])).status_code == 404


def test_a_viewer_reads_and_may_not_act(cast: Cast) -> None:
    who = late()[0]
    rescore_all(on=DAY)
    client = signed_in(cast.viewer)
    assert "Log a call" not in at(client)
    assert client.post(reverse("account_call", args=[who.pk]), {"outcome": "reached"}).status_code == 403
    assert not Activity.objects.exists()


def test_a_call_is_logged_and_the_next_customer_comes_by_itself(cast: Cast) -> None:
    first, second = late("9000.00")[0], late("100.00")[0]
    rescore_all(on=DAY)
    client = signed_in(cast.collector)
    answer = client.post(
        reverse("account_call", args=[first.pk]), {"outcome": "no_answer", "back": f"at={first.pk}"}, headers=HTMX
    )
    page = answer.content.decode()
    assert f'data-customer="{second.pk}"' in page
    assert f'data-gone="{first.pk}"' in page
    assert "<strong>1</strong> of 2 today" in page
    assert answer.headers["HX-Push-Url"].endswith(f"at={second.pk}")
    assert "logged" in answer.headers["HX-Trigger"]
    assert (Activity.objects.get().outcome, WorklistItem.objects.get(pk=first.pk).done_on) == ("no_answer", DAY)
    assert f"row-{first.pk}" not in at(client)
    assert f"row-{first.pk}" in at(client, show="done")


def test_who_sees_the_next_customer_already_is_told_the_counts_only(cast: Cast) -> None:
    first, second = late("9000.00")[0], late("100.00")[0]
    rescore_all(on=DAY)
    answer = signed_in(cast.collector).post(
        reverse("account_call", args=[first.pk]),
        {"outcome": "no_answer", "back": f"at={first.pk}"},
        headers={**HTMX, "X-Shown-Ahead": "1"},
    )
    page = answer.content.decode()
    assert "<strong>1</strong> of 2 today" in page
    assert second.name not in page
    assert "HX-Push-Url" not in answer.headers
    assert "logged" in answer.headers["HX-Trigger"]
    assert WorklistItem.objects.get(pk=first.pk).done_on == DAY


def test_after_the_last_customer_the_day_is_done(cast: Cast) -> None:
    who = late()[0]
    rescore_all(on=DAY)
    client = signed_in(cast.collector)
    answer = client.post(
        reverse("account_call", args=[who.pk]), {"outcome": "reached", "back": f"at={who.pk}"}, headers=HTMX
    )
    assert "Done for today" in answer.content.decode()
    assert "Done for today" in at(client)


def test_without_script_a_form_leads_on_by_redirects(cast: Cast) -> None:
    who = late()[0]
    rescore_all(on=DAY)
    client = signed_in(cast.collector)
    assert "How did it go?" in client.get(reverse("account_call", args=[who.pk])).content.decode()
    answer = client.post(reverse("account_call", args=[who.pk]), {"outcome": "reached"})
    assert answer.headers["Location"] == reverse("account", args=[who.pk])
    assert "logged" in client.get(answer.headers["Location"]).content.decode()


def test_an_incomplete_form_comes_back_with_422_and_keeps_the_text(cast: Cast) -> None:
    who = late()[0]
    client = signed_in(cast.collector)
    answer = client.post(reverse("account_call", args=[who.pk]), {"text": "rang twice"}, headers=HTMX)
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#composer"
    assert "rang twice" in answer.content.decode()


def test_u31_a_promise_in_their_words_takes_the_oldest_invoices_first(cast: Cast) -> None:
    who, old = late("300.00", 60)
    factories.invoice(who, "400.00", due_on=DAY - timedelta(days=10))
    client = signed_in(cast.collector)
    client.post(reverse("account_promise", args=[who.pk]), {"said": "fri 500"})
    promise = Promise.objects.get()
    assert (promise.amount, promise.promised_on) == (Decimal(500), date(2026, 3, 6))
    assert {item.invoice_id: item.amount for item in promise.items.all()}[old.pk] == 300
    refused = client.post(reverse("account_promise", args=[who.pk]), {"said": "someday"})
    assert refused.status_code == 422


def test_a_promise_of_more_than_is_open_is_refused_at_the_field(cast: Cast) -> None:
    who = late("300.00")[0]
    answer = signed_in(cast.collector).post(reverse("account_promise", args=[who.pk]), {"said": "fri 301"})
    assert answer.status_code == 422
    assert not Promise.objects.exists()


def test_a_dispute_is_opened_from_the_panel(cast: Cast) -> None:
    who, invoice = late("300.00")
    data = {"invoices": invoice.pk, "reason": "price", f"amount_{invoice.pk}": "50.00", "text": "Wrong rebate"}
    signed_in(cast.collector).post(reverse("account_dispute", args=[who.pk]), data)
    assert (Dispute.objects.get().amount, Dispute.objects.get().opened_by) == (Decimal(50), cast.collector)


def test_a_snoozed_customer_is_off_the_list_with_the_reason_kept(cast: Cast) -> None:
    who = late()[0]
    rescore_all(on=DAY)
    client = signed_in(cast.collector)
    data = {"when": "other", "until": "2026-03-10", "reason": "Owner on holiday", "back": f"at={who.pk}"}
    client.post(reverse("account_snooze", args=[who.pk]), data)
    assert f"row-{who.pk}" not in at(client)
    assert "Owner on holiday" in at(client, show="snoozed")
    BusinessClock.objects.update(pinned_on=date(2026, 3, 10))
    rescore_all(on=date(2026, 3, 10))
    assert f"row-{who.pk}" in at(client)


def test_assigning_moves_the_customer_to_a_colleague(cast: Cast) -> None:
    who = late()[0]
    rescore_all(on=DAY)
    client = signed_in(cast.collector)
    client.post(reverse("account_assign", args=[who.pk]), {"collector": cast.lead.pk})
    who.refresh_from_db()
    assert who.collector == cast.lead
    assert client.post(reverse("account_assign", args=[who.pk]), {"collector": cast.viewer.pk}).status_code == 422


def test_d98_the_page_takes_as_many_statements_for_ten_rows_as_for_fifty(cast: Cast) -> None:

    client = signed_in(cast.collector)
    counts = []
    for more in (10, 40):
        for _ in range(more):
            late(collector=cast.collector)
        rescore_all(on=DAY)
        for name in ("worklist", "accounts", "disputes"):
            client.get(reverse(name))
            with CaptureQueriesContext(connection) as context:
                assert client.get(reverse(name)).status_code == 200
            counts.append(len(context))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 20


def test_b8_a_page_of_fifty_rows_is_no_larger_than_150_kb(cast: Cast) -> None:
    for number in range(60):
        late(f"{1000 + number}.00", collector=cast.collector)
    rescore_all(on=DAY)
    assert len(signed_in(cast.collector).get(reverse("worklist")).content) <= 150_000


def test_b10_account_panel_and_acts_take_few_statements_however_many_invoices(cast: Cast) -> None:
    who, client = late(collector=cast.collector)[0], signed_in(cast.collector)
    late(collector=cast.collector)
    asked: tuple[tuple[str, dict[str, str] | None], ...] = (
        (reverse("account", args=[who.pk]), None),
        (f"{reverse('worklist')}?at={who.pk}", None),
        (reverse("account_note", args=[who.pk]), {"text": "Pays soon", "back": f"at={who.pk}"}),
    )
    counts = []
    for more in (1, 30):
        for _ in range(more):
            factories.invoice(who, "10.00", due_on=DAY - timedelta(days=5))
        rescore_all(on=DAY)
        for url, typed in asked:
            with CaptureQueriesContext(connection) as context:
                answer = client.get(url) if typed is None else client.post(url, typed, headers=HTMX)
            assert answer.status_code == 200
            counts.append(len([one for one in context if "SAVEPOINT" not in one["sql"]]))
    assert counts[:3] == counts[3:]
    assert max(counts[0], counts[1]) <= 20
    assert counts[2] <= 45


def test_a_long_list_is_counted_now_and_then_and_what_was_done_since_is_taken_off(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "KEPT_FROM", 1)
    cache.clear()
    who = [late(collector=cast.collector)[0] for _ in range(3)]
    rescore_all(on=DAY)
    client = signed_in(cast.collector)
    assert "<strong>0</strong> of 3 today" in at(client)
    client.post(reverse("account_call", args=[who[0].pk]), {"outcome": "no_answer", "back": f"at={who[0].pk}"})
    with CaptureQueriesContext(connection) as context:
        assert "<strong>1</strong> of 3 today" in at(client)
    assert not [one for one in context if "'left' AS" in one["sql"]]
    cache.clear()
    assert "<strong>1</strong> of 3 today" in at(client)


PAYLOAD = '<img src=x onerror=alert(1)><div hx-get="/undo/" hx-trigger="load" data-hx-get="/x">'


def test_d66_d67_markup_in_names_notes_and_disputes_is_inert_everywhere(cast: Cast) -> None:
    who, invoice = late(name=PAYLOAD, collector=cast.collector)
    rescore_all(on=DAY)
    client = signed_in(cast.collector)
    client.post(reverse("account_note", args=[who.pk]), {"text": PAYLOAD, "pinned": "on"})
    client.post(reverse("account_dispute", args=[who.pk]), {"invoices": invoice.pk, "reason": "other", "text": PAYLOAD})
    client.post(reverse("account_snooze", args=[who.pk]), {"when": "other", "until": "2026-03-09", "reason": PAYLOAD})
    pages = [at(client, show="snoozed")]
    for name, args in (("account", [who.pk]), ("accounts", []), ("disputes", []), ("account_timeline", [who.pk]),
                       ("account_call", [who.pk]), ("dispute_close", [Dispute.objects.get().pk])):  # fmt: skip
        pages.append(client.get(reverse(name, args=args)).content.decode())
    for page in pages:
        assert "&lt;img src=x" in page
        assert "<img src=x" not in page
        assert '<div hx-get="/undo/"' not in page


@pytest.mark.parametrize("odd", ["²", "٣", "9" * 30, "-1"])
def test_a_panel_asked_for_with_an_odd_number_is_no_error_of_ours(cast: Cast, odd: str) -> None:
    answer = signed_in(cast.collector).get(reverse("worklist"), {"at": odd}, headers={**HTMX, "HX-Target": "panel"})
    assert answer.status_code in (200, 404)


@pytest.mark.parametrize("at", ["9" * 5000, "9" * 30, "-1", "²", "x"])
def test_an_address_that_names_no_customer_is_no_500(cast: Cast, at: str) -> None:
    client = Client()
    client.force_login(cast.collector)
    for headers in ({}, {"HX-Request": "true", "HX-Target": "panel"}):
        assert client.get("/worklist/", {"at": at}, headers=headers).status_code == 200
