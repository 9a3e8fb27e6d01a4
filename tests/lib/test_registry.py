"""Adapters by dotted path: good ones are loaded, bad ones are told to the system check."""

import pytest

from collections_app.lib.errors import BadInput
from collections_app.lib.registry import load


class Mail:
    code = "mail"


class Letter:
    code = "letter"


class SecondMail:
    code = "mail"


class Nameless:
    pass


class Shouting:
    code = "Mail It"


class Broken:
    code = "broken"

    def __init__(self) -> None:
        raise RuntimeError("no printer")


ready_made = Letter()


def path(name: str) -> str:
    return f"{__name__}.{name}"


def test_adapters_come_by_code_in_the_order_of_the_list() -> None:
    registry = load([path("Letter"), path("Mail")])
    assert list(registry) == ["letter", "mail"]
    assert isinstance(registry["mail"], Mail)
    assert registry.problems == ()


def test_a_ready_made_object_is_taken_as_it_is() -> None:
    assert load([path("ready_made")])["letter"] is ready_made


def test_the_same_list_gives_the_same_objects() -> None:
    assert load([path("Mail")]) is load((path("Mail"),))


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (path("Missing"), "AttributeError"),
        ("no_such_package.Thing", "ModuleNotFoundError"),
        ("Thing", "dotted path"),
        ("", "dotted path"),
        (path("Broken"), "no printer"),
        (path("Nameless"), "needs a `code`"),
        (path("Shouting"), "needs a `code`"),
        (path("SecondMail"), "already uses"),
    ],
)
def test_one_bad_adapter_is_reported_and_the_others_still_load(name: str, problem: str) -> None:
    registry = load([path("Mail"), name, path("Letter")])
    assert list(registry) == ["mail", "letter"]
    assert len(registry.problems) == 1
    assert problem in registry.problems[0]


def test_asking_for_an_adapter_that_is_not_enabled_names_those_that_are() -> None:
    with pytest.raises(BadInput, match="mail") as refused:
        load([path("Mail")])["fax"]
    assert refused.value.code == "unknown_adapter"
