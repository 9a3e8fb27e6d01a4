"""Many customers at once: preview, skipped rows with reasons, one save, one undo (U14, D53, D89)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collections_app.accounts.models import User
from collections_app.audit.models import AuditEntry
from customers.models import BusinessClock, Customer
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Activity, Notification, Presence, Undo, WorklistItem
from worklist.services.rescore import rescore_all

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
BULK = "/worklist/bulk/"


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


def late(**more: Any) -> Customer:
    who = factories.customer(**more)
    factories.invoice(who, "1000.00", due_on=DAY - timedelta(days=40))
    return who


def several(n: int = 3, **more: Any) -> list[Customer]:
    people = [late(**more) for _ in range(n)]
    rescore_all(on=DAY)
    return people


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ids(people: list[Customer]) -> list[int]:
    return [who.pk for who in people]


def test_u14_the_preview_names_who_is_snoozed_and_who_is_skipped_and_why(cast: Cast) -> None:
    people = several()
    Presence.objects.create(customer=people[0], user=cast.lead)
    asked: dict[str, Any] = {"do": "snooze", "pick": ids(people), "back": "who=all"}
    page = signed_in(cast.collector).get(BULK, asked, headers=HTMX)
    text = page.content.decode()
    assert "Snooze 2 customers" in text
    assert f"Lead is on it now: {people[0].name}" in text
    assert not Activity.objects.exists()


def test_u14_one_save_snoozes_all_of_them_and_one_undo_takes_all_of_it_back(cast: Cast) -> None:
    people = several()
    client = signed_in(cast.collector)
    data = {"do": "snooze", "pick": ids(people), "back": "who=all", "shown": 1, "seen": 3, "when": "tomorrow",
            "reason": "Trade fair"}  # fmt: skip
    answer = client.post(BULK, data, headers=HTMX)
    assert "/worklist/?who=all" in answer.headers["HX-Location"]
    undo = next(row for row in Undo.objects.all() if str(row.pk) in answer.headers["HX-Trigger"])
    assert Undo.objects.filter(batch=undo.batch).count() == 3
    items = WorklistItem.objects.filter(snoozed_until=DAY + timedelta(days=1), snooze_reason="Trade fair", done_on=DAY)
    assert items.count() == 3
    assert Activity.objects.filter(kind="snooze", text="Trade fair", by=cast.collector).count() == 3
    assert AuditEntry.objects.filter(action="worklist.snoozed").count() == 3
    taken = client.post(reverse("undo", args=[undo.pk]), headers=HTMX)
    assert "Taken back for 3 customers" in taken.headers["HX-Trigger"]
    assert not WorklistItem.objects.exclude(snoozed_until=None, done_on=None, snooze_reason="").exists()
    assert not Activity.objects.filter(undone_at=None).exists()
    assert client.post(reverse("undo", args=[undo.pk]), headers=HTMX).status_code == 409


def test_d89_a_row_that_somebody_changed_since_stays_and_is_told_of(cast: Cast) -> None:
    people = several()
    client = signed_in(cast.collector)
    client.post(BULK, {"do": "worked", "pick": ids(people), "back": "", "seen": 3, "shown": 1})
    WorklistItem.objects.filter(pk=people[0].pk).update(done_by=cast.lead)
    answer = client.post(reverse("undo", args=[Undo.objects.all()[0].pk]), headers=HTMX)
    assert "1 was changed by somebody since and stays" in answer.headers["HX-Trigger"]
    assert list(WorklistItem.objects.filter(done_on=DAY).values_list("pk", flat=True)) == [people[0].pk]


def test_d89_an_account_that_got_another_collector_elsewhere_stays_with_that_one(cast: Cast) -> None:
    people = several(2)
    client = signed_in(cast.collector)
    data: dict[str, Any] = {"do": "assign", "pick": ids(people), "back": "", "seen": 2, "shown": 1}
    client.post(BULK, data | {"collector": cast.lead.pk})
    Customer.objects.filter(pk=people[0].pk).update(collector=cast.admin)  # the list is told of it a moment later
    answer = client.post(reverse("undo", args=[Undo.objects.all()[0].pk]), headers=HTMX)
    assert "1 was changed by somebody since and stays" in answer.headers["HX-Trigger"]
    assert dict(Customer.objects.values_list("pk", "collector")) == {people[0].pk: cast.admin.pk, people[1].pk: None}


def test_d89_when_all_were_changed_the_undo_is_refused(cast: Cast) -> None:
    people = several(2)
    client = signed_in(cast.collector)
    client.post(BULK, {"do": "worked", "pick": ids(people), "back": "", "seen": 2, "shown": 1})
    WorklistItem.objects.update(done_by=cast.lead)
    assert client.post(reverse("undo", args=[Undo.objects.all()[0].pk]), headers=HTMX).status_code == 409
    assert not Undo.objects.exclude(used_at=None).exists()


def test_assigning_many_tells_the_colleague_once_and_skips_whom_they_may_not_work(cast: Cast) -> None:
    people = several()
    southern = factories.entity("US01", team=factories.team("Southern team"))
    foreign = late(of=southern)
    rescore_all(on=DAY)
    data: dict[str, Any] = {
        "do": "assign",
        "pick": [*ids(people), foreign.pk],
        "back": "",
        "seen": 3,
        "collector": cast.lead.pk,
    }
    client = signed_in(cast.admin)
    assert "That person may not work this account" in client.get(BULK, {**data, "shown": 1}).content.decode()
    client.post(BULK, {**data, "shown": 1})
    assert set(Customer.objects.filter(collector=cast.lead).values_list("pk", flat=True)) == set(ids(people))
    assert WorklistItem.objects.filter(analyst=cast.lead).count() == 3
    told = Notification.objects.get(user=cast.lead)
    assert "gave you 3 accounts" in told.text
    client.post(reverse("undo", args=[Undo.objects.all()[0].pk]))
    assert not Customer.objects.exclude(collector=None).exists()
    assert not WorklistItem.objects.exclude(analyst=None).exists()


def test_one_assigned_customer_is_told_to_the_new_collector_and_not_to_oneself(cast: Cast) -> None:
    (who,) = several(1)
    client = signed_in(cast.collector)
    client.post(reverse("account_assign", args=[who.pk]), {"collector": cast.lead.pk})
    assert who.name in Notification.objects.get(user=cast.lead).text
    client.post(reverse("account_assign", args=[who.pk]), {"collector": cast.collector.pk})
    assert not Notification.objects.filter(user=cast.collector).exists()


def test_a_note_and_a_pin_for_many_are_written_and_taken_back(cast: Cast) -> None:
    people = several(2)
    client = signed_in(cast.collector)
    note = {"do": "note", "pick": ids(people), "back": "", "seen": 2, "shown": 1}
    assert client.post(BULK, note, headers=HTMX).status_code == 422
    client.post(BULK, {**note, "text": "Strike at their port"}, headers=HTMX)
    assert Activity.objects.filter(kind="note", text="Strike at their port").count() == 2
    WorklistItem.objects.filter(pk=people[0].pk).update(for_today=False)
    pin = {"do": "pin", "pick": ids(people), "back": "", "seen": 2, "shown": 1, "when": "week"}
    assert client.post(BULK, pin, headers=HTMX).status_code == 422
    client.post(BULK, {**pin, "reason": "Before quarter's end"}, headers=HTMX)
    on_top = WorklistItem.objects.filter(pinned=True, pinned_until=DAY + timedelta(days=7), for_today=True)
    assert on_top.count() == 2, "also the one that could wait"
    client.post(reverse("undo", args=[Undo.objects.filter(action="pin")[0].pk]))
    assert not WorklistItem.objects.filter(pinned=True).exists()


def test_u14_all_that_match_are_taken_and_a_list_that_grew_meanwhile_is_shown_again(cast: Cast) -> None:
    several(3)
    client = signed_in(cast.collector)
    data = {"do": "worked", "all": "3", "back": "who=all", "shown": 1, "seen": 3}
    several(1)
    answer = client.post(BULK, data, headers=HTMX)
    assert answer.status_code == 422
    assert "The list changed meanwhile" in answer.content.decode()
    assert "Mark 4 customers as worked" in answer.content.decode()
    assert not WorklistItem.objects.exclude(done_on=None).exists()
    client.post(BULK, {**data, "seen": 4}, headers=HTMX)
    assert WorklistItem.objects.filter(done_on=DAY).count() == 4


def test_d53_d54_strangers_customers_and_extra_fields_change_nothing(cast: Cast) -> None:
    people = several(2)
    client = signed_in(cast.stranger)
    data = {"do": "worked", "pick": [*ids(people), "x", "²", "9" * 30], "back": "", "seen": 2, "done_by": cast.lead.pk}
    assert "Select at least one customer first" in client.post(BULK, data).content.decode()
    assert not WorklistItem.objects.exclude(done_on=None).exists()
    own = signed_in(cast.collector)
    own.post(BULK, {**data, "shown": 1, "owner": cast.lead.pk})
    assert set(WorklistItem.objects.values_list("done_by", flat=True)) == {cast.collector.pk}
    undo = Undo.objects.all()[0]
    assert client.post(reverse("undo", args=[undo.pk])).status_code == 404
    assert signed_in(cast.viewer).get(BULK).status_code == 403


def test_d98_snoozing_ten_takes_as_many_statements_as_snoozing_two(cast: Cast) -> None:
    client, counts = signed_in(cast.collector), []
    for n in (2, 10):
        people = several(n)
        data = {"do": "snooze", "pick": ids(people), "back": "", "seen": n, "shown": 1, "when": "monday"}
        with CaptureQueriesContext(connection) as context:
            assert client.post(BULK, data, headers=HTMX).status_code == 200
        counts.append(len(context))
    assert counts[0] == counts[1]


def test_d66_markup_in_names_and_reasons_is_inert_in_the_preview(cast: Cast) -> None:
    who = late(name="<img src=x onerror=alert(1)>")
    rescore_all(on=DAY)
    data: dict[str, Any] = {
        "do": "pin",
        "pick": [who.pk],
        "back": "",
        "shown": 1,
        "when": "today",
        "reason": "<b hx-get='/'>",
    }
    page = signed_in(cast.collector).get(BULK, data, headers=HTMX).content.decode()
    assert "<img src=x" not in page
    assert "<b hx-get" not in page


def test_an_undo_for_many_ends_after_a_minute(cast: Cast) -> None:
    people = several(2)
    client = signed_in(cast.collector)
    client.post(BULK, {"do": "worked", "pick": ids(people), "back": "", "seen": 2, "shown": 1})
    Undo.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.post(reverse("undo", args=[Undo.objects.all()[0].pk]), headers=HTMX).status_code == 409


def test_u14_other_customers_than_the_preview_showed_are_shown_first_though_they_are_as_many(cast: Cast) -> None:
    people = several(3)
    client = signed_in(cast.collector)
    asked: dict[str, Any] = {"do": "worked", "all": "1", "back": "who=all", "shown": 1}
    page = client.get(BULK, asked, headers=HTMX).content.decode()
    mark = re.search(r'name="mark" value="(\w+)"', page)
    assert mark is not None
    WorklistItem.objects.filter(pk=people[0].pk).update(done_on=DAY, done_by=cast.lead)
    several(1)
    data = {**asked, "seen": 3, "mark": mark[1]}
    assert "The list changed meanwhile" in client.post(BULK, data, headers=HTMX).content.decode()
    assert WorklistItem.objects.filter(done_on=DAY).count() == 1


def test_d90_a_note_for_many_sent_again_after_a_lost_answer_is_written_once(cast: Cast) -> None:
    people = several(2)
    client = signed_in(cast.collector)
    data = {"do": "note", "pick": ids(people), "back": "", "seen": 2, "shown": 1, "text": "Strike", "once": "3c" * 16}
    client.post(BULK, data, headers=HTMX)
    again = client.post(BULK, data, headers=HTMX)
    assert "/worklist/" in again.headers["HX-Redirect"]
    assert Activity.objects.filter(kind="note", text="Strike").count() == 2
