"""Problems of a file are kept up to a bound, and the rest is told as a number."""

from invoices.rules.problem_lists import MOST, listed


def test_a_thousand_problems_are_kept_and_the_rest_is_counted() -> None:
    kept = listed((f"line {number}", "Mend it.") for number in range(200_000))
    assert len(kept) == MOST + 1
    assert kept[0] == {"position": "line 0", "sentence": "Mend it."}
    assert kept[-1] == {
        "position": "", "sentence": "199,000 more problems are not listed. Mend the cause of these first.",
    }  # fmt: skip


def test_up_to_the_bound_all_are_kept_and_nothing_is_added() -> None:
    assert [each["position"] for each in listed([("a", "x"), ("b", "y")])] == ["a", "b"]
    assert len(listed([("", "x")] * MOST)) == MOST
