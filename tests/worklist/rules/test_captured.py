"""What the first customers of an order held of the late money."""

from decimal import Decimal

from worklist.rules.captured import Outcome, Standing, averaged, captured


def standing(customer: str, score: int, amount: int, late: int, age: int = 0) -> Standing:
    outcome = Outcome(Decimal(late), Decimal(late), Decimal(0))
    return Standing(customer, Decimal(amount), age, Decimal(amount * age), outcome, Decimal(score))


TEN = [standing(f"C{at}", score=at, amount=100 - at, late=50 if at in (8, 9) else 0, age=5) for at in range(10)]


def test_an_order_holds_what_its_first_tenth_and_fifth_of_the_customers_owe_late() -> None:
    found = captured(TEN)["late_30"]
    assert found["money"] == 100
    assert found["top_10"] == {"score": Decimal("0.5"), "amount": 0, "age": 0, "amount_age": 0, "best": Decimal("0.5")}
    assert found["top_20"]["score"] == found["top_20"]["best"] == 1


def test_ties_go_by_customer_and_not_by_what_became_of_the_money() -> None:
    rows = [standing(name, 1, 100, late) for name, late in (("B", 100), ("A", 0))]
    assert captured(rows)["late_30"]["top_10"]["score"] == 0


def test_a_day_without_late_money_has_no_share_and_does_not_count_in_the_mean() -> None:
    calm = captured([standing("A", 1, 100, 0)])
    assert calm["late_30"]["top_10"]["score"] is None
    mean = averaged([calm, captured(TEN)])
    assert mean["late_30"]["top_10"]["score"] == Decimal("0.5")
    assert mean["late_30"]["top_20"]["ahead"] == {"amount": 1, "age": 1, "amount_age": 1}
    assert mean["unpaid_30"]["top_10"] == {
        **dict.fromkeys(("score", "amount", "age", "amount_age", "best")),
        "ahead": dict.fromkeys(("amount", "age", "amount_age")),
    }
