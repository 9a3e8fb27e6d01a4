"""Adds a rate or amount that was published after the country packs were written, with its source."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from invoices.actions import STATUTORY_RATE_ADDED
from invoices.country_packs import pack_series
from invoices.models import StatutoryRate
from invoices.rules.country_pack import period_start

_LOWEST, _HIGHEST = Decimal(-5), Decimal(100)  # per cent a year; what lies outside is a slip of the finger


@transaction.atomic
def add_statutory_rate(
    *, series: str, starts_on: date, value: Decimal, source: str, actor: AbstractBaseUser | None, by: str = ""
) -> StatutoryRate:
    """The added value; it counts from now on, also for days that have passed and were not claimed. Per cent a year, or
    an amount, as the series says. A second value for the same day corrects the first.

    Raises BadInput for an unknown series, a value that cannot be, a day on which such a value never begins, or without
    a source."""
    known = pack_series().get(series)
    if known is None:
        raise BadInput("Choose one of the listed rates.", code="unknown_series", fields={"series": "Choose a rate."})
    wrong: dict[str, str] = {}
    if known.unit == "percent" and not _LOWEST <= value <= _HIGHEST:
        wrong["value"] = "Enter a rate between -5 and 100 per cent a year."
    if known.unit != "percent" and value < 0:
        wrong["value"] = "Enter 0 or more."
    if period_start(starts_on, known.period) != starts_on:
        days = "1 January or 1 July" if known.period == "half_year" else "1 January"
        wrong["starts_on"] = f"This rate changes on {days}. Choose that day."
    if not source.strip():
        wrong["source"] = "Say where it was published."
    if wrong:
        raise BadInput("The rate cannot be kept like this. Correct it.", code="bad_rate", fields=wrong)
    added = StatutoryRate.objects.create(
        series=series, starts_on=starts_on, value=value, source=source.strip()[:200],
        recorded_by_id=None if actor is None else actor.pk,
    )  # fmt: skip
    record(
        STATUTORY_RATE_ADDED, added, actor=actor, by=by, series=series, starts_on=starts_on, value=value,
        source=added.source,
    )  # fmt: skip
    return added
