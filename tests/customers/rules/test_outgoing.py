"""The allow-list: what an entry may be, and whom it lets through."""

import pytest

from customers.rules.outgoing import entry_problem, is_allowed


@pytest.mark.parametrize(
    "entry", ["ann@example.com", "example.com", "sub.example.co.uk", "a.b+c@example.com", "xn--a-0.de"]
)
def test_addresses_and_domains_are_entries(entry: str) -> None:
    assert entry_problem(entry) == ""


@pytest.mark.parametrize(
    "entry", ["", "example", "@", "ann@", "two words.com", "a@b@c.de", "ann@example", "-x.com", "a,b.com"]
)
def test_anything_else_is_refused_in_a_sentence(entry: str) -> None:
    assert entry_problem(entry).endswith(".")


def test_an_empty_list_lets_everybody_through() -> None:
    assert is_allowed("anyone@anywhere.example", [])


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("Ann@Example.com", True),  # case makes no difference
        (" bob@nordwind.example ", True),
        ("bob@mail.nordwind.example", False),  # a domain does not stand for those below it
        ("bob@evil-nordwind.example", False),
        ("bob@example.com", False),
        ("nordwind.example", True),
        ("", False),
    ],
)
def test_only_what_is_named_gets_through(address: str, allowed: bool) -> None:
    assert is_allowed(address, ["ann@example.com", "nordwind.example"]) is allowed
