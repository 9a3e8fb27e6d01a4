"""The pages of strategies: the form with its errors, the findings, activation, and who sees and changes what."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import BusinessClock, Customer, Segment
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.forms.strategy import StrategyForm
from worklist.models import Strategy, StrategyVersion
from worklist.rules.strategy import USUAL, as_data, read_strategy
from worklist.tasks import check_waiting_strategies

pytestmark = pytest.mark.django_db
LIST = "/strategies/"
PAYLOAD = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    factories.entity()
    client.force_login(cast.lead)
    return client


def form(cast: Cast, **changed: str) -> dict[str, str]:
    """What the browser sends for the usual rule, with some fields changed; those with a dot are written with two
    underscores."""
    made = StrategyForm(instance=Strategy(), rule=as_data(USUAL), person=cast.lead)
    data = {name: str(field.initial) for name, field in made.fields.items() if field.initial not in (None, "")}
    told = {name.replace("__", "."): value for name, value in changed.items()}
    return {**data, "name": "Calm", "rank": "100", **told}


def keep(boss: Client, cast: Cast, **changed: str) -> StrategyVersion:
    answer = boss.post(f"{LIST}new/", form(cast, **changed))
    assert answer.status_code == 302, answer.content.decode()
    return StrategyVersion.objects.latest("pk")


def check(boss: Client, version: StrategyVersion) -> None:
    boss.post(reverse("strategy_check", args=[version.pk]))
    check_waiting_strategies()


def page(client: Client, version: StrategyVersion, **query: str) -> str:
    return client.get(reverse("strategy_version", args=[version.pk]), query).content.decode()


def test_f17_the_form_keeps_every_figure_as_it_was_typed(boss: Client, cast: Cast) -> None:
    made = keep(
        boss, cast, points__call_due="33", class_a="60,000.00", bands__1__least="1,000", bands__1__percent="120",
        escalating__0__days="7", escalate_after="45", minute_cost="0.75", note="Less noise",
    )  # fmt: skip
    rule = read_strategy(made.rule)
    assert (rule.points["call_due"], rule.class_a, rule.minute_cost) == (33, Decimal(60000), Decimal("0.75"))
    assert [(band.least, band.percent) for band in rule.bands] == [(Decimal(1000), 120)]
    assert (rule.escalating[0].days, rule.escalate_after, made.note) == (7, 45, "Less noise")
    again = boss.get(f"{LIST}{made.strategy_id}/edit/").content.decode()
    assert 'value="33"' in again
    same = boss.post(f"{LIST}{made.strategy_id}/edit/", form(cast, points__call_due="34"))
    assert same.status_code == 302
    assert StrategyVersion.objects.get().rule["points"]["call_due"] == 34


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("points__call_due", "-1", "whole number"),
        ("points__call_due", "9" * 10, "whole number"),
        ("points__call_due", "1.5", "whole number"),
        ("points__call_due", "\x00", ""),
        ("class_b", "99999999", "lower amount"),
        ("class_a", "NaN", ""),
        ("bands__3__least", "12", ""),
        ("bands__3__percent", "x", ""),
        ("escalating__4__days", "0", ""),
        ("minutes__call", "", "required"),
        ("name", "", "required"),
        ("rank", "-3", ""),
        ("segment", "999", ""),
        ("entity", "999", ""),
    ],
)
def test_d20_what_cannot_be_is_422_at_its_field(boss: Client, cast: Cast, field: str, value: str, words: str) -> None:
    answer = boss.post(f"{LIST}new/", form(cast, **{field: value}))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "There is a problem" in shown
    assert words in shown
    assert not Strategy.objects.exists()


def test_every_starter_fills_the_form(boss: Client) -> None:
    shown = boss.get(LIST).content.decode()
    for code in ("balanced", "old_debt", "large_first", "risk_first"):
        assert f"?from={code}" in shown
        assert boss.get(f"{LIST}new/", {"from": code}).status_code == 200
    assert 'value="130"' in boss.get(f"{LIST}new/", {"from": "large_first"}).content.decode()
    assert boss.get(f"{LIST}new/", {"from": "nonsense"}).status_code == 200


def test_f17_from_draft_to_activation_on_the_pages(boss: Client, cast: Cast) -> None:
    who = factories.customer(name="Ahorn GmbH", collector=cast.collector)
    factories.invoice(who, "900.00", due_on=DAY - timedelta(days=50))
    made = keep(boss, cast, points__broken_promise="150")
    place = reverse("strategy_activate", args=[made.pk])
    before = page(boss, made)
    assert "Broken promise" in before
    assert "Check this version" in before
    assert boss.post(place).status_code == 409
    boss.post(reverse("strategy_check", args=[made.pk]))
    waiting = page(boss, made)
    assert 'hx-trigger="every 2s"' in waiting
    check_waiting_strategies()
    done = page(boss, made)
    assert "Ahorn GmbH" in done
    assert "Collector" in page(boss, made, analyst=str(cast.collector.pk))
    assert "There is no past to replay yet" in done
    assert boss.post(place).status_code == 302
    assert Strategy.objects.get().is_active
    assert "In force" in boss.get(LIST).content.decode()
    assert boss.post(reverse("strategy_off", args=[made.strategy_id])).status_code == 302
    assert "Switched off" in boss.get(f"{LIST}{made.strategy_id}/").content.decode()


def test_f17_the_back_test_shows_money_and_contacts_of_both_orders(boss: Client, cast: Cast) -> None:
    """contacts_spent: one large debt that today's order leaves out is the only late money."""
    issued = DAY - timedelta(days=220)
    for _ in range(9):
        who = factories.customer()
        bill = factories.invoice(who, "500.00", due_on=DAY - timedelta(days=90), issued_on=issued)
        factories.payment(who, "500.00", received_on=DAY - timedelta(days=85), shares=[(bill, None)])
    factories.invoice(factories.customer(), "9000.00", due_on=DAY - timedelta(days=100), issued_on=issued)
    hidden = keep(boss, cast, name="Small first", rank="50", bands__0__least="1000", bands__0__percent="0")
    check(boss, hidden)
    assert boss.post(reverse("strategy_activate", args=[hidden.pk])).status_code == 302
    plain = keep(boss, cast, name="Plain", rank="10")
    check(boss, plain)
    shown = page(boss, plain)
    assert "Contacts to reach 80 % of the late money" in shown
    assert ">better<" in shown
    assert "would have come sooner, if a call moves 40" in shown
    assert "<svg" in shown


def test_the_findings_alone_are_a_fragment(boss: Client, cast: Cast) -> None:
    made = keep(boss, cast)
    answer = boss.get(reverse("strategy_version", args=[made.pk]), headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in answer, "Check this version" in answer) == (False, True)


def test_versions_are_restored_and_drafts_thrown_away_on_the_page(boss: Client, cast: Cast) -> None:
    first = keep(boss, cast)
    for version in (first, None):
        if version is None:
            boss.post(f"{LIST}{first.strategy_id}/edit/", form(cast, rest_days="2"))
            version = StrategyVersion.objects.get(number=2)
        check(boss, version)
        boss.post(reverse("strategy_activate", args=[version.pk]))
    assert boss.post(reverse("strategy_restore", args=[first.pk])).status_code == 302
    third = StrategyVersion.objects.get(number=3)
    assert (third.state, third.rule) == ("draft", first.rule)
    assert boss.post(reverse("strategy_discard", args=[third.pk])).status_code == 302
    assert boss.post(reverse("strategy_discard", args=[first.pk])).status_code == 409
    assert boss.post(reverse("strategy_check", args=[first.pk])).status_code == 409


def test_d53_a_strategy_of_another_team_is_not_found_and_one_for_all_is_not_theirs_to_change(
    boss: Client, cast: Cast
) -> None:
    everybodys = keep(boss, cast)
    ours = keep(boss, cast, name="North", entity=str(factories.entity().pk))
    check(boss, everybodys)
    factories.entity("DE02", team=factories.team("Southern team"))
    boss.force_login(cast.stranger)
    for name in ("strategy_version",):
        assert boss.get(reverse(name, args=[ours.pk])).status_code == 404
        assert boss.get(reverse(name, args=[everybodys.pk])).status_code == 200
    assert boss.get(f"{LIST}{ours.strategy_id}/").status_code == 404
    shown = page(boss, everybodys)
    assert "The top 50" not in shown
    for name in ("strategy_check", "strategy_activate", "strategy_restore", "strategy_discard"):
        assert boss.post(reverse(name, args=[ours.pk])).status_code == 404
        assert boss.post(reverse(name, args=[everybodys.pk])).status_code == 403
    assert boss.post(reverse("strategy_off", args=[everybodys.strategy_id])).status_code == 403
    assert boss.get(f"{LIST}{everybodys.strategy_id}/edit/").status_code == 403
    refused = boss.post(f"{LIST}new/", form(cast, name="Mine"))
    assert refused.status_code == 422, "a strategy for everybody is for those who see everybody"


def test_d53_accounts_of_other_teams_keep_their_place_without_a_name(boss: Client, cast: Cast) -> None:
    made = keep(boss, cast)
    hers = factories.customer(name="Secret Ltd", of=factories.entity("DE02", team=factories.team("Southern team")))
    factories.invoice(hers, "900.00", due_on=DAY - timedelta(days=50))
    boss.force_login(cast.admin)
    check(boss, made)
    assert "Secret Ltd" in page(boss, made)
    cast.admin.teams.clear()
    boss.force_login(cast.lead)
    assert "Secret Ltd" not in page(boss, made)


def test_d54_extra_fields_are_passed_over(boss: Client, cast: Cast) -> None:
    made = keep(boss, cast, is_active="on", state="active", findings="{}", number="9")
    assert (made.number, made.state, made.strategy.is_active, made.findings) == (1, "draft", False, {})


def test_d66_names_and_notes_stay_text(boss: Client, cast: Cast) -> None:
    who = factories.customer(name=PAYLOAD)
    factories.invoice(who, "900.00", due_on=DAY - timedelta(days=50))
    segment = Segment.objects.create(code="s", name=PAYLOAD, rule={})
    made = keep(boss, cast, name=PAYLOAD, note=PAYLOAD, segment=str(segment.pk))
    check(boss, made)
    for address in (LIST, f"{LIST}{made.strategy_id}/", f"{LIST}{made.strategy_id}/edit/",
                    reverse("strategy_version", args=[made.pk])):  # fmt: skip
        assert PAYLOAD not in boss.get(address).content.decode()


def test_d98_the_pages_cost_the_same_for_few_and_for_many(boss: Client, cast: Cast) -> None:
    made = keep(boss, cast)

    def costs() -> list[int]:
        check(boss, made)
        found = []
        for address in (LIST, f"{LIST}{made.strategy_id}/", reverse("strategy_version", args=[made.pk])):
            boss.get(address)
            with CaptureQueriesContext(connection) as asked:
                boss.get(address)
            found.append(len(asked))
        return found

    def fill(start: int, end: int) -> None:
        for n in range(start, end):
            who: Customer = factories.customer(collector=factories.user(username=f"c{n}"))
            factories.invoice(who, "900.00", due_on=DAY - timedelta(days=50))
            keep(boss, cast, name=f"S{n}")

    fill(0, 3)
    few = costs()
    fill(3, 20)
    assert costs() == few
    assert max(few) <= 20


@pytest.mark.parametrize("person", ["collector", "accountant", "viewer"])
def test_only_those_who_edit_policies_see_strategies(client: Client, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    answer: Any = client.get(LIST)
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 403
