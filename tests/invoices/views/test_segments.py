"""The settings of segments: lines are added without a script, a preview says who moves, strangers stay hidden."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from customers.models import Segment
from invoices.services.judge_segments import judge_segments
from invoices.tasks import judge_due_segments
from tests import factories
from tests.conftest import Cast

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
    with django_assert_max_num_queries(9):
        lead.get(LIST)


def test_only_those_who_edit_policies_see_segments(client: Client, cast: Cast) -> None:
    client.force_login(cast.collector)
    assert client.get(LIST).status_code == 403
