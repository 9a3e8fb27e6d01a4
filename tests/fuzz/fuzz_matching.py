"""A long search for texts of payers that break the matching, and for advices that break their readers. PDFs are left
out: a process for each would take hours."""

from contextlib import suppress
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from collections_app.lib.errors import BadInput
from invoices.remittance_formats import read_advice
from invoices.rules.matching import Settings, match_lines
from tests.invoices.bank_formats.damage import damaged
from tests.invoices.rules.matching.ledger import ASH, ELM, FIR, index, item, line

LONG = settings(settings.get_profile("fuzz"))
OPEN = index(
    *(item(who, f"NW-{40_100 + 3 * n}", f"{10 + n % 7 * 5}.00", po_number=f"PO {n + 3000}")
      for n, who in enumerate((ASH, ELM, FIR) * 6)),
    settled={ASH: {"40101", "40110"}},
)  # fmt: skip
PIECES = (
    "NW-40100", "NW-4O1O3", "40106", "/09", "+12", "-", " bis ", "40109-40115", "RF18 5390 0754 7034", "PO 3001",
    "10007", "+++010/8068/17183+++", "1.234,50 EUR", "12.03.2026", "Anzahlung", "Ash Pumps", "KID: 2345676", "\x00",
)  # fmt: skip
ADVICES = (
    b"Invoice;Gross;Discount;Net\nNW-40123;1000,00;20,00;980,00\nTotal;;;980,00\n",
    b"Advice 20.11.2026\nNW-40123   1,000.00  -20.00  = 980.00\nTotal USD 980.00\n",
)


@LONG
@given(
    text=st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=12).map("".join),
    name=st.text(max_size=40),
    reference=st.text(alphabet="0123456789RF /+-", max_size=40),
    cents=st.integers(-20_000, 20_000).filter(bool),
)
def test_any_text_of_a_payer_is_answered_and_no_cent_lost(text: str, name: str, reference: str, cents: int) -> None:
    amount = Decimal(cents) / 100
    asked = line(str(amount), text, name=name, reference=reference)
    (answer,) = match_lines([asked], OPEN, Settings())
    for found in answer.suggestions:
        assert sum(share.amount for share in found.shares) + found.rest == amount
        assert all(0 < share.amount <= share.item.open_amount for share in found.shares)


@LONG
@given(content=damaged(ADVICES), name=st.sampled_from(("advice.csv", "advice.txt", "advice.xlsx")))
def test_a_damaged_advice_is_read_or_refused(content: bytes, name: str) -> None:
    with suppress(BadInput):  # a refusal is as good as a reading
        assert read_advice(content, name=name, currency="EUR").items
