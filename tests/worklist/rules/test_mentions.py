"""Who is named in a note: pure rules, so no database."""

import pytest

from worklist.rules.mentions import meant, named


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@anna please look, @Ben too.", ["anna", "ben"]),
        ("Ask @anna. Then @anna again!", ["anna"]),
        ("write to anna@example.com", []),
        ("@@anna @ nobody @...", []),
        ("(@a.b-c)", ["a.b-c"]),
        ("", []),
    ],
)
def test_names_stand_after_an_at_sign(text: str, names: list[str]) -> None:
    assert named(text) == names


def test_at_most_twenty_people_are_named() -> None:
    assert len(named(" ".join(f"@u{n}" for n in range(50)))) == 20


def test_a_user_name_counts_before_a_first_name_and_a_shared_first_name_is_nobodys() -> None:
    people = {1: ("anna", "Petra"), 2: ("pm", "Anna"), 3: ("x", "Kim"), 4: ("y", "Kim"), 5: ("z", "")}
    assert meant(["anna", "petra", "kim", "nobody", "z", "anna"], people) == [1, 5]
    assert meant(["petra"], {1: ("anna", "Petra")}) == [1]
