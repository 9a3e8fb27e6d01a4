"""Keyset paging over people, because they are always there."""

import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from collections_app.accounts.models import User
from collections_app.web.pagination import KeysetPage, keyset_page

pytestmark = pytest.mark.django_db
ORDER = ("-first_name", "id")


@pytest.fixture
def people() -> list[str]:
    names = ["Ada", "Ada", "Ada", "Ben", "Chiara", "Chiara", "Dora"]
    User.objects.bulk_create(User(username=f"p{index}", first_name=name) for index, name in enumerate(names))
    return ["p6", "p4", "p5", "p3", "p0", "p1", "p2"]


def asked(**query: str) -> QueryDict:
    made = QueryDict(mutable=True)
    made.update(query)
    return made


def page(query: QueryDict, size: int = 3) -> KeysetPage[User]:
    return keyset_page(User.objects.all(), query, order=ORDER, size=size)


def names(found: KeysetPage[User]) -> list[str]:
    return [user.username for user in found.rows]


def test_walking_forward_shows_every_row_once_also_among_equals(people: list[str]) -> None:
    seen, found = [], page(QueryDict(), size=2)
    seen += names(found)
    while found.next_cursor:
        found = page(asked(after=found.next_cursor), size=2)
        seen += names(found)
    assert seen == people


def test_walking_back_shows_the_page_before(people: list[str]) -> None:
    second = page(asked(after=page(QueryDict()).next_cursor))
    third = page(asked(after=second.next_cursor))
    assert names(page(asked(before=third.previous_cursor))) == names(second) == people[3:6]


def test_the_first_page_has_nothing_before_and_the_last_nothing_after(people: list[str]) -> None:
    assert page(QueryDict()).previous_cursor == ""
    assert page(QueryDict(), size=7).next_cursor == ""


@pytest.mark.parametrize("cursor", ["nonsense", "a:b:c", "\x00", "eyJ9:zz"])
def test_a_forged_cursor_leads_to_the_first_page(people: list[str], cursor: str) -> None:
    assert names(page(asked(after=cursor))) == people[:3]


def test_a_cursor_of_another_order_leads_to_the_first_page(people: list[str]) -> None:
    other = keyset_page(User.objects.all(), QueryDict(), order=("username",), size=3).next_cursor
    assert names(page(asked(after=other))) == people[:3]


def test_a_row_that_comes_in_between_moves_nothing(people: list[str]) -> None:
    cursor = page(QueryDict()).next_cursor
    User.objects.create(username="new", first_name="Zoe")
    assert names(page(asked(after=cursor))) == people[3:6]


def test_an_empty_list_is_one_empty_page() -> None:
    assert page(QueryDict()) == KeysetPage([], "", "")


def test_a_page_costs_one_query(people: list[str], django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        page(QueryDict())
