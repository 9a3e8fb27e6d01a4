"""The pages of policies: the list, a new one, one changed with a look at whom it touches, its versions."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import LegalEntity
from dunning.models import Notice, Policy, PolicyStay
from dunning.services.add_policy import add_policy
from tests import factories
from tests.conftest import Cast
from tests.dunning.conftest import deliver, run_on
from tests.dunning.views.policy_form import policy_form
from tests.factories import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(policy: Policy) -> Policy:
    """The policy with one conversation: the second reminder comes on day 8, the first was sent today."""
    factories.invoice(factories.customer(name="Meyer"), due_on=DAY - timedelta(days=1))
    run_on(policy)
    assert deliver() == {"accepted": 1}
    return policy


def test_the_list_says_for_whom_each_policy_is_and_how_many_it_has(client: Client, cast: Cast, policy: Policy) -> None:
    who = factories.customer()
    factories.customer()
    who.strategy = "gentle"
    who.save()
    add_policy(entity=policy.entity, name="Gentle", based_on=None, strategy="gentle", rank=10, actor=cast.lead)
    client.force_login(cast.viewer)
    page = client.get(reverse("dunning_policies"))
    assert [(row.policy.name, row.customers) for row in page.context["rows"]] == [("Gentle", 0), ("Standard", 2)]
    Policy.objects.update(is_active=True)
    rows = client.get(reverse("dunning_policies")).context["rows"]
    assert [(row.policy.name, row.customers) for row in rows] == [("Gentle", 1), ("Standard", 1)]
    assert "strategy “gentle”" in page.content.decode()


def test_d98_the_list_takes_the_same_statements_for_one_policy_and_for_ten(
    client: Client, cast: Cast, policy: Policy
) -> None:
    client.force_login(cast.lead)
    client.get(reverse("dunning_policies"))

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("dunning_policies"))
        return len(seen)

    few = statements()
    for n in range(9):
        add_policy(entity=policy.entity, name=f"P{n}", based_on=policy, strategy=f"s{n}", actor=cast.lead)
    assert statements() == few


def test_a_new_policy_starts_off_with_the_steps_of_another(client: Client, cast: Cast, policy: Policy) -> None:
    policy.steps.filter(position=6).update(fee="fixed", fee_amount=5, copies=["cfo"])
    client.force_login(cast.lead)
    url = reverse("dunning_policy_new")
    assert f'value="{policy.pk}" selected' in client.get(url, {"copy": policy.pk}).content.decode()
    answer = client.post(
        url,
        {"entity": policy.entity_id, "name": "Gentle", "based_on": policy.pk, "strategy": "gentle", "rank": "10"},
    )
    made = Policy.objects.get(name="Gentle")
    assert answer["Location"] == reverse("dunning_policy", args=[made.pk])
    assert (made.is_active, made.mode, made.version) == (False, "review", 1)
    last = made.steps.get(position=6)
    assert (last.fee_amount, last.copies, made.steps.count()) == (Decimal(5), ["cfo"], 6)


def test_a_second_policy_for_the_same_customers_is_refused(client: Client, cast: Cast, policy: Policy) -> None:
    client.force_login(cast.lead)
    answer = client.post(reverse("dunning_policy_new"), {"entity": policy.entity_id, "name": "Again", "rank": "1"})
    assert answer.status_code == 422
    assert "has a policy for these customers already" in answer.content.decode()


def test_d53_only_entities_and_policies_one_may_see_are_offered(client: Client, cast: Cast, policy: Policy) -> None:
    client.force_login(cast.stranger)
    elsewhere = {"entity": policy.entity_id, "name": "Mine", "based_on": policy.pk, "rank": "1"}
    assert client.post(reverse("dunning_policy_new"), elsewhere).status_code in (403, 422)
    assert Policy.objects.count() == 1
    assert client.get(reverse("dunning_policy_versions", args=[policy.pk])).status_code == 404
    assert client.post(reverse("dunning_policy_delete", args=[policy.pk])).status_code in (403, 404)


def test_a_change_that_touches_running_conversations_is_shown_before_it_is_saved(
    client: Client, cast: Cast, running: Policy
) -> None:
    client.force_login(cast.lead)
    url, changed = reverse("dunning_policy", args=[running.pk]), policy_form(running, **{"step-2-offset_days": "12"})
    page = client.post(url, changed)
    assert page.status_code == 200
    (change,) = page.context["affected"].changes
    assert (change.before, change.after) == ("Second reminder on 9 Mar 2026", "Second reminder on 13 Mar 2026")
    assert (change.count, change.examples[0].name) == (1, "Meyer")
    running.refresh_from_db()
    assert (running.version, running.steps.get(position=3).offset_days) == (1, 8)
    assert client.post(url, {**changed, "running": "finish"}).status_code == 302
    running.refresh_from_db()
    assert (running.version, running.steps.get(position=3).offset_days) == (2, 12)
    assert PolicyStay.objects.get().version.number == 1


def test_a_change_nobody_is_touched_by_is_saved_at_once(client: Client, cast: Cast, policy: Policy) -> None:
    client.force_login(cast.lead)
    url = reverse("dunning_policy", args=[policy.pk])
    assert client.post(url, policy_form(policy, **{"step-2-offset_days": "12"})).status_code == 302
    page = client.get(reverse("dunning_policy_versions", args=[policy.pk])).content.decode()
    assert "Step “Second reminder”: days 8 → 12." in page


def test_d87_who_saves_over_somebody_elses_version_is_told(client: Client, cast: Cast, policy: Policy) -> None:
    client.force_login(cast.lead)
    url = reverse("dunning_policy", args=[policy.pk])
    client.post(url, policy_form(policy, **{"step-2-offset_days": "12", "seen": "1"}))
    answer = client.post(url, policy_form(policy, **{"step-2-offset_days": "14", "seen": "1"}))
    assert answer.status_code == 422
    assert "changed by somebody else" in answer.content.decode()


def test_a_step_is_put_between_two_others_and_one_is_taken_out(client: Client, cast: Cast, policy: Policy) -> None:
    client.force_login(cast.lead)
    new = {
        "step-6-place": "4", "step-6-name": "Text", "step-6-offset_days": "14", "step-6-channel": "email",
        "step-6-stage": "early", "step-6-days_to_pay": "7", "step-4-remove": "on",
    }  # fmt: skip
    answer = client.post(reverse("dunning_policy", args=[policy.pk]), policy_form(policy, **new))
    assert answer.status_code == 302, answer.content.decode()
    names = policy.steps.order_by("position").values_list("name", flat=True)
    assert list(names) == [
        "Friendly notice", "First reminder", "Second reminder", "Text", "Third reminder", "Final letter",
    ]  # fmt: skip


def test_a_step_to_be_taken_out_stays_ticked_while_one_is_asked(client: Client, cast: Cast, running: Policy) -> None:
    client.force_login(cast.lead)
    url, taken_out = reverse("dunning_policy", args=[running.pk]), policy_form(running, **{"step-2-remove": "on"})
    page = client.post(url, taken_out)
    assert page.context["affected"].conversations == 1
    assert 'name="step-2-remove" id="id_step-2-remove" checked' in page.content.decode()


def test_everything_of_a_policy_and_a_step_can_be_set(client: Client, cast: Cast, policy: Policy) -> None:
    client.force_login(cast.lead)
    everything = {
        "minimums": "USD 10, JPY 1000", "min_share": "2.5", "credits": "hold", "lists_held_items": "on",
        "end_action": "agency", "send_until_hour": "18", "days_after_delivery": "5", "rank": "7", "strategy": "gentle",
        "step-5-anchor": "previous_notice", "step-5-offset_days": "10", "step-5-business_days": "on",
        "step-5-to_first": "escalation", "step-5-to_second": "cfo", "step-5-copies": "buyer", "step-5-fee": "fixed",
        "step-5-fee_amount": "5.00", "step-5-with_interest": "on", "step-5-needs_approval": "on",
    }  # fmt: skip
    url = reverse("dunning_policy", args=[policy.pk])
    assert client.post(url, policy_form(policy, **everything)).status_code == 302
    policy.refresh_from_db()
    assert {row.currency: row.min_amount for row in policy.minimums.all()} == {"USD": 10, "JPY": 1000}
    assert (policy.min_share, policy.credits, policy.rank, policy.strategy) == (Decimal("2.5"), "hold", 7, "gentle")
    step = policy.steps.get(position=6)
    assert (step.anchor, step.offset_days, step.business_days) == ("previous_notice", 10, True)
    assert (step.recipients, step.copies, step.fee_amount) == (["escalation", "cfo"], ["buyer"], Decimal(5))
    page = client.get(url).content.decode()
    assert "USD 10.00, JPY 1000" in page or "JPY 1000, USD 10.00" in page
    assert client.post(url, policy_form(policy, minimums="USD ten")).status_code == 422


def test_a_policy_nobody_used_is_deleted_and_a_used_one_is_kept(
    client: Client, cast: Cast, running: Policy, entity: LegalEntity
) -> None:
    client.force_login(cast.lead)
    spare = add_policy(entity=entity, name="Spare", based_on=None, strategy="x", actor=cast.lead)
    assert client.post(reverse("dunning_policy_delete", args=[spare.pk])).status_code == 302
    assert not Policy.objects.filter(pk=spare.pk).exists()
    assert client.post(reverse("dunning_policy_delete", args=[running.pk])).status_code == 409
    assert Notice.objects.get().policy == running


def test_a_viewer_sees_the_steps_in_words_and_changes_nothing(client: Client, cast: Cast, policy: Policy) -> None:
    client.force_login(cast.viewer)
    url = reverse("dunning_policy", args=[policy.pk])
    page = client.get(url).content.decode()
    assert "3 days before the due date" in page
    assert "Save policy" not in page
    assert client.post(url, policy_form(policy)).status_code == 403
