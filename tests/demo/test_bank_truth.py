"""The demo's bank file: its truth is what the ledger says, the same every time, and matching it is measured."""

import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command

from collections_app.demo.bank_file import AccountEntries, camt053
from collections_app.demo.bank_kinds import KINDS, bank_truth
from collections_app.demo.bank_noise import loosely, mistyped
from collections_app.demo.bank_truth import SHARES, World, is_told_by_amount, payer
from collections_app.demo.build_ledger import build_ledger
from collections_app.demo.build_people import build_people
from collections_app.lib.references import is_iban
from invoices.bank_formats.registry import read
from invoices.models import BankLine, Payment
from invoices.rules.matching import OpenItem, PaymentFact

DAY = date(2026, 3, 3)


def small_world() -> World:
    """Sixty customers with three items each."""
    payers = {pk: payer(pk, f"{10_000 + pk}", f"Root{pk % 7} Trade{pk} GmbH", "de", "DE", seed=1) for pk in range(60)}
    items = tuple(
        OpenItem(
            id=place, customer_id=place % 60, number=f"NW-{40_000 + 7 * place}", due_on=date(2026, 2, 1 + place % 28),
            open_amount=Decimal(100 + 13 * place), currency="EUR", entity_id=1, issued_on=date(2026, 1, 5),
            po_number=f"PO {2000 + place}", discount=Decimal(2 + place % 3), discount_until=date(2026, 3, 20),
        )
        for place in range(180)
    )  # fmt: skip
    back = tuple(
        PaymentFact(place, place, Decimal(50 + place), "EUR", date(2026, 2, 20), end_to_end_id=f"DD{place}")
        for place in range(20)
    )
    return World(DAY, "DE89370400440532013000", "EUR", items, payers, frozenset(payers), back)


def test_every_kind_has_its_share_and_its_maker() -> None:
    assert set(SHARES) == set(KINDS)
    assert 990 <= sum(SHARES.values()) <= 1010


def test_the_same_seed_makes_the_same_file_and_another_seed_another() -> None:
    one, same, other = (bank_truth(small_world(), seed=seed, count=100) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_the_truth_pays_each_item_once_and_loses_no_cent() -> None:
    world = small_world()
    truth = bank_truth(world, seed=3, count=140)
    opened = {item.id: item.open_amount for item in world.items}
    paid: Counter[int] = Counter()
    for line in truth:
        assert (
            line.waits or line.takes_back is not None or line.entry.amount == sum(a for _, a in line.shares) + line.rest
        )
        for pk, amount in line.shares:
            paid[pk] += 1
            assert 0 < amount <= opened[pk]
    assert max(paid.values()) == 1
    assert len({line.entry.bank_reference for line in truth}) == len(truth) > 120


def test_the_file_is_read_back_entry_by_entry() -> None:
    truth = bank_truth(small_world(), seed=3, count=140)
    world = small_world()
    content = camt053(
        [AccountEntries(world.own_account, "EUR", Decimal(1000), [line.entry for line in truth])], made_on=DAY
    )
    found = read(content)
    assert found.problems == ()
    (statement,) = found.statements
    assert statement.difference == 0
    for line, entry in zip(truth, statement.entries, strict=True):
        for name in ("amount", "currency", "booked_on", "reference", "bank_reference", "is_reversal",
                     "counterparty_name", "counterparty_account"):  # fmt: skip
            assert getattr(entry, name) == getattr(line.entry, name), name


def test_accounts_are_real_in_form_and_slips_are_slips() -> None:
    random = Random(1)
    assert all(is_iban(by.account) for by in small_world().payers.values())
    assert all(mistyped("NW-40123", random) != "NW-40123" for _ in range(200))
    assert all("".join(c for c in loosely("NW-40123", random) if c.isdigit()).endswith("40123") for _ in range(50))


def test_an_amount_tells_only_when_nothing_else_comes_to_it() -> None:
    amounts = [Decimal(amount) for amount in (10, 20, 30, 45)]
    items = [OpenItem(place, 1, str(place), DAY, amount, "EUR") for place, amount in enumerate(amounts)]
    assert [is_told_by_amount(item, items) for item in items] == [True, True, False, True]


@pytest.mark.django_db
def test_without_a_company_the_measure_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="seed_demo"):
        call_command("bench_matching")


@pytest.mark.django_db
def test_matching_the_demos_bank_file_posts_nearly_all_and_nothing_wrong() -> None:
    build_ledger(build_people(today=DAY), today=DAY)
    payments, lines = Payment.objects.count(), BankLine.objects.count()
    out = StringIO()
    as_of = (DAY - timedelta(days=21)).isoformat()
    call_command("bench_matching", "--format", "json", "--as-of", as_of, stdout=out)
    told = json.loads(out.getvalue())
    for measured in (told, told["held_out"]):
        assert measured["lines"] >= 300
        assert measured["wrong_by_themselves"] == 0, measured["wrong"]
        assert float(measured["percent_right_by_themselves"]) >= 95
        assert float(measured["percent_right_of_those_that_say_enough"]) >= 98
        assert set(measured["kinds"]) == set(SHARES)
    assert (Payment.objects.count(), BankLine.objects.count()) == (payments, lines)
