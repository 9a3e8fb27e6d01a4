"""Numbers for documents that claim for lateness: the late invoice's own number with a letter and a count, so that
nobody has to look up what they are for. Reads only."""

from collections.abc import Collection, Mapping

from invoices.models import Invoice

INTEREST, LUMP_SUM, FEE = "I", "L", "F"
_LONGEST = 50  # of the 60 that fit


def free_numbers(invoices: Collection[Invoice], letter: str) -> Mapping[int, str]:
    """Per late invoice the first free number such as "R-17-I2". The caller holds the lock of their customers."""
    stems = {invoice.pk: f"{invoice.number[:_LONGEST]}-{letter}" for invoice in invoices}
    customers = {invoice.customer_id for invoice in invoices}
    taken: set[tuple[int, int, str]] = set()
    rows = Invoice.objects.filter(customer__in=customers, claims_for__isnull=False)
    taken.update(rows.values_list("entity_id", "customer_id", "number"))
    found: dict[int, str] = {}
    for invoice in invoices:
        count = 1
        while (invoice.entity_id, invoice.customer_id, f"{stems[invoice.pk]}{count}") in taken:
            count += 1
        found[invoice.pk] = f"{stems[invoice.pk]}{count}"
        taken.add((invoice.entity_id, invoice.customer_id, found[invoice.pk]))
    return found
