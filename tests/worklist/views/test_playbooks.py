"""The pages of the playbooks, and the one beside an account."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collections_app.accounts.models import User
from customers.models import BusinessClock, Customer
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Activity, Playbook, PlaybookCheck, PlaybookStep, Undo
from worklist.services.install_playbooks import install_playbooks
from worklist.services.rescore import rescore

pytestmark = pytest.mark.django_db
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _ready() -> None:
    BusinessClock.objects.create(pinned_on=DAY)
    install_playbooks(actor=None, by="test")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def late(**more: Any) -> Customer:
    who = factories.customer(**more)
    factories.invoice(who, "1000.00", due_on=DAY - timedelta(days=40))
    Activity.objects.create(customer=who, kind="call", outcome="reached", happened_on=DAY - timedelta(days=9))
    rescore([who.pk], on=DAY)
    return who


def beside(client: Client, who: Customer, **headers: Any) -> str:
    return client.get(reverse("account_playbook", args=[who.pk]), **headers).content.decode()


def form_of(playbook: Playbook, **changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "title": playbook.title, "stage": playbook.stage, "occasion": playbook.occasion, "rank": playbook.rank,
        "goal": playbook.goal, "script": playbook.script, "is_active": "on", "step-TOTAL_FORMS": 2,
        "step-INITIAL_FORMS": 0, "step-0-position": 2, "step-0-text": "Second", "step-0-minutes": 2,
        "step-1-position": 1, "step-1-text": "First", "step-1-action": "call", "step-1-minutes": 5,
    }  # fmt: skip
    return data | changes


def test_the_playbook_beside_the_account_has_steps_and_the_script_filled_in(cast: Cast) -> None:
    who = late(name="Meyer & Söhne")
    shown = beside(signed_in(cast.collector), who, **HTMX)
    for words in ("Weeks late", "Pat Payable", "€1,000.00", "for 40 days", "tel:+49401234",
                  f"/accounts/{who.pk}/call/", "Do not threaten"):  # fmt: skip
        assert words in shown
    assert "<html" not in shown
    assert "<html" in beside(signed_in(cast.viewer), who)


def test_a_viewer_reads_but_does_not_tick(cast: Cast) -> None:
    who = late()
    assert "aria-pressed" not in beside(signed_in(cast.viewer), who, **HTMX)
    step = Playbook.objects.get(code="late-firm").steps.first()
    assert step is not None
    address = reverse("playbook_tick", args=[who.pk, step.pk])
    assert signed_in(cast.viewer).post(address).status_code == 403
    assert signed_in(cast.stranger).post(address).status_code == 404
    assert signed_in(cast.stranger).get(reverse("account_playbook", args=[who.pk])).status_code == 404


def test_a_step_is_ticked_and_unticked_and_shown_so(cast: Cast) -> None:
    who, client = late(), signed_in(cast.collector)
    step = Playbook.objects.get(code="late-firm").steps.first()
    assert step is not None
    address = reverse("playbook_tick", args=[who.pk, step.pk])
    shown = client.post(address, {"done": "1", "by": cast.lead.pk}, **HTMX).content.decode()
    assert shown.count('aria-pressed="true"') == 1
    assert PlaybookCheck.objects.get().by == cast.collector
    assert client.post(address, {"done": "0"}).status_code == 302
    assert 'aria-pressed="true"' not in beside(client, who, **HTMX)


def test_logging_a_call_ticks_the_step_and_undo_takes_the_tick_away(cast: Cast) -> None:
    who, client = late(), signed_in(cast.collector)
    client.post(reverse("account_call", args=[who.pk]), {"outcome": "reached"})
    check = PlaybookCheck.objects.select_related("step__playbook").get()
    assert (check.step.action, check.step.playbook.code, check.on) == ("call", "late-firm", DAY)
    client.post(reverse("undo", args=[Undo.objects.get().pk]))
    check.refresh_from_db()
    assert check.undone_at is not None


def test_the_promise_ticks_the_playbook_that_counted_before_it(cast: Cast) -> None:
    who = late()
    client = signed_in(cast.collector)
    client.post(reverse("account_promise", args=[who.pk]), {"said": "all tomorrow"})
    assert PlaybookCheck.objects.select_related("step__playbook").get().step.playbook.code == "late-firm"
    assert "A promise is open" in beside(client, who)


def test_without_a_playbook_the_fragment_says_so(cast: Cast) -> None:
    Playbook.objects.all().update(is_active=False)
    assert "No playbook fits here" in beside(signed_in(cast.collector), late(), **HTMX)


def test_the_list_shows_all_and_only_those_who_may_can_edit(cast: Cast) -> None:
    late()
    shown = signed_in(cast.viewer).get(reverse("playbooks")).content.decode()
    assert shown.count("data-item") == 9
    assert "playbook_new" not in shown
    assert reverse("playbook_new") not in shown
    assert reverse("playbook_new") in signed_in(cast.lead).get(reverse("playbooks")).content.decode()


def test_d98_the_list_asks_as_much_for_two_playbooks_as_for_nine(cast: Cast) -> None:
    client = signed_in(cast.lead)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("playbooks"))
        return len(seen)

    asked()
    many = asked()
    Playbook.objects.filter(rank__gt=20).delete()
    assert asked() == many


def test_a_playbook_is_written_and_its_steps_stand_by_their_places(cast: Cast) -> None:
    client = signed_in(cast.lead)
    new = Playbook(title="Our way", goal="Money", rank=5)
    answer = client.post(reverse("playbook_new"), form_of(new, code="forged", changed_by=cast.viewer.pk))
    made = Playbook.objects.get(code="our-way")
    assert answer["Location"] == reverse("playbook", args=[made.pk])
    assert [step.text for step in made.steps.all()] == ["First", "Second"]
    assert made.changed_by == cast.lead
    again = client.post(reverse("playbook_new"), form_of(new))
    assert again.status_code == 302
    assert Playbook.objects.filter(code="our-way-2").exists()


def test_a_foreign_step_id_in_the_form_moves_nothing(cast: Cast) -> None:
    mine, theirs = Playbook.objects.get(code="late-firm"), PlaybookStep.objects.filter(playbook__code="open-dispute")[0]
    data = form_of(mine, **{"step-0-id": theirs.pk})
    assert signed_in(cast.lead).post(reverse("playbook_edit", args=[mine.pk]), data).status_code == 302
    theirs.refresh_from_db()
    assert theirs.playbook.code == "open-dispute"


@pytest.mark.parametrize(
    "changes",
    [{"script": "{{salary}}"}, {"title": ""}, {"step-0-text": "", "step-1-text": ""}, {"step-0-minutes": "x"},
     {"step-TOTAL_FORMS": "x"}, {"step-0-position": ""}, {"rank": "-1"}, {"stage": "nowhere"}, {"title": "a\x00b"},
     {"step-0-action": "<script>"}],
)  # fmt: skip
def test_what_cannot_be_kept_comes_back_with_its_words(cast: Cast, changes: dict[str, str]) -> None:
    mine = Playbook.objects.get(code="late-firm")
    answer = signed_in(cast.lead).post(reverse("playbook_edit", args=[mine.pk]), form_of(mine, **changes))
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_the_starters_come_back_without_touching_ours(cast: Cast) -> None:
    Playbook.objects.exclude(code="late-firm").delete()
    Playbook.objects.update(title="Ours")
    client = signed_in(cast.lead)
    client.post(reverse("playbook_starters"))
    assert Playbook.objects.count() == 9
    assert Playbook.objects.get(code="late-firm").title == "Ours"
    assert signed_in(cast.collector).post(reverse("playbook_starters")).status_code == 403


def test_d66_scripts_in_names_and_playbooks_are_inert(cast: Cast) -> None:
    bad = "<script>alert(1)</script><div hx-get=/x hx-trigger=load>"
    who = late(name=bad)
    who.contacts.update(name=bad)
    Playbook.objects.filter(code="late-firm").update(
        title=bad[:120], goal=bad, tone=bad, script=f"{bad} {{{{contact}}}} {{{{customer}}}}", do=bad, dont=bad
    )
    PlaybookStep.objects.update(text=bad)
    client = signed_in(cast.lead)
    book = Playbook.objects.get(code="late-firm")
    pages = [client.get(reverse(name, args=[book.pk])).content.decode() for name in ("playbook", "playbook_edit")]
    pages += [beside(client, who, **HTMX), beside(client, who), client.get(reverse("playbooks")).content.decode()]
    for page in pages:
        assert "<script>alert" not in page
        assert "<div hx-get=/x" not in page


def test_the_account_says_what_comes_next_and_where(cast: Cast) -> None:
    who = late()
    shown = signed_in(cast.collector).get(reverse("account", args=[who.pk])).content.decode()
    assert "account-next" in shown
    assert f'hx-get="/accounts/{who.pk}/call/" hx-target="#composer">Call' in shown
    watched = signed_in(cast.viewer).get(reverse("account", args=[who.pk])).content.decode()
    assert "account-next" in watched
    assert f"/accounts/{who.pk}/call/" not in watched
