"""Short words of the account page."""

from decimal import Decimal

from invoices.rules.reliability import Reliability
from worklist.rules.words import reliability_words


def test_k07_reliability_reads_as_one_line() -> None:
    found = Reliability(3, 1, 1, Decimal("0.478"), Decimal("0.174"), Decimal("0.464"))
    assert reliability_words(found) == "3 of 5 kept in two years, 1 partly · lately 48 % by number, 46 % by amount"
    assert reliability_words(found._replace(by_amount=None)).endswith("lately 48 % by number")
    assert reliability_words(Reliability(1, 0, 1)) == "1 of 2 kept in two years · too few to say how reliable"
