"""Undo: by the person who acted, soon, once, and only if nobody changed the thing since (U8, D89)."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collections_app.accounts.models import User
from customers.models import BusinessClock, ContactTouch, Customer
from invoices.models import Dispute, Invoice, Promise
from invoices.services.make_promise import make_promise
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Activity, Undo, WorklistItem
from worklist.services.rescore import rescore_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


def late(**more: Any) -> tuple[Customer, Invoice]:
    who = factories.customer(**more)
    invoice = factories.invoice(who, "300.00", due_on=DAY - timedelta(days=40))
    rescore_all(on=DAY)
    return who, invoice


def acts(user: User, who: Customer, action: str, **data: Any) -> Undo:
    client = Client()
    client.force_login(user)
    client.post(reverse(f"account_{action}", args=[who.pk]), data)
    return Undo.objects.latest("made_at")


def takes_back(user: User, undo: Undo, **headers: Any) -> HttpResponse:
    client = Client()
    client.force_login(user)
    answer: object = client.post(reverse("undo", args=[undo.pk]), headers=headers)
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_call_taken_back_leaves_the_timeline_and_returns_the_customer_to_the_list(cast: Cast) -> None:
    who, _ = late()
    undo = acts(cast.collector, who, "call", outcome="reached")
    assert WorklistItem.objects.get(pk=who.pk).done_on == DAY
    counted = ContactTouch.objects.filter(customer=who, on=DAY, automatic=False, released_at__isnull=True)
    assert counted.count() == 1, "a call counts in the contact budget (R5)"
    assert takes_back(cast.collector, undo).status_code == 302
    assert not counted.exists()
    assert Activity.objects.get().undone_at is not None
    assert WorklistItem.objects.get(pk=who.pk).done_on is None


def test_every_action_of_the_panel_can_be_taken_back(cast: Cast) -> None:
    who, invoice = late(collector=cast.lead)
    takes_back(cast.collector, acts(cast.collector, who, "snooze", when="other", until="2026-03-10", reason="Away"))
    takes_back(cast.collector, acts(cast.collector, who, "assign", collector=cast.collector.pk))
    takes_back(cast.collector, acts(cast.collector, who, "promise", said="fri all"))
    takes_back(cast.collector, acts(cast.collector, who, "dispute", invoices=invoice.pk, reason="price"))
    takes_back(cast.collector, acts(cast.collector, who, "note", text="Nonsense"))
    item = WorklistItem.objects.get(pk=who.pk)
    who.refresh_from_db()
    assert (item.snoozed_until, item.snooze_reason, item.done_on, who.collector) == (None, "", None, cast.lead)
    assert (Promise.objects.get().state, Dispute.objects.get().state) == ("withdrawn", "withdrawn")
    assert not Activity.objects.filter(undone_at=None).exists()


def test_a_promise_taken_back_puts_the_one_it_replaced_in_force_again(cast: Cast) -> None:
    who, invoice = late()
    first = make_promise(customer=who, items=[(invoice, None)], promised_on=DAY, made_on=DAY, by="test")
    takes_back(cast.collector, acts(cast.collector, who, "promise", said="fri all"))
    first.refresh_from_db()
    assert (first.state, first.closed_on, first.items.get().live) == ("open", None, True)


def test_d89_what_somebody_else_changed_meanwhile_is_not_taken_back(cast: Cast) -> None:
    who, _ = late()
    undo = acts(cast.collector, who, "snooze", when="other", until="2026-03-10", reason="Away")
    acts(cast.lead, who, "snooze", when="other", until="2026-03-20", reason="Board meets")
    answer = takes_back(cast.collector, undo)
    assert answer.status_code == 409
    assert "Somebody changed this since" in answer.content.decode()
    assert str(WorklistItem.objects.get(pk=who.pk).snoozed_until) == "2026-03-20"
    undo.refresh_from_db()
    assert undo.used_at is None


def test_d89_a_call_taken_back_leaves_a_colleagues_work_of_today_done(cast: Cast) -> None:
    who, _ = late()
    undo = acts(cast.collector, who, "call", outcome="no_answer")
    acts(cast.lead, who, "call", outcome="reached")
    assert takes_back(cast.collector, undo).status_code == 302
    item = WorklistItem.objects.get(pk=who.pk)
    assert (item.done_on, item.done_by) == (DAY, cast.lead)


def test_d89_an_assignment_changed_since_is_refused_beside_what_the_person_sees(cast: Cast) -> None:
    who, _ = late()
    undo = acts(cast.collector, who, "assign", collector=cast.collector.pk)
    acts(cast.lead, who, "assign", collector=cast.lead.pk)
    answer = takes_back(cast.collector, undo, **{"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#toasts")
    who.refresh_from_db()
    assert who.collector == cast.lead


def test_an_undo_works_once_and_only_for_a_minute(cast: Cast) -> None:
    who, _ = late()
    undo = acts(cast.collector, who, "call", outcome="reached")
    assert takes_back(cast.collector, undo).status_code == 302
    assert takes_back(cast.collector, undo).status_code == 409
    undo = acts(cast.collector, who, "call", outcome="reached")
    Undo.objects.filter(pk=undo.pk).update(expires_at=timezone.now())
    assert takes_back(cast.collector, undo).status_code == 409


def test_d53_nobody_takes_back_what_another_person_did(cast: Cast) -> None:
    who, _ = late()
    undo = acts(cast.collector, who, "call", outcome="reached")
    assert takes_back(cast.lead, undo).status_code == 404
    assert takes_back(cast.stranger, undo).status_code == 404
    assert takes_back(cast.viewer, undo).status_code == 403


def test_pressing_undo_needs_a_post(cast: Cast) -> None:
    who, _ = late()
    undo = acts(cast.collector, who, "call", outcome="reached")
    client = Client()
    client.force_login(cast.collector)
    assert client.get(reverse("undo", args=[undo.pk])).status_code == 405
