"""Who is told of what, and how often."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.conftest import Cast
from worklist.models import Notification
from worklist.services.notify import News, notify, notify_all

KIND = Notification.Kind.MENTION


def told(cast: Cast) -> dict[str, int]:
    people = {"collector": cast.collector, "lead": cast.lead, "stranger": cast.stranger, "admin": cast.admin}
    return {name: Notification.objects.filter(user=person).count() for name, person in people.items()}


def test_everybody_named_is_told_with_the_sentence_and_where_to_go(cast: Cast) -> None:
    customer = factories.customer()
    notify(
        users=[cast.collector, cast.lead], kind=KIND, text="Anna asks for you.", url="/accounts/1/", customer=customer
    )
    found = Notification.objects.get(user=cast.lead)
    assert (found.text, found.url, found.customer, found.read_at) == (
        "Anna asks for you.",
        "/accounts/1/",
        customer,
        None,
    )
    assert told(cast) == {"collector": 1, "lead": 1, "stranger": 0, "admin": 0}


def test_one_source_is_told_once_per_person(cast: Cast) -> None:
    for _ in range(2):
        notify(users=[cast.collector, cast.collector], kind=KIND, text="Once.", source="activity:7")
    notify(users=[cast.lead], kind=KIND, text="Once.", source="activity:7")
    assert told(cast) == {"collector": 1, "lead": 1, "stranger": 0, "admin": 0}


def test_without_a_source_each_telling_counts(cast: Cast) -> None:
    for _ in range(2):
        notify(users=[cast.collector], kind=KIND, text="Again.")
    assert told(cast)["collector"] == 2


def test_d53_nobody_hears_of_a_customer_of_another_team(cast: Cast) -> None:
    notify(users=[cast.stranger, cast.admin], kind=KIND, text="Secret.", customer=factories.customer())
    assert told(cast) == {"collector": 0, "lead": 0, "stranger": 0, "admin": 1}


def test_u93_a_muted_kind_is_not_told_but_others_are(cast: Cast) -> None:
    cast.collector.muted = [KIND]
    notify(users=[cast.collector], kind=KIND, text="Muted.")
    notify(users=[cast.collector], kind=Notification.Kind.ANSWER, text="Not muted.")
    assert list(Notification.objects.values_list("text", flat=True)) == ["Not muted."]


def test_a_person_who_left_is_not_told(cast: Cast) -> None:
    cast.collector.is_active = False
    assert notify(users=[cast.collector], kind=KIND, text="Gone.") == []


def test_a_long_sentence_is_cut_to_what_fits(cast: Cast) -> None:
    notify(users=[cast.collector], kind=KIND, text="x" * 400, url="/" + "y" * 400, source="z" * 100)
    notify(users=[cast.collector], kind=KIND, text="x" * 400, url="/" + "y" * 400, source="z" * 100)
    assert [len(row.text) for row in Notification.objects.all()] == [250]


def test_many_things_cost_as_few_statements_as_one(cast: Cast) -> None:
    customers = [factories.customer() for _ in range(6)]

    def statements(of: int) -> int:
        news = [News((cast.collector,), KIND, "x", "", row, f"s{of}:{row.pk}") for row in customers[:of]]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            notify_all(news=news)
        return len(seen)

    assert statements(6) == statements(1)


def test_nothing_to_tell_is_no_error(cast: Cast) -> None:
    assert notify_all(news=[]) == []
