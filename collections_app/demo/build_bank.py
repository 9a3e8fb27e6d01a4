"""Imports a bank file into the demo, as an accountant would: most of it posts by itself, some waits for a person."""

from datetime import date, timedelta

from django.db.models import Count, Max

from collections_app.demo.bank_file import AccountEntries, camt053
from collections_app.demo.bank_kinds import lines_of
from collections_app.demo.bank_truth import Payer, World
from collections_app.demo.bank_world import OPENING, all_payers, paid_at_once
from collections_app.demo.build_ledger import Told
from collections_app.demo.build_people import SEED, Cast
from customers.models import LegalEntity
from invoices.models import BankLine, PayerAlias, Payment
from invoices.queries.match_facts import open_items
from invoices.rules.matching import folded_name
from invoices.services.import_bank_file import import_bank_file
from invoices.services.suggest_matches import suggest_matches

# Few, so that the stories of the demo's customers stay as they are told; the hard kinds are shown, each once.
_KINDS = {
    "number": 9, "rf_reference": 6, "many_to_one": 3, "loose_number": 3, "known_account": 2, "everything": 1,
    "short_pay": 1, "overpaid": 1, "order_only": 1, "typo": 2, "third_party": 1, "equal_pair": 1, "amount_only": 1,
    "similar_names": 1, "unknown_payer": 2, "bank_fee": 1, "own_transfer": 1,
}  # fmt: skip
_PAYERS = ("model", "steady", "late", "forgetful")
_DAYS = timedelta(days=3)


def build_bank(cast: Cast, told: list[Told], *, today: date) -> None:
    """Nothing; the file of the first entity's account is read, and its lines are matched on `today`."""
    entity = cast.entities[0]
    payers = all_payers(SEED)
    regular = _learn(entity, payers)
    plain = {
        item.invoice.pk
        for item in told
        if cast.characters[item.customer.pk].code in _PAYERS
        and item.invoice.issued_on <= today - _DAYS
        and not (item.story.promised or item.story.disputed)
    }
    items = tuple(item for item in paid_at_once(open_items(entity.pk, entity.currency)) if item.id in plain)
    world = World(today - _DAYS, entity.iban, entity.currency, items, payers, regular, ())
    entries = [line.entry for line in lines_of(world, _KINDS, seed=SEED)]
    content = camt053([AccountEntries(entity.iban, entity.currency, OPENING, entries)], made_on=today)
    import_bank_file(name=f"camt053-{today:%Y-%m-%d}.xml", content=content, entities=[entity], by="demo")
    suggest_matches(lines=BankLine.objects.filter(account__entity=entity), on=today, by="demo")


def _learn(entity: LegalEntity, payers: dict[int, Payer]) -> frozenset[int]:
    """Those who paid twice or more; their accounts and names are known, as after years of matching."""
    paid = Payment.objects.filter(entity=entity).order_by().values("customer")
    rows = paid.annotate(times=Count("pk"), last=Max("received_on")).filter(times__gt=1).order_by("customer")
    known = list(rows.values_list("customer", "times", "last"))
    PayerAlias.objects.bulk_create(
        PayerAlias(customer_id=pk, kind=kind, value=value, times=times, last_on=last)
        for pk, times, last in known
        for kind, value in (("account", payers[pk].account), ("name", folded_name(payers[pk].bank_name)))
    )
    return frozenset(pk for pk, _, _ in known)
