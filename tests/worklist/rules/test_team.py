"""Substitutes: chains, circles and gaps."""

from worklist.rules.team import Away, standing_in


def test_nobody_away_means_nobody_to_stand_in() -> None:
    assert standing_in([]) == {}


def test_the_named_substitute_works_the_list() -> None:
    assert standing_in([Away(1, 2)]) == {1: 2}


def test_without_a_substitute_nobody_does() -> None:
    assert standing_in([Away(1, None)]) == {1: None}


def test_a_substitute_who_is_away_passes_it_on() -> None:
    assert standing_in([Away(1, 2), Away(2, 3)]) == {1: 3, 2: 3}


def test_two_who_stand_in_for_each_other_while_both_are_away_leave_nobody() -> None:
    assert standing_in([Away(1, 2), Away(2, 1)]) == {1: None, 2: None}


def test_a_circle_further_on_ends_too() -> None:
    assert standing_in([Away(1, 2), Away(2, 3), Away(3, 2)]) == {1: None, 2: None, 3: None}


def test_of_two_absences_the_one_that_names_somebody_counts() -> None:
    assert standing_in([Away(1, None), Away(1, 5), Away(1, 6)]) == {1: 5}
