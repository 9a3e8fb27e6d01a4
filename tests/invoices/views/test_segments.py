"""The settings of segments: lines are added without a script, a preview says who moves, strangers stay hidden."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from customers.models import Customer, Segment, SegmentMember
from dunning.models import Policy
from invoices.services.judge_segments import judge_segments
from invoices.tasks import judge_due_segments
from tests import factories
from tests.conftest import Cast
from worklist.models import Playbook, Portfolio, SavedView, Strategy

pytestmark = pytest.mark.django_db

LIST = "/settings/segments/"


@pytest.fixture
def lead(client: Client, cast: Cast) -> Client:
    client.force_login(cast.lead)
    return client


def form(*lines: tuple[str, str, str, str], **fields: str) -> dict[str, str]:
    data = {"name": "Germans", "code": "germans", "rank": "10", "is_active": "on", "lines": str(len(lines))}
    for place, line in enumerate(lines):
        data |= {f"{name}-{place}": value for name, value in zip(("join", "field", "op", "value"), line, strict=True)}
    return {**data, **fields}


GERMAN = ("all", "country", "in", "de")


def test_f03_a_segment_is_made_of_lines_and_shown_in_words(lead: Client) -> None:
    saved = lead.post(f"{LIST}new/", form(GERMAN, ("any", "tags", "in", "key, vip"), ("all", "sales", "ge", "5")))
    assert saved.status_code == 302
    made = Segment.objects.get()
    assert made.rule == {
        "all": [
            {"any": [{"field": "country", "op": "in", "value": ["de"]},
                     {"field": "tags", "op": "in", "value": ["key", "vip"]}]},
            {"field": "sales", "op": "ge", "value": "5"},
        ]
    }  # fmt: skip
    assert "(Country is one of DE or Tags is one of key, vip), and Sales" in lead.get(LIST).content.decode()
    again = lead.get(f"{LIST}{made.pk}/").content.decode()
    assert 'value="key, vip"' in again
    assert '<option value="any" selected>' in again


def test_lines_are_added_and_removed_without_a_script(lead: Client) -> None:
    more = lead.post(f"{LIST}new/", form(GERMAN, more="1"))
    assert more.status_code == 200
    assert 'name="value-1"' in more.content.decode()
    assert 'value="de"' in more.content.decode()
    dropped = {**form(GERMAN, ("all", "kind", "in", "business")), "drop-0": "on"}
    lead.post(f"{LIST}new/", dropped)
    assert Segment.objects.get().rule == {"all": [{"field": "kind", "op": "in", "value": ["business"]}]}


def test_f03_a_preview_says_who_would_move_before_anything_is_saved(lead: Client) -> None:
    factories.customer(country="DE", name="Ahorn GmbH")
    factories.customer(
        country="DE", name="Strange AG", of=factories.entity("DE02", team=factories.team("Southern team"))
    )
    seen = lead.post(f"{LIST}new/", form(GERMAN, preview="1")).content.decode()
    assert "Ahorn GmbH" in seen
    assert "Strange AG" not in seen
    assert not Segment.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        form(),
        form(("all", "country", "ge", "5")),
        form(("all", "sales", "ge", "many")),
        form(("all", "country", "in", " , ")),
        form(("all", "password", "in", "x")),
        form(GERMAN, code="Not A Code"),
        form(GERMAN, name=""),
        form(GERMAN, rank="-1"),
        {},
    ],
)
def test_what_cannot_be_a_segment_is_told_in_the_form(lead: Client, wrong: dict[str, str]) -> None:
    answer = lead.post(f"{LIST}new/", wrong)
    assert (answer.status_code, Segment.objects.count()) == (422, 0)
    assert "There is a problem" in answer.content.decode()


def test_f03_members_are_found_after_saving_and_lists_ask_for_them(lead: Client) -> None:
    german, french = factories.customer(country="DE"), factories.customer(country="FR")
    lead.post(f"{LIST}new/", form(GERMAN))
    assert judge_due_segments() == 1
    assert judge_due_segments() == 0
    made = Segment.objects.get()
    shown = lead.get(f"{LIST}{made.pk}/members/").content.decode()
    assert (german.name in shown, french.name in shown) == (True, False)
    accounts = lead.get("/accounts/?segment=germans").content.decode()
    assert (german.name in accounts, french.name in accounts) == (True, False)
    lead.post(f"{LIST}{made.pk}/", {**form(GERMAN), "is_active": ""})
    judge_segments(on=factories.today())
    assert german.name not in lead.get(f"{LIST}{made.pk}/members/").content.decode()


def test_the_list_of_segments_costs_the_same_for_many(
    lead: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(6):
        lead.post(f"{LIST}new/", form(GERMAN, code=f"germans{n}"))
    lead.get(LIST)
    with django_assert_max_num_queries(16):
        lead.get(LIST)


def test_only_those_who_edit_policies_see_segments(client: Client, cast: Cast) -> None:
    client.force_login(cast.collector)
    assert client.get(LIST).status_code == 403


def made(lead: Client, **fields: str) -> Segment:
    lead.post(f"{LIST}new/", form(GERMAN, **fields))
    judge_segments(on=factories.today())
    return Segment.objects.get(code=fields.get("code", "germans"))


def test_f03_a_segment_in_use_is_not_switched_off_until_nothing_in_force_asks_for_it(lead: Client) -> None:
    germans = made(lead)
    uses = (
        Policy.objects.create(
            entity=factories.entity(), code="mild", name="Mild policy", segment=germans, is_active=True
        ),
        Strategy.objects.create(name="Calm order", segment=germans),
        Portfolio.objects.create(name="North book", segment=germans),
        Playbook.objects.create(code="p", title="Kind words", goal="g", segment=germans),
    )
    shown = lead.get(f"{LIST}{germans.pk}/members/").content.decode()
    assert all(name in shown for name in ("Mild policy", "Calm order", "North book", "Kind words"))
    off = {**form(GERMAN), "is_active": ""}
    refused = lead.post(f"{LIST}{germans.pk}/", off)
    assert refused.status_code == 422
    assert "Dunning policy, Playbook, Portfolio, Strategy" in refused.content.decode()
    germans.refresh_from_db()
    assert germans.is_active
    for use in uses:
        type(use)._default_manager.filter(pk=use.pk).update(is_active=False)
    assert lead.post(f"{LIST}{germans.pk}/", off).status_code == 302


def test_d53_what_other_teams_do_with_a_segment_is_told_without_its_name(lead: Client, cast: Cast) -> None:
    germans = made(lead)
    theirs = factories.entity("DE02", team=factories.team("Southern team"))
    Strategy.objects.create(name="Secret plan", segment=germans, entity=theirs)
    view = {"shown_on": "accounts", "query": "segment=germans"}
    SavedView.objects.create(owner=cast.stranger, name="Private list", **view)
    SavedView.objects.create(owner=cast.lead, name="Shared one", team=factories.team(), **view)
    shown = lead.get(f"{LIST}{germans.pk}/members/").content.decode()
    assert ("Secret plan" in shown, "of another team" in shown) == (False, True)
    assert ("Private list" in shown, "Shared one" in shown) == (False, True)


def test_f03_an_account_tells_its_segments_of_now_and_before(lead: Client, cast: Cast) -> None:
    who = factories.customer(country="DE")
    germans = made(lead)
    old = Segment.objects.create(code="old", name="Newcomers", rule=germans.rule)
    SegmentMember.objects.create(segment=old, customer=who, since=factories.DAY, until=factories.today())
    shown = lead.get(f"/accounts/{who.pk}/segments/").content.decode()
    assert shown.index("Germans") < shown.index("Newcomers")
    assert "Was in" in shown
    fragment = lead.get(f"/accounts/{who.pk}/segments/", headers={"HX-Request": "true"}).content.decode()
    assert ("Newcomers" in fragment, "<html" in fragment) == (True, False)
    lead.force_login(cast.stranger)
    assert lead.get(f"/accounts/{who.pk}/segments/").status_code == 404


def test_f03_the_movements_of_a_segment_stand_day_by_day(lead: Client) -> None:
    for _ in range(2):
        factories.customer(country="DE")
    germans = made(lead)
    factories.customer(country="DE", of=factories.entity("DE02", team=factories.team("Southern team")))
    judge_segments(on=factories.today())
    shown = lead.get(f"{LIST}{germans.pk}/members/?show=days").content.decode()
    assert '<td class="num">2</td><td class="num">0</td>' in shown


def test_f03_a_preview_tells_the_money_that_moves(lead: Client) -> None:
    factories.invoice(factories.customer(country="DE"), "750.00")
    seen = lead.post(f"{LIST}new/", form(GERMAN, preview="1")).content.decode()
    assert "Open balance that moves, EUR" in seen
    assert "750.00" in seen


def test_d98_a_page_of_members_costs_the_same_for_ten_and_for_a_hundred(lead: Client) -> None:
    factories.customer(country="DE")
    germans = made(lead)
    place = f"{LIST}{germans.pk}/members/"
    lead.get(place)
    with CaptureQueriesContext(connection) as few:
        lead.get(place)
    Customer.objects.bulk_create(
        Customer(number=f"X{n}", name=f"X{n}", entity=factories.entity(), currency="EUR", country="DE")
        for n in range(100)
    )
    judge_segments(on=factories.today())
    with CaptureQueriesContext(connection) as many:
        lead.get(place)
    assert len(few) == len(many) <= 20
