"""The search: what finds whom, within whose scope, and that no part of it reads a whole table (U18, D53)."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import chain

import pytest
from django.db import connection

from invoices.queries import search as module
from invoices.queries.search import search
from invoices.services.open_case import open_case
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def found(cast: Cast, words: str, amounts: Iterable[Decimal] = ()) -> set[str]:
    rows = search(user=cast.collector, words=words, amounts=list(amounts), limit=10)
    return {type(row).__name__ for row in chain(rows.customers, rows.invoices, rows.payments, rows.disputes)}


def test_u18_each_kind_is_found_by_its_own_words(cast: Cast) -> None:
    who = factories.customer(name="Meyer GmbH", number="K-77", email="ada@meyer.example")
    who.contacts.update(phone="+49 (040) 555-77", mobile="0171/987 65 43")
    invoice = factories.invoice(who, "80.00", number="R-900", po_number="PO_7%")
    factories.payment(who, "12.50", reference="RF18 5390")
    case = open_case(customer=who, items=[(invoice, None)], reason="price", opened_on=DAY, by="test")
    for words, kinds in (
        ("eyer", {"Customer"}), ("k-7", {"Customer"}), ("DA@MEY", {"Customer"}), ("04055577", {"Customer"}),
        ("987 65", {"Customer"}), ("900", {"Invoice"}), ("O_7%", {"Invoice"}), ("5390", {"Payment"}),
        (case.reference, {"DisputeCase"}), ("me", {"Customer"}), ("ye", set()),
    ):  # fmt: skip
        assert found(cast, words) == kinds, words
    assert found(cast, "80,00", [Decimal(80)]) == {"Invoice"}
    assert found(cast, "12.5", [Decimal("12.50")]) == {"Payment"}
    assert found(cast, "_%_") == set(), "wildcards are letters like others"


def test_d53_a_stranger_finds_nothing(cast: Cast) -> None:
    who = factories.customer(name="Meyer GmbH")
    factories.invoice(who, "80.00", number="R-900")
    assert not search(user=cast.stranger, words="meyer", amounts=[], limit=10)
    assert not search(user=cast.stranger, words="R-900", amounts=[Decimal(80)], limit=10)


def test_u18_every_part_of_the_search_has_an_index_to_use() -> None:
    amounts, like = [Decimal(80)], module._pattern("04055577")
    parts = [
        *module._customer_parts("04055577", like), *module._invoice_parts(like, amounts),
        *module._payment_parts(like, amounts),
    ]  # fmt: skip
    assert len(parts) == 10
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for statement, values in parts:
            cursor.execute(f"EXPLAIN {statement}", values)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan" not in plan, statement
            assert "Cond" in plan, statement
