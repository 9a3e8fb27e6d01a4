"""Drafts (U27, D90): what is typed is kept per person and form, comes back, and is gone when the form was saved."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import BusinessClock
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Activity, Draft
from worklist.services.keep_draft import keep_draft

pytestmark = pytest.mark.django_db
NUMBER = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


@pytest.fixture
def key() -> str:
    return reverse("account_note", args=[factories.customer().pk])


def keep(client: Client, key: str, data: Any) -> int:
    text = data if isinstance(data, str) else json.dumps(data)
    return client.post("/drafts/", {"key": key, "data": text}).status_code


def test_what_is_kept_comes_back_to_the_same_person_only(client: Client, cast: Cast, key: str) -> None:
    client.force_login(cast.collector)
    assert keep(client, key, {"text": "Half a senten", "pinned": ["on"]}) == 204
    assert keep(client, key, {"text": "Half a sentence"}) == 204
    assert client.get("/drafts/", {"key": key}).json()["data"] == {"text": "Half a sentence"}
    client.force_login(cast.lead)
    assert client.get("/drafts/", {"key": key}).status_code == 204


def test_the_customer_is_read_from_the_form_s_address_and_not_from_the_sender(
    client: Client, cast: Cast, key: str
) -> None:
    client.force_login(cast.collector)
    other = factories.customer()
    client.post("/drafts/", {"key": key, "data": '{"text": "x"}', "customer": other.pk, "user": cast.lead.pk})
    kept = Draft.objects.get()
    assert (kept.user, kept.customer_id) == (cast.collector, int(key.split("/")[2]))


def test_d53_a_stranger_s_customer_and_an_address_that_is_none_are_404(client: Client, cast: Cast, key: str) -> None:
    client.force_login(cast.stranger)
    assert keep(client, key, {"text": "x"}) == 404
    client.force_login(cast.collector)
    for wrong in ("", "/no/such/form/", "https://example.org/", "//[", key + "?" + "a" * 120):
        assert keep(client, wrong, {"text": "x"}) == 404, wrong
    assert not Draft.objects.exists()


@pytest.mark.parametrize("data", ["nonsense", "[]", "7", '{"text": 7}', '{"text": [7]}', '{"text": {"a": "b"}}'])
def test_what_no_form_holds_is_refused(client: Client, cast: Cast, key: str, data: str) -> None:
    client.force_login(cast.collector)
    assert keep(client, key, data) == 422


def test_a_text_beyond_all_measure_or_with_nul_is_refused(client: Client, cast: Cast, key: str) -> None:
    client.force_login(cast.collector)
    assert keep(client, key, {"text": "x" * 60_001}) == 422
    assert keep(client, key, {"text": "a\0b"}) == 422
    assert keep(client, key, {f"field{n}": "" for n in range(81)}) == 422


def test_d73_an_address_with_nul_is_none_and_half_a_sign_is_kept_as_a_question(
    client: Client, cast: Cast, key: str
) -> None:
    client.force_login(cast.collector)
    for wrong in ("/answer/a\0b/", f"{key}?x=\0"):
        assert keep(client, wrong, {"text": "x"}) == 404
    assert keep(client, key, '{"text": "cut \\ud83d", "pinned": ["\\udfff"]}') == 204
    assert Draft.objects.get().data == {"text": "cut ?", "pinned": ["?"]}


def test_discarding_forgets(client: Client, cast: Cast, key: str) -> None:
    client.force_login(cast.collector)
    keep(client, key, {"text": "x"})
    assert keep(client, key, "") == 204
    assert not Draft.objects.exists()


def test_saving_the_form_forgets_its_draft_and_no_other(client: Client, cast: Cast, key: str) -> None:
    client.force_login(cast.collector)
    keep(client, key, {"text": "Kept"})
    keep(client, key.replace("note", "call"), {"text": "Other"})
    assert client.post(key, {"text": "Kept"}).status_code == 302
    assert list(Draft.objects.values_list("key", flat=True)) == [key.replace("note", "call")]


def test_a_refused_form_keeps_its_draft(client: Client, cast: Cast, key: str) -> None:
    client.force_login(cast.collector)
    keep(client, key, {"text": " "})
    assert client.post(key, {"text": " "}).status_code == 422
    assert Draft.objects.count() == 1


def test_drafts_nobody_touched_for_a_month_go(cast: Cast) -> None:
    keep_draft(user=cast.collector, key="/old/", data={"text": "x"})
    Draft.objects.update(saved_at="2020-01-01T00:00:00Z")
    keep_draft(user=cast.collector, key="/new/", data={"text": "x"})
    assert list(Draft.objects.values_list("key", flat=True)) == ["/new/"]


def test_a_form_that_is_sent_twice_is_saved_once(client: Client, cast: Cast, key: str) -> None:
    client.force_login(cast.collector)
    for _ in range(2):
        assert client.post(key, {"text": "Once", "once": NUMBER}).status_code == 302
    assert Activity.objects.filter(kind="note").count() == 1
    page = client.get("/settings/keys/").content.decode()
    assert "It was saved the first time already." in page


def test_a_refused_sending_can_be_corrected_and_sent_again(client: Client, cast: Cast, key: str) -> None:
    client.force_login(cast.collector)
    number = NUMBER[::-1]
    assert client.post(key, {"text": "", "once": number}).status_code == 422
    assert client.post(key, {"text": "Now", "once": number}).status_code == 302
    assert Activity.objects.filter(kind="note").count() == 1


def test_the_number_of_one_person_says_nothing_about_another_s(client: Client, cast: Cast, key: str) -> None:
    number = "f" * 32
    for person in (cast.collector, cast.lead):
        client.force_login(person)
        assert client.post(key, {"text": "Mine", "once": number}).status_code == 302
    assert Activity.objects.filter(kind="note").count() == 2
