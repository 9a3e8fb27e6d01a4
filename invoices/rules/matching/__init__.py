"""Which open items a bank line pays, how sure that is, and why. Pure: no database, no clock, no guess without a reason.

`Index.of(...)` is built once over all open items; `match_lines(lines, index, settings)` then answers for each line."""

from invoices.rules.matching.decide import match_lines
from invoices.rules.matching.facts import (
    AdviceRow,
    CustomerFact,
    Line,
    OpenItem,
    Payers,
    PaymentFact,
    Settings,
    Tolerance,
)
from invoices.rules.matching.index import Index
from invoices.rules.matching.names import folded_name
from invoices.rules.matching.points import POINTS, Reason
from invoices.rules.matching.suggestion import Answer, MatchedShare, Suggestion
from invoices.rules.matching.take_back import PaymentIndex

__all__ = [
    "POINTS",
    "AdviceRow",
    "Answer",
    "CustomerFact",
    "Index",
    "Line",
    "MatchedShare",
    "OpenItem",
    "Payers",
    "PaymentFact",
    "PaymentIndex",
    "Reason",
    "Settings",
    "Suggestion",
    "Tolerance",
    "folded_name",
    "match_lines",
]
