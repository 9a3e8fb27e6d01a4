"""What a file calls settled, on the day it counts from, and how long finding that out may take."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from invoices.models import Allocation, Invoice, Payment
from invoices.queries.aging import aging_totals
from invoices.queries.aging_sql import AgingScope
from invoices.queries.open_amounts import with_open_amount
from invoices.services.reverse_allocation import reverse_allocation
from tests import factories
from tests.invoices.services.test_import_open_items import codes, run

pytestmark = pytest.mark.django_db

HEADER = "Customer number,Invoice number,Invoice date,Due date,Amount,Currency,Paid on"


def open_on(number: str, day: date) -> Decimal:
    invoices: Any = with_open_amount(Invoice.objects.filter(number=number), as_of=day)
    found: Decimal = invoices.get().open_amount
    return found


def test_i03_money_that_came_before_its_invoice_is_unapplied_until_then(tmp_path: Path) -> None:
    run(tmp_path, f"{HEADER}\nC1,R1,2026-03-10,2026-04-10,100.00,EUR,2026-02-20\n", factories.entity())
    assert Payment.objects.get().received_on == date(2026, 2, 20)
    assert Allocation.objects.get().effective_on == date(2026, 3, 10)
    assert aging_totals(AgingScope(date(2026, 2, 25))).currencies["EUR"].total == Decimal(-100)
    assert not aging_totals(AgingScope(date(2026, 3, 10))).currencies


def test_a02_the_same_file_after_a_reversal_settles_again_from_that_day_only(tmp_path: Path) -> None:
    file = f"{HEADER}\nC1,R1,2026-03-10,2026-04-10,100.00,EUR,2026-04-01\n"
    run(tmp_path, file, factories.entity())
    reverse_allocation(
        allocation=Allocation.objects.get(), effective_on=date(2026, 5, 1), reason="bounced", actor=None, by="test"
    )
    run(tmp_path, file, factories.entity())
    assert [open_on("R1", day) for day in (date(2026, 4, 15), date(2026, 5, 1))] == [Decimal(0), Decimal(0)]
    assert Allocation.objects.latest("pk").effective_on == date(2026, 5, 1)


def test_an_invoice_paid_on_a_day_to_come_is_a_row_error(tmp_path: Path) -> None:
    rows = f"{HEADER}\nC1,R1,2026-03-10,2026-04-10,100.00,EUR,2026-05-02\n"
    batch = run(tmp_path, rows, factories.entity(), reading={"today": date(2026, 5, 1)})
    assert codes(batch) == {"settled_in_future": 1}
    assert not Invoice.objects.exists()
    assert run(tmp_path, rows, factories.entity(), reading={"today": date(2026, 5, 2)}).report["written"]


def test_the_same_large_file_again_is_compared_by_set_not_row_by_row(tmp_path: Path) -> None:
    rows = "".join(f"C{n % 300},R{n},2026-03-10,2026-04-10,10.00,EUR,2026-04-0{1 + n % 9}\n" for n in range(8000))
    run(tmp_path, f"{HEADER}\n{rows}", factories.entity())
    with connection.cursor() as cursor:  # row by row, one statement takes some ten seconds; by set, a tenth of one
        cursor.execute("SET LOCAL statement_timeout = '2s'")
    assert run(tmp_path, f"{HEADER}\n{rows}", factories.entity()).report["unchanged"] == 8000
