"""Which legal entities have bank or invoice data older than people allow, and since when. Deciding is
`dunning.rules.staleness`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from collections_app.lib.calendars import region_of
from customers.models import LegalEntity
from customers.queries.outgoing import outgoing_rules
from dunning.rules.staleness import Limits, too_old
from invoices.queries.data_ages import DataAge, data_ages


def stale_entities(as_of: date) -> Mapping[int, Mapping[str, Any]]:
    """By entity id the facts about its data that are too old on that day; one cheap query where nothing is guarded."""
    rules = outgoing_rules()
    limits = Limits(rules.bank_days, rules.invoice_days)
    if not limits.any:
        return {}
    ages = data_ages(as_of)
    stale: dict[int, Mapping[str, Any]] = {}
    for entity in LegalEntity.objects.filter(pk__in=ages):
        facts = _old(limits, entity, ages[entity.pk], as_of)
        if facts:
            stale[entity.pk] = {**facts, "entity": entity.name}
    return stale


def _old(limits: Limits, entity: LegalEntity, age: DataAge, on: date) -> dict[str, Any]:
    region = region_of(entity.holiday_region, entity.country)
    return too_old(limits, bank_on=age.bank_on, invoices_on=age.invoices_on, on=on, region=region)
