"""What a customer's master data must look like. Pure: it sees values answers with sentences, looks nothing up."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from zoneinfo import available_timezones

from babel import Locale

from collections_app.lib.calendars import is_region
from collections_app.lib.currencies import is_currency
from collections_app.lib.errors import Refusal, quoted
from collections_app.lib.money import Money

NUMBER_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._ -]{0,39}"
_COUNTRIES = frozenset(code for code in map(str, Locale("en").territories) if re.fullmatch(r"[A-Z]{2}", code)) - {
    "ZZ",
    "EU",
    "UN",
}


def number_problem(number: str) -> str:
    """What is wrong with a new customer number; empty if nothing."""
    if re.fullmatch(NUMBER_PATTERN, number) and number == number.strip():
        return ""
    return f"{quoted(number)} cannot be a customer number. Use up to 40 letters, digits, spaces and . _ -"


def problems(
    *,
    name: str,
    currency: str,
    country: str,
    time_zone: str,
    holiday_region: str,
    credit_limit: Decimal | None,
    insured_amount: Decimal | None = None,
) -> Mapping[str, str]:
    """Field -> sentence for each value that cannot be kept. Optional texts are empty when unknown."""
    found = {
        "name": "" if name.strip() else "Enter the customer's name.",
        "currency": "" if is_currency(currency) else f"{quoted(currency)} is not a currency code, such as EUR.",
        "country": country_problem(country),
        "time_zone": time_zone_problem(time_zone),
        "holiday_region": region_problem(holiday_region),
        "credit_limit": _amount_problem(credit_limit, currency, "A credit limit cannot be negative."),
        "insured_amount": _amount_problem(insured_amount, currency, "An insured amount cannot be negative."),
    }
    return {field: sentence for field, sentence in found.items() if sentence}


def mobile_problem(mobile: str) -> str:
    """What is wrong with a number for text messages; empty if nothing or if there is none. Text messages go abroad, so
    it begins with the country (ITU-T E.164: "+" and at most 15 digits)."""
    if not mobile or re.fullmatch(r"\+[1-9][0-9]{6,14}", re.sub(r"[ ()./-]", "", mobile)):
        return ""
    return f"{quoted(mobile)} is no mobile number with its country code, such as +49 170 1234567."


def country_problem(country: str) -> str:
    """What is wrong with a country code; empty if nothing or if there is none."""
    return "" if not country or country in _COUNTRIES else f"{quoted(country)} is not a country code, such as DE."


def time_zone_problem(time_zone: str) -> str:
    """What is wrong with a time zone; empty if nothing or if there is none."""
    if not time_zone or time_zone in _time_zones():
        return ""
    return f"{quoted(time_zone)} is not a time zone, such as Europe/Berlin."


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def region_problem(region: str) -> str:
    """What is wrong with a holiday region; empty if nothing or if there is none."""
    return "" if not region or is_region(region) else f"{quoted(region)} has no calendar. Use DE, DE-BY or TARGET."


def _amount_problem(amount: Decimal | None, currency: str, negative: str) -> str:
    if amount is None or not is_currency(currency):
        return ""
    try:
        return "" if Money(amount, currency).amount >= 0 else negative
    except Refusal as refusal:
        return refusal.sentence
