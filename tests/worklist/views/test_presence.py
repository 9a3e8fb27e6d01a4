"""Who is on which account: one person at a time, free after ten idle minutes, and nobody's next (D88, U16)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collections_app.accounts.models import User
from customers.models import BusinessClock, Customer
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Presence
from worklist.services.be_here import be_here
from worklist.services.rescore import rescore_all

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


def late(amount: str) -> Customer:
    who = factories.customer()
    factories.invoice(who, amount, due_on=DAY - timedelta(days=40))
    return who


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def beats(user: User, who: Customer) -> str:
    answer: Any = signed_in(user).post(reverse("account_here", args=[who.pk]), headers=HTMX)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_d88_the_second_person_sees_who_is_on_this_and_the_first_does_not(cast: Cast) -> None:
    who = late("100.00")
    rescore_all(on=DAY)
    assert "is on this" not in beats(cast.collector, who)
    assert "Collector is on this" in beats(cast.lead, who)
    assert "is on this" not in beats(cast.collector, who)
    page = signed_in(cast.lead).get(reverse("worklist"), {"at": who.pk}).content.decode()
    assert "Collector is on this" in page
    assert "data-taken" in page


def test_d88_the_account_is_free_again_after_ten_idle_minutes(cast: Cast) -> None:
    who = late("100.00")
    rescore_all(on=DAY)
    beats(cast.collector, who)
    Presence.objects.update(seen_at=timezone.now() - timedelta(minutes=9))
    assert "Collector is on this" in beats(cast.lead, who)
    Presence.objects.update(seen_at=timezone.now() - timedelta(minutes=10, seconds=1))
    assert "is on this" not in signed_in(cast.lead).get(reverse("account", args=[who.pk])).content.decode()
    assert "is on this" not in beats(cast.lead, who)
    assert Presence.objects.get().user == cast.lead


def test_a_person_is_on_one_account_at_a_time(cast: Cast) -> None:
    first, second = late("100.00"), late("200.00")
    beats(cast.collector, first)
    beats(cast.collector, second)
    assert Presence.objects.get().customer == second


def test_u16_the_next_customer_is_one_that_no_colleague_is_on(cast: Cast) -> None:
    first, taken, third = late("9000.00"), late("5000.00"), late("100.00")
    rescore_all(on=DAY)
    beats(cast.lead, taken)
    data = {"outcome": "no_answer", "back": f"at={first.pk}"}
    page = signed_in(cast.collector).post(reverse("account_call", args=[first.pk]), data, headers=HTMX)
    assert f'data-customer="{third.pk}"' in page.content.decode()
    last = signed_in(cast.collector).post(
        reverse("account_call", args=[third.pk]), {"outcome": "no_answer", "back": f"at={third.pk}"}, headers=HTMX
    )
    assert "Colleagues are on the rest of this list" in last.content.decode()


def test_a_finished_customer_is_free_for_colleagues_at_once(cast: Cast) -> None:
    who = late("100.00")
    rescore_all(on=DAY)
    beats(cast.collector, who)
    signed_in(cast.collector).post(reverse("account_call", args=[who.pk]), {"outcome": "no_answer"})
    assert not Presence.objects.exists()


def test_opening_an_account_ahead_of_time_leaves_no_trace(cast: Cast) -> None:
    who = late("100.00")
    rescore_all(on=DAY)
    signed_in(cast.collector).get(reverse("worklist"), {"at": who.pk}, headers={**HTMX, "HX-Target": "panel"})
    assert not Presence.objects.exists()


def test_d53_a_stranger_is_nowhere_and_hears_of_nobody(cast: Cast) -> None:
    who = late("100.00")
    beats(cast.collector, who)
    assert signed_in(cast.stranger).post(reverse("account_here", args=[who.pk])).status_code == 404
    own = factories.customer(of=factories.entity("US01", team=factories.team("Southern team")))
    assert "Collector" not in beats(cast.stranger, own)
    assert signed_in(cast.viewer).post(reverse("account_here", args=[who.pk])).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_windows_of_one_person_never_wait_for_each_other(cast: Cast) -> None:
    """Each takes what the other gives up; who else is there at the same moment does not matter either."""
    places = [late("100.00"), late("50.00")]
    barrier = Barrier(6)

    def beat(job: tuple[User, Customer]) -> None:
        barrier.wait(timeout=20)
        try:
            for _turn in range(5):
                be_here(customer_id=job[1].pk, user=job[0], now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(beat, [(user, who) for user in (cast.collector, cast.lead, cast.admin) for who in places]))
    assert Presence.objects.count() <= 2
