"""What is known about the real data sets: their adapter, and the companies a file implies. Writes nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from collections_app.lib.calendars import is_region
from customers.import_sources.base import FileRefused, ItemRow, Options
from customers.import_sources.files import open_table
from customers.import_sources.registry import source_for
from customers.rules.import_problems import RowProblem

DATASETS = ("sap", "ibm")
USERNAME = "demo"
PASSWORD = "demo-demo-1"  # noqa: S105 (told to whoever loads a data set on their own machine)
_TIME_ZONES: Mapping[str, str] = MappingProxyType(
    {
        "DK": "Europe/Copenhagen", "FI": "Europe/Helsinki", "GB": "Europe/London", "IE": "Europe/Dublin",
        "NL": "Europe/Amsterdam", "NO": "Europe/Oslo", "SE": "Europe/Stockholm", "US": "America/New_York",
    }
)  # fmt: skip
_COUNTRY_OF_SOURCE = {"sap": "SE", "ibm": "US"}


@dataclass(frozen=True, slots=True)
class Company:
    """A legal entity that a file implies: its code there, and where most of its customers are."""

    code: str
    name: str
    country: str
    currency: str

    @property
    def time_zone(self) -> str:
        """The zone of its country's capital; UTC where we know none."""
        return _TIME_ZONES.get(self.country, "UTC")


@dataclass
class _Seen:
    countries: Counter[str] = field(default_factory=Counter)
    currencies: Counter[str] = field(default_factory=Counter)


def companies_in(path: Path, *, source: str, as_of: date) -> list[Company]:
    """The companies of the file, after reading all of it.

    Raises FileRefused when it is no file of that source, has wrong rows, or knows of days after `as_of`: a ledger of
    that day could not have known them."""
    table = open_table(path, Options())
    adapter = source_for(table, source)
    if not adapter.recognises(table.headers):
        raise FileRefused(
            f"{path.name} is not a file of {adapter.label}: its columns are {', '.join(table.headers)[:200]}. "
            "Choose another file or data set.",
            code="wrong_columns",
        )
    seen: dict[str, _Seen] = {}
    latest = date.min
    for outcome in adapter.read(table, adapter.complete(table, Options(source=source))):
        if isinstance(outcome, RowProblem):
            raise FileRefused(f"Line {outcome.line} of {path.name} is wrong: {outcome.sentence}", code="wrong_rows")
        if isinstance(outcome, ItemRow):
            latest = max(latest, outcome.issued_on, outcome.settled_on or outcome.issued_on)
            company = seen.setdefault(outcome.entity, _Seen())
            company.countries[outcome.customer.country] += 1
            company.currencies[outcome.currency] += 1
    if latest > as_of:
        raise FileRefused(
            f"{path.name} knows of items as late as {latest}, but the day asked for is {as_of}. "
            f"Choose {latest} or a later day.",
            code="too_early",
        )
    if not seen:
        raise FileRefused(f"{path.name} holds no item with an amount. Choose another file.", code="empty_file")
    return [_company(code, each, source) for code, each in sorted(seen.items())]


def holiday_region(company: Company) -> str:
    """The calendar of the company's country; the euro banks' where there is none."""
    return company.country if is_region(company.country) else "TARGET"


def _company(code: str, seen: _Seen, source: str) -> Company:
    country = seen.countries.most_common(1)[0][0] or _COUNTRY_OF_SOURCE[source]
    name = f"Company {code} ({country})" if code else f"{source.upper()} sample company"
    return Company(code or source.upper(), name, country, seen.currencies.most_common(1)[0][0])
