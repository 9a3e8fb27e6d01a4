"""Taking a wrong batch back: apologies to everybody it reached, levels back, and a number typed first (D45)."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.urls import reverse

from collections_app.lib.errors import BadInput
from customers.models import OutgoingRules
from dunning.models import Notice, Policy, Run
from dunning.queries.decisions import decide_about
from dunning.queries.runs import waiting_in
from dunning.queries.why import why
from dunning.services.recall_notices import Recalled, recall_notices
from dunning.services.undo_approval import undo_approval
from dunning.views.recall import MOST
from tests import factories
from tests.conftest import Cast
from tests.dunning.conftest import NOON, deliver, run_on
from tests.factories import DAY
from worklist.queries.facts import customer_facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(policy: Policy) -> Run:
    """A run whose two reminders have left."""
    for name in ("Ann", "Ben"):
        factories.invoice(factories.customer(name=name), "50.00", due_on=DAY - timedelta(days=3))
    run = run_on(policy)
    assert deliver() == {"accepted": 2}
    mail.outbox.clear()
    return run


def take_back(run: Run, cast: Cast, *, count: int | None = None, ids: list[int] | None = None) -> Recalled:
    chosen = (
        ids if ids is not None else list(Notice.objects.filter(run=run, stage="early").values_list("pk", flat=True))
    )
    return recall_notices(
        run=run, notice_ids=chosen, typed_count=len(chosen) if count is None else count, reason="Wrong exchange rate.",
        actor=cast.lead, now=NOON,
    )  # fmt: skip


def test_everybody_who_had_the_wrong_letter_gets_one_apology(sent: Run, cast: Cast) -> None:
    addresses = set(Notice.objects.values_list("to_address", flat=True))
    assert take_back(sent, cast) == Recalled(2, 2)
    assert deliver() == {"accepted": 2}
    assert {one for message in mail.outbox for one in message.to} == addresses
    assert all("by mistake" in str(message.body) for message in mail.outbox)
    assert deliver() == {}


def test_an_apology_goes_to_whom_the_mistake_went_though_the_contact_has_changed(sent: Run, cast: Cast) -> None:
    notice = Notice.objects.order_by("pk")[0]
    wrong = notice.to_address
    assert notice.contact is not None
    notice.contact.email = "right@example.com"
    notice.contact.save()
    take_back(sent, cast, ids=[notice.pk])
    deliver()
    assert [message.to for message in mail.outbox] == [[wrong]]


def test_the_levels_go_back_and_the_right_step_may_follow(policy: Policy, sent: Run, cast: Cast) -> None:
    take_back(sent, cast)
    deliver()
    later = DAY + timedelta(days=7)
    first = Notice.objects.order_by("pk")[0]
    ((_, _, decision),) = decide_about(policy, [first.customer_id], later)
    assert decision.step is not None
    assert decision.step.position == 2
    run_on(policy, later)
    assert deliver() == {"accepted": 2}


def test_an_apology_leaves_though_dunning_was_stopped_meanwhile(policy: Policy, sent: Run, cast: Cast) -> None:
    Policy.objects.update(is_active=False)
    take_back(sent, cast)
    assert deliver() == {"accepted": 2}


def test_nothing_is_recalled_twice(sent: Run, cast: Cast) -> None:
    take_back(sent, cast)
    with pytest.raises(BadInput, match="Choose at least one"):
        take_back(sent, cast)
    assert Notice.objects.filter(stage="apology").count() == 2


def test_d45_without_the_right_number_nothing_happens(sent: Run, cast: Cast) -> None:
    with pytest.raises(BadInput) as refused:
        take_back(sent, cast, count=3)
    assert "You chose 2" in refused.value.fields["count"]
    assert not Notice.objects.filter(recalled_at__isnull=False).exists()


def test_d45_the_page_ticks_nothing_and_asks_for_the_number(client: Client, cast: Cast, sent: Run) -> None:
    client.force_login(cast.lead)
    url = reverse("dunning_recall", args=[sent.pk])
    assert "checked" not in client.get(url).content.decode()
    assert client.post(url, {"reason": "Oops", "count": "0"}).status_code == 422
    ids = list(Notice.objects.values_list("pk", flat=True))
    response = client.post(url, {"notice": ids, "reason": "Oops", "count": "1"})
    assert response.status_code == 422
    assert "You chose 2" in response.content.decode()
    assert response.content.decode().count(" checked") == 2
    assert client.post(url, {"notice": ids, "reason": "Oops", "count": "2"}).status_code == 302
    assert Notice.objects.filter(recalled_at__isnull=False).count() == 2
    assert "Recalled" in client.get(reverse("dunning_run", args=[sent.pk])).content.decode()


def test_a_collector_may_not_recall(client: Client, cast: Cast, sent: Run) -> None:
    client.force_login(cast.collector)
    assert client.get(reverse("dunning_recall", args=[sent.pk])).status_code == 403


def test_what_was_recalled_says_so_and_is_no_stage_of_the_account(sent: Run, cast: Cast) -> None:
    notice = Notice.objects.select_related("customer__entity").order_by("pk")[0]
    take_back(sent, cast, ids=[notice.pk])
    deliver()
    assert [entry["label"] for entry in why(notice.customer, DAY)][:2] == [
        "First reminder: recalled",
        "Apology: accepted by the provider",
    ]
    (placed,) = customer_facts([notice.customer_id], on=DAY)
    assert placed.facts.stage == ""


def test_taking_an_approval_back_leaves_the_apologies_in_the_queue(policy: Policy, sent: Run, cast: Cast) -> None:
    take_back(sent, cast)
    assert waiting_in(sent).number == 0
    assert undo_approval(run=sent, notice_ids=None, actor=cast.lead) == 0
    run_on(policy, DAY + timedelta(days=1))
    deliver()
    assert set(Notice.objects.filter(stage="apology").values_list("state", flat=True)) == {"accepted"}


def test_o17_the_copies_of_an_apology_keep_to_the_allow_list(sent: Run, cast: Cast) -> None:
    take_back(sent, cast, ids=[Notice.objects.order_by("pk")[0].pk])
    apology = Notice.objects.get(stage="apology")
    Notice.objects.filter(pk=apology.pk).update(copies_to=["me@house.example", "boss@other.example"])
    OutgoingRules.objects.create(pk=1, allowed=[apology.to_address, "house.example"])
    assert deliver() == {"accepted": 1}
    assert mail.outbox[-1].recipients() == [apology.to_address, "me@house.example"]


def test_everything_on_the_page_can_be_ticked_at_once(settings: LazySettings) -> None:
    assert MOST + 20 < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
