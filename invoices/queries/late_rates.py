"""The dated rates in use: those of the country packs and those that administrators added. Reads one small table."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from invoices.country_packs import pack_series
from invoices.models import StatutoryRate
from invoices.rules.country_pack import Series


def rates_in_use() -> Mapping[str, Series]:
    """Every series by its code. Of two added values for one day the later recorded counts, before the pack's."""
    added: dict[str, list[tuple[date, Decimal, str]]] = {}
    rows = StatutoryRate.objects.order_by("recorded_at", "pk").values_list("series", "starts_on", "value", "source")
    for code, starts_on, value, source in rows:
        added.setdefault(code, []).append((starts_on, value.normalize(), source))
    return {code: one.with_added(added.get(code, ())) for code, one in pack_series().items()}
