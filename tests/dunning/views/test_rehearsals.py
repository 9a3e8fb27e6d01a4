"""The pages of rehearsals: asking, waiting, reading."""

from datetime import date

import pytest
from django.test import Client

from dunning.models import Policy, Rehearsal
from dunning.services.run_rehearsals import run_rehearsals
from tests import factories
from tests.conftest import Cast
from tests.dunning.conftest import NOON, pin

END = date(2026, 3, 2)


@pytest.fixture
def asked(client: Client, cast: Cast, policy: Policy) -> Rehearsal:
    """A rehearsal asked for on the page, not replayed yet."""
    pin(END)
    for amount in ("100.00", "250.00"):
        factories.invoice(factories.customer(name="Meyer <i>AG</i>"), amount, due_on=date(2026, 1, 9))
    client.force_login(cast.lead)
    form = {"policy": policy.pk, "first": "2026-01-05", "last": "2026-03-02", "within": "3"}
    answer = client.post("/dunning/rehearsal/", form)
    assert answer.status_code == 302
    return Rehearsal.objects.get()


def test_the_page_waits_by_itself_and_then_shows_the_report(client: Client, asked: Rehearsal) -> None:
    path = f"/dunning/rehearsal/{asked.pk}/"
    assert 'hx-trigger="every 2s"' in client.get(path).content.decode()
    assert run_rehearsals(now=NOON, seconds=60) == 1
    page = client.get(path).content.decode()
    assert "every 2s" not in page
    for words in ("First reminder", "Load per day", "2 of 2 who owed", "€350.00", "Meyer &lt;i&gt;AG"):
        assert words in page, words


def test_two_policies_stand_side_by_side(client: Client, asked: Rehearsal, policy: Policy) -> None:
    other = Policy.objects.create(code="gentle", name="Gentle", entity=policy.entity, strategy="x", min_amount=200)
    for step in policy.steps.all():
        step.pk, step.policy = None, other
        step.save()
    form = {"policy": policy.pk, "against": other.pk, "first": "2026-01-05", "last": "2026-03-02", "within": "3"}
    answer = client.post("/dunning/rehearsal/", form)
    run_rehearsals(now=NOON, seconds=60)
    page = client.get(answer["Location"]).content.decode()
    assert "Gentle: Letters" in page
    assert "1 below the minimum" in page


def test_one_person_may_let_three_wait_and_no_more(client: Client, asked: Rehearsal, policy: Policy) -> None:
    form = {"policy": policy.pk, "first": "2026-01-05", "last": "2026-03-02", "within": "3"}
    assert [client.post("/dunning/rehearsal/", form).status_code for _ in range(3)] == [302, 302, 422]
    assert Rehearsal.objects.count() == 3


def test_impossible_days_are_refused_with_the_reason(client: Client, asked: Rehearsal, policy: Policy) -> None:
    form = {"policy": policy.pk, "first": "2026-03-02", "last": "2026-01-05", "within": "3"}
    answer = client.post("/dunning/rehearsal/", form)
    assert answer.status_code == 422
    assert "Swap them" in answer.content.decode()
    assert client.post("/dunning/rehearsal/", {**form, "against": policy.pk, "last": "2026-03-02"}).status_code == 422


def test_strangers_see_no_rehearsal_and_cannot_ask_for_one(
    client: Client, cast: Cast, asked: Rehearsal, policy: Policy
) -> None:
    client.force_login(cast.stranger)
    assert client.get(f"/dunning/rehearsal/{asked.pk}/").status_code == 404
    form = {"policy": policy.pk, "first": "2026-01-05", "last": "2026-03-02", "within": "3"}
    assert client.post("/dunning/rehearsal/", form).status_code == 422
