"""The review of a run: what is different, leaving one out, own words, undo, the first run, and the search after it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dunning.models import DecisionRecord, Notice, Policy, Run
from dunning.queries.run_difference import difference_to_last
from tests import factories
from tests.conftest import Cast
from tests.dunning.conftest import deliver, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(policy: Policy) -> Policy:
    """The policy as it is after installing: on, a person approves, its first run not approved yet."""
    Policy.objects.update(mode=Policy.Mode.REVIEW, rehearsed_at=None)
    policy.refresh_from_db()
    return policy


def late(name: str = "Meyer", total: str = "120.00", days: int = 1) -> None:
    factories.invoice(factories.customer(name=name), total, due_on=DAY - timedelta(days=days))


def after_the_window() -> dict[str, int]:
    return deliver(timezone.now() + timedelta(minutes=11))


def test_undo_within_the_window_brings_the_notices_back_to_the_list(client: Client, cast: Cast, review: Policy) -> None:
    late()
    run = run_on(review)
    client.force_login(cast.lead)
    there = client.post(reverse("dunning_run_approve", args=[run.pk]), {"all": "1"}).headers["Location"]
    page = client.get(there).content.decode()
    assert "1 approved notice waits to leave" in page
    assert reverse("dunning_run_undo", args=[run.pk]) in page
    client.post(reverse("dunning_run_undo", args=[run.pk]))
    notice = Notice.objects.get()
    assert (notice.state, notice.approved_by, notice.approved_at) == ("proposed", None, None)
    assert after_the_window() == {}


def test_undo_comes_too_late_for_what_has_left(client: Client, cast: Cast, review: Policy) -> None:
    late()
    run = run_on(review)
    client.force_login(cast.lead)
    client.post(reverse("dunning_run_approve", args=[run.pk]), {"all": "1"})
    assert after_the_window() == {"accepted": 1}
    client.post(reverse("dunning_run_undo", args=[run.pk]))
    assert Notice.objects.get().state == "accepted"


def test_own_words_go_out_for_one_letter_and_the_template_stays(client: Client, cast: Cast, review: Policy) -> None:
    late("Ann")
    late("Ben")
    run = run_on(review)
    ann = Notice.objects.get(customer__name="Ann")
    client.force_login(cast.lead)
    url = reverse("dunning_notice_words", args=[ann.pk])
    assert "{{invoice_table}}" in client.get(url).content.decode()
    words = {"subject": "As agreed on the phone", "body": "Dear Ann, {{amount}} is open.\n\n{{invoice_table}}"}
    assert "Dear Ann, €120.00 is open." in client.post(url, {**words, "preview": "1"}).content.decode()
    ann.refresh_from_db()
    assert ann.written_body == ""
    client.post(url, words)
    client.post(reverse("dunning_run_approve", args=[run.pk]), {"all": "1"})
    assert after_the_window() == {"accepted": 2}
    assert sum(message.subject == "As agreed on the phone" for message in mail.outbox) == 1


def test_own_words_are_checked_like_a_templates(client: Client, cast: Cast, review: Policy) -> None:
    late()
    run_on(review)
    client.force_login(cast.lead)
    url = reverse("dunning_notice_words", args=[Notice.objects.get().pk])
    refused = client.post(url, {"subject": "x", "body": "one\n{{nobody_knows}}\n\n{{invoice_table}}"})
    assert refused.status_code == 422
    assert "Line 2" in refused.content.decode()
    assert client.post(url, {"subject": "x", "body": ""}).status_code == 422
    client.post(url, {"subject": "x", "body": "Dear\n\n{{invoice_table}}"})
    client.post(url, {"subject": "", "body": ""})
    assert Notice.objects.get().written_by is None


def test_what_was_approved_cannot_be_rewritten(client: Client, cast: Cast, review: Policy) -> None:
    late()
    run = run_on(review)
    client.force_login(cast.lead)
    client.post(reverse("dunning_run_approve", args=[run.pk]), {"all": "1"})
    url = reverse("dunning_notice_words", args=[Notice.objects.get().pk])
    assert client.post(url, {"subject": "x", "body": "Dear\n\n{{invoice_table}}"}).status_code == 409
    assert "wait for a person any more" in client.get(url).content.decode()


def test_the_difference_to_the_last_run_names_money_steps_and_reasons(review: Policy) -> None:
    late("Ann", "10.00")
    first = run_on(review)
    assert difference_to_last(first) is None
    late("Ben", "5.00", days=30)
    factories.customer(name="Cid").holds.create(reason="legal", starts_on=DAY, ends_on=DAY + timedelta(days=9))
    factories.invoice(factories.customer(name="Dan", is_related_party=True), due_on=DAY - timedelta(days=2))
    second = run_on(review, DAY + timedelta(days=1))
    difference = difference_to_last(second)
    assert difference is not None
    assert difference.before_on == DAY
    assert (difference.letters.now, difference.letters.before) == (2, 1)
    assert [(m.currency, m.now, m.before) for m in difference.money] == [("EUR", Decimal(15), Decimal(10))]
    assert [(c.name, c.now, c.before) for c in difference.skipped] == [("Related party", 1, 0)]


def test_u71_a_dry_run_may_be_made_while_off_and_nothing_leaves_from_it(
    client: Client, cast: Cast, review: Policy
) -> None:
    Policy.objects.update(is_active=False)
    late()
    client.force_login(cast.lead)
    there = client.post(reverse("dunning_start", args=[review.pk]), {"dry": "1"}).headers["Location"]
    page = client.get(there).content.decode()
    assert "Dry run" in page
    assert "1 notice, " in page
    assert "Friendly" not in page
    run = Run.objects.get()
    assert (run.is_dry, run.proposed) == (True, 1)
    assert client.post(reverse("dunning_run_approve", args=[run.pk]), {"all": "1"}).status_code == 409
    assert after_the_window() == {}
    assert client.get(reverse("dunning_notice", args=[Notice.objects.get().pk])).status_code == 200


def test_u71_an_automatic_policy_waits_until_its_first_run_was_approved(
    client: Client, cast: Cast, review: Policy
) -> None:
    Policy.objects.update(mode=Policy.Mode.AUTOMATIC)
    review.refresh_from_db()
    late()
    run_on(review)
    assert Notice.objects.get().state == "proposed"
    client.force_login(cast.lead)
    there = client.post(reverse("dunning_start", args=[review.pk]), {"dry": "1"}).headers["Location"]
    assert "Approve as the first run" in client.get(there).content.decode()
    client.post(reverse("dunning_run_rehearsed", args=[Run.objects.get(is_dry=True).pk]))
    review.refresh_from_db()
    assert review.rehearsed_by == cast.lead
    run_on(review, DAY + timedelta(days=1))
    assert list(Notice.objects.exclude(state="cancelled").values_list("state", flat=True)) == ["approved"]


def test_a_step_may_ask_for_a_person_even_in_automatic_mode(policy: Policy) -> None:
    policy.steps.filter(position=2).update(needs_approval=True)
    late("Ann")
    ben = factories.customer(name="Ben")
    factories.invoice(ben, due_on=DAY + timedelta(days=2))  # gets the friendly notice
    run_on(policy)
    states = dict(Notice.objects.values_list("customer__name", "state"))
    assert states == {"Ann": "proposed", "Ben": "approved"}


def test_every_account_of_a_run_has_a_kept_decision_that_can_be_found(
    client: Client, cast: Cast, review: Policy
) -> None:
    late("Ann")
    held = factories.customer(name="Held & Co", number="H-1")
    held.holds.create(reason="legal", starts_on=DAY, ends_on=DAY + timedelta(days=9))
    factories.invoice(held, due_on=DAY - timedelta(days=3))
    run_on(review)
    assert sorted(DecisionRecord.objects.values_list("code", flat=True)) == ["on_hold", "propose"]
    client.force_login(cast.viewer)
    url = reverse("dunning_decisions")
    everything = client.get(url).content.decode()
    assert "On hold (legal) until 11 Mar 2026." in everything
    assert "Ann" in everything
    assert "Ann" not in client.get(url, {"customer": "h-1"}).content.decode()
    assert "Held &amp; Co" in client.get(url, {"customer": "held"}).content.decode()
    assert "Ann" not in client.get(url, {"code": "on_hold"}).content.decode()
    assert "Nothing fits" in client.get(url, {"until": "2026-03-01"}).content.decode()
    for wrong in ({"since": "2026-02-31"}, {"code": "nonsense"}):
        assert client.get(url, wrong).status_code == 422
    client.force_login(cast.stranger)
    assert "Ann" not in client.get(url).content.decode()


def test_f23_why_tells_what_was_decided_then_though_the_facts_have_changed(
    client: Client, cast: Cast, review: Policy
) -> None:
    who = factories.customer()
    factories.invoice(who, "80.00", due_on=DAY - timedelta(days=3))
    who.holds.create(reason="legal", starts_on=DAY, ends_on=DAY + timedelta(days=9))
    run_on(review)
    who.holds.update(released_on=DAY)
    client.force_login(cast.viewer)
    page = client.get(reverse("dunning_why", args=[who.pk]), {"on": DAY.isoformat()}).content.decode()
    assert page.index("Decided on that day") < page.index("On hold (legal)") < page.index("As the facts stand now")


def test_a_run_that_is_still_prepared_shows_how_far_it_got(client: Client, cast: Cast, review: Policy) -> None:
    for name in ("Ann", "Ben", "Cid"):
        late(name)
    answers = iter([True, False])
    run = run_on(review, chunk=1, go_on=lambda: next(answers))
    client.force_login(cast.viewer)
    page = client.get(reverse("dunning_run", args=[run.pk])).content.decode()
    assert 'value="1" max="3"' in page
    assert 'hx-trigger="every 2s"' in page


@pytest.mark.parametrize("odd", ["\0", "'; DROP TABLE", "%", "9" * 40, "²", "２０２６-03-02", "\U0001f600"])
def test_no_odd_input_breaks_a_page_of_the_review(client: Client, cast: Cast, review: Policy, odd: str) -> None:
    late()
    run = run_on(review)
    client.force_login(cast.lead)
    there, notice = reverse("dunning_run", args=[run.pk]), Notice.objects.get()
    asked = [
        client.get(there, {"state": odd, "after": odd}),
        client.get(there, {"notice": odd}),
        client.get(reverse("dunning_decisions"), {"customer": odd, "code": odd, "since": odd, "until": odd}),
        client.get(reverse("dunning_decisions"), {"customer": odd, "after": odd}),
        client.post(reverse("dunning_recall", args=[run.pk]), {"notice": odd, "reason": odd, "count": odd}),
        client.post(reverse("dunning_run_approve", args=[run.pk]), {"notice": odd}),
        client.post(reverse("dunning_notice_words", args=[notice.pk]), {"subject": odd, "body": odd}),
        client.post(reverse("dunning_outgoing_switch"), {"stop": "1", "why": odd}),
    ]
    assert [answer.status_code for answer in asked if answer.status_code not in (200, 302, 404, 409, 422)] == []
