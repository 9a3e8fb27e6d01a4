"""The bell and the page of notifications: counted, grouped, opened, read, muted, and nobody else's."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collections_app.accounts.models import User
from tests import factories
from tests.conftest import Cast
from worklist.models import Notification
from worklist.services.notify import notify

pytestmark = pytest.mark.django_db
Kind = Notification.Kind


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tell(user: User, text: str, kind: str = Kind.MENTION, **more: Any) -> Notification:
    return Notification.objects.create(user=user, kind=kind, text=text, **more)


def page(user: User) -> str:
    return signed_in(user).get(reverse("notifications")).content.decode()


def test_u93_unread_ones_of_a_kind_and_customer_are_shown_as_one(cast: Cast) -> None:
    who = factories.customer()
    for n in range(3):
        tell(cast.collector, f"Promise {n} broke.", Kind.PROMISE, customer=who)
    tell(cast.collector, "A dispute moved.", Kind.DISPUTE, customer=who)
    shown = page(cast.collector)
    assert shown.count('class="told-row"') == 2
    assert "and 2 more" in shown


def test_two_without_a_customer_stay_two(cast: Cast) -> None:
    tell(cast.collector, "First.")
    tell(cast.collector, "Second.")
    assert page(cast.collector).count('class="told-row"') == 2


def test_the_bell_counts_what_is_unread_and_says_so_to_screen_readers(cast: Cast) -> None:
    tell(cast.collector, "One.")
    tell(cast.lead, "Another's.")
    bell = signed_in(cast.collector).get(reverse("bell")).content.decode()
    assert 'bell-count">1<span' in bell
    assert "bell-count" not in signed_in(cast.viewer).get(reverse("bell")).content.decode()


def test_the_bell_of_a_page_left_open_sends_nobody_to_sign_in(client: Client, db: None) -> None:
    assert client.get(reverse("bell"), headers={"HX-Request": "true"}).status_code == 204


def test_opening_one_reads_its_group_and_leads_to_the_place(cast: Cast) -> None:
    who = factories.customer()
    tell(cast.collector, "Older.", Kind.PROMISE, customer=who)
    newest = tell(cast.collector, "Newer.", Kind.PROMISE, customer=who, url="/disputes/")
    other = tell(cast.collector, "Other.", Kind.REPLY, customer=who)
    answer = signed_in(cast.collector).post(reverse("notification_open", args=[newest.pk]))
    assert answer.headers["Location"] == "/disputes/"
    assert list(Notification.objects.filter(read_at=None)) == [other]


def test_a_get_reads_nothing(cast: Cast) -> None:
    told = tell(cast.collector, "One.")
    client = signed_in(cast.collector)
    client.get(reverse("notifications"))
    assert client.get(reverse("notification_open", args=[told.pk])).status_code == 405
    told.refresh_from_db()
    assert told.read_at is None


def test_an_address_that_leads_away_is_not_followed(cast: Cast) -> None:
    told = tell(cast.collector, "One.", url="https://evil.example/")
    answer = signed_in(cast.collector).post(reverse("notification_open", args=[told.pk]))
    assert answer.headers["Location"] == reverse("notifications")


def test_d53_another_persons_notification_is_not_found(cast: Cast) -> None:
    told = tell(cast.lead, "Not yours.")
    assert signed_in(cast.collector).post(reverse("notification_open", args=[told.pk])).status_code == 404
    assert "Not yours." not in page(cast.collector)


def test_d53_what_was_told_of_a_customer_is_gone_once_the_person_left_the_team(cast: Cast) -> None:
    tell(cast.collector, "Secret of the north.", customer=factories.customer())
    cast.collector.teams.clear()
    assert "Secret of the north." not in page(cast.collector)
    assert "bell-count" not in signed_in(cast.collector).get(reverse("bell")).content.decode()


def test_all_are_read_with_one_button(cast: Cast) -> None:
    tell(cast.collector, "One.")
    tell(cast.collector, "Two.")
    tell(cast.lead, "The lead's.")
    client = signed_in(cast.collector)
    assert client.post(reverse("notifications_read")).headers["Location"] == reverse("notifications")
    assert list(Notification.objects.filter(read_at=None).values_list("text", flat=True)) == ["The lead's."]
    assert "Nothing new" in page(cast.collector)


def test_u93_a_kind_that_is_not_ticked_is_not_told_any_more(cast: Cast) -> None:
    client = signed_in(cast.collector)
    client.post(reverse("notifications_mute"), {"kinds": [Kind.MENTION, "nonsense"]})
    cast.collector.refresh_from_db()
    assert Kind.MENTION not in cast.collector.muted
    assert notify(users=[cast.collector], kind=Kind.PROMISE, text="Muted.") == []
    assert len(notify(users=[cast.collector], kind=Kind.MENTION, text="Wanted.")) == 1


def test_d67_a_text_with_a_script_is_only_text(cast: Cast) -> None:
    tell(cast.collector, "<script>alert(1)</script>")
    assert "<script>alert(1)" not in page(cast.collector)


def test_d98_ten_cost_as_many_statements_as_a_hundred(cast: Cast) -> None:
    client = signed_in(cast.collector)

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("notifications"))
        return len(seen)

    for n in range(10):
        tell(cast.collector, f"{n}", customer=factories.customer())
    few = statements()
    for n in range(90):
        tell(cast.collector, f"{n}", customer=factories.customer(email=None))
    assert statements() == few <= 20
