"""The dunning pages: who may, what they show, and that every form answers in sentences."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dunning.models import Notice, NoticeTemplate, Policy, Run
from tests import factories
from tests.conftest import Cast
from tests.dunning.conftest import deliver, run_on
from tests.dunning.views.policy_form import policy_form
from tests.factories import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(policy: Policy) -> Run:
    """A prepared run with one proposed notice, for a person to approve."""
    policy.mode = Policy.Mode.REVIEW
    policy.save()
    factories.invoice(factories.customer(name="<b>Meyer</b>"), "120.00", due_on=DAY - timedelta(days=1))
    return run_on(policy)


def urls(run: Run) -> dict[str, str]:
    notice = Notice.objects.get(run=run)
    template = NoticeTemplate.objects.filter(is_current=True).first()
    assert template is not None
    return {
        "dunning": reverse("dunning"),
        "run": reverse("dunning_run", args=[run.pk]),
        "notice": reverse("dunning_notice", args=[notice.pk]),
        "mail": reverse("dunning_notice_mail", args=[notice.pk]),
        "policy": reverse("dunning_policy", args=[run.policy_id]),
        "templates": reverse("dunning_templates"),
        "template": reverse("dunning_template", args=[template.pk]),
        "why": reverse("dunning_why", args=[notice.customer_id]),
        "notices": reverse("dunning_notices_panel", args=[notice.customer_id]),
    }


def test_every_page_answers_a_viewer_and_escapes_what_people_wrote(client: Client, cast: Cast, run: Run) -> None:
    client.force_login(cast.viewer)
    for name, url in urls(run).items():
        response = client.get(url)
        assert response.status_code == 200, name
        assert b"<b>Meyer" not in response.content, name


def test_every_page_answers_somebody_who_may_act_and_htmx(client: Client, cast: Cast, run: Run) -> None:
    client.force_login(cast.lead)
    for name, url in urls(run).items():
        assert client.get(url).status_code == 200, name
        fragment = client.get(url, headers={"HX-Request": "true"})
        assert fragment.status_code == 200, name
        if name not in ("mail", "templates"):
            assert b"<html" not in fragment.content, name


def test_a_stranger_finds_nothing_of_another_team(client: Client, cast: Cast, run: Run) -> None:
    client.force_login(cast.stranger)
    for name, url in urls(run).items():
        if name not in ("dunning", "templates", "template"):
            assert client.get(url).status_code == 404, name
    assert b"Nordwind" not in client.get(reverse("dunning")).content


def test_a_collector_may_look_but_not_approve_stop_or_edit(client: Client, cast: Cast, run: Run) -> None:
    client.force_login(cast.collector)
    notice = Notice.objects.get()
    for url in (
        reverse("dunning_run_approve", args=[run.pk]),
        reverse("dunning_run_cancel", args=[run.pk]),
        reverse("dunning_start", args=[run.policy_id]),
        reverse("dunning_switch", args=[run.policy_id]),
        reverse("dunning_policy", args=[run.policy_id]),
        reverse("dunning_notice_resolve", args=[notice.pk]),
        reverse("dunning_notice_withdraw", args=[notice.pk]),
    ):
        assert client.post(url).status_code == 403, url


def test_approving_the_ticked_notices_sends_them(client: Client, cast: Cast, run: Run) -> None:
    client.force_login(cast.lead)
    notice = Notice.objects.get()
    page = client.get(reverse("dunning_run", args=[run.pk])).content.decode()
    assert "Approving sends 1 by e-mail" in page
    assert "checked" not in page  # D45: nothing is chosen for anybody
    client.post(reverse("dunning_run_approve", args=[run.pk]), {"notice": [notice.pk]})
    notice.refresh_from_db()
    assert (notice.state, notice.approved_by) == ("approved", cast.lead)
    assert deliver(timezone.now()) == {}  # the minutes to undo are not over
    assert deliver(timezone.now() + timedelta(minutes=11)) == {"accepted": 1}


def test_approving_without_a_choice_is_refused_with_a_sentence(client: Client, cast: Cast, run: Run) -> None:
    client.force_login(cast.lead)
    for chosen in ({}, {"notice": ["x"]}, {"notice": ["9" * 30]}):
        response = client.post(reverse("dunning_run_approve", args=[run.pk]), chosen)
        assert response.status_code == 422
    assert Notice.objects.get().state == "proposed"


def test_withdrawing_cancels_with_the_name_of_the_person(client: Client, cast: Cast, run: Run) -> None:
    client.force_login(cast.lead)
    url, chosen = reverse("dunning_run_cancel", args=[run.pk]), {"notice": [Notice.objects.get().pk]}
    for nothing in ("", " ", "a\0b", "x" * 501):  # not without a reason, nor with one that cannot be kept
        assert client.post(url, {**chosen, "reason": nothing}).status_code == 422
    client.post(url, {**chosen, "reason": "The director calls them himself."})
    notice = Notice.objects.get()
    assert (notice.state, notice.reason) == ("cancelled", "withdrawn")
    assert notice.reason_text == f"Left out by {cast.lead}: The director calls them himself."


def test_u29_an_unknown_delivery_is_explained_and_resolved_once(client: Client, cast: Cast, run: Run) -> None:
    Notice.objects.update(state="unknown")
    client.force_login(cast.lead)
    notice = Notice.objects.get()
    assert "1 unknown – check" in client.get(reverse("dunning")).content.decode()
    page = client.get(reverse("dunning_notice", args=[notice.pk])).content.decode()
    assert "may or may not have arrived" in page
    url = reverse("dunning_notice_resolve", args=[notice.pk])
    assert client.post(url, {"arrived": "maybe"}).status_code == 422
    assert client.post(url, {"arrived": "yes"}).status_code == 302
    assert Notice.objects.get().state == "accepted"
    assert client.post(url, {"arrived": "no"}).status_code == 409


def test_d31_pressing_start_twice_shows_the_same_run(client: Client, cast: Cast, run: Run) -> None:
    client.force_login(cast.lead)
    there = reverse("dunning_run", args=[run.pk])
    for _ in range(2):
        assert client.post(reverse("dunning_start", args=[run.policy_id])).headers["Location"] == there
    assert Run.objects.count() == 1


def test_the_brake_stops_a_policy_and_the_queue_waits(client: Client, cast: Cast, run: Run) -> None:
    client.force_login(cast.lead)
    Notice.objects.update(state="approved")
    client.post(reverse("dunning_switch", args=[run.policy_id]), {"on": "0"})
    assert deliver() == {}
    assert not Policy.objects.get().is_active


def test_u71_switching_on_for_the_first_time_asks_for_review(client: Client, cast: Cast, policy: Policy) -> None:
    Policy.objects.update(is_active=False, mode="automatic", rehearsed_at=None)
    client.force_login(cast.lead)
    client.post(reverse("dunning_switch", args=[policy.pk]), {"on": "1"})
    assert Policy.objects.get().mode == "review"


def test_a_policy_is_changed_with_its_steps(client: Client, cast: Cast, policy: Policy) -> None:
    client.force_login(cast.lead)
    url = reverse("dunning_policy", args=[policy.pk])
    assert client.post(url, policy_form(policy, **{"step-2-offset_days": "10"})).status_code == 302
    policy.refresh_from_db()
    assert (policy.min_amount, policy.send_hour) == (Decimal(5), 9)
    assert policy.steps.get(position=3).offset_days == 10


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"step-2-offset_days": "3"}, "It could never come on its day"),
        ({"step-2-offset_days": "1"}, "has to come later"),
        ({"step-1-stage": "preventive"}, "for those only"),
        ({"step-5-stage": "preventive", "step-5-offset_days": "60"}, "for those only"),
        ({"step-3-stage": "early", "step-3-channel": "letter"}, "Write a template first"),
        ({"min_days_between": "0"}, "has to be"),
        ({"send_hour": "24"}, ""),
        ({"min_amount": "NaN"}, ""),
        ({"step-1-name": ""}, "Every step needs a name"),
        ({"step-TOTAL_FORMS": "x"}, ""),
    ],
)
def test_an_impossible_policy_is_refused_with_its_reason(
    client: Client, cast: Cast, policy: Policy, changes: dict[str, str], told: str
) -> None:
    client.force_login(cast.lead)
    response = client.post(reverse("dunning_policy", args=[policy.pk]), policy_form(policy, **changes))
    assert response.status_code == 422
    if told != "has to be":
        assert told in response.content.decode()
    assert policy.steps.get(position=3).offset_days == 8


def test_f23_why_not_names_the_hold_and_its_end(client: Client, cast: Cast, policy: Policy) -> None:
    who = factories.customer()
    factories.invoice(who, due_on=DAY - timedelta(days=3))
    who.holds.create(reason="legal", starts_on=DAY, ends_on=DAY + timedelta(days=9))
    client.force_login(cast.viewer)
    url = reverse("dunning_why", args=[who.pk])
    assert "On hold (legal) until 11 Mar 2026." in client.get(url).content.decode()
    assert client.get(url, {"on": "2026-02-31"}).status_code == 422
    assert "On hold" not in client.get(url, {"on": "2026-03-12"}).content.decode()
