"""Reads the country packs: one TOML file per country, one per dated series in `series/`. They are data with sources,
kept up by hand; see `docs/algorithms/fees.md` for how to add a country. It decides nothing."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from invoices.rules.country_pack import (
    PARTIES,
    Band,
    CountryPack,
    FeeLaw,
    LateTerms,
    Series,
    values_until,
)

_HERE = Path(__file__).parent
# The Directive holds in all of the Union; countries without a file of their own get its least.
_EURO_STATES = frozenset(
    ("AT", "BE", "BG", "CY", "EE", "FI", "GR", "HR", "IE", "LT", "LU", "LV", "MT", "PT", "SI", "SK")
)
_TERMS = {field.name for field in fields(LateTerms)} - {"bands"} | {"lump_sum"}
NOWHERE = "ZZ"  # the pack of a country we know nothing about


@cache
def packs() -> Mapping[str, CountryPack]:
    """Every pack by its code."""
    return {pack.code: pack for pack in (_pack(_table(path)) for path in sorted(_HERE.glob("*.toml")))}


@cache
def pack_series() -> Mapping[str, Series]:
    """Every dated series by its code, as the packs have it; without what administrators added."""
    return {one.code: one for one in (_series(_table(path)) for path in sorted((_HERE / "series").glob("*.toml")))}


def pack_of(country: str) -> CountryPack:
    """The pack that holds for a seller in this country (ISO code of two letters)."""
    known = packs()
    return known.get(country) or known["EU" if country in _EURO_STATES else NOWHERE]


def _table(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _series(table: Mapping[str, Any]) -> Series:
    changes = [
        (row["from"], row.get("until"), Decimal(row["value"]), row.get("source", table["source"]))
        for row in table.get("values", [])
    ]
    values = values_until(changes, table.get("until"))
    return Series(table["code"], table["name"], table["unit"], table["period"], table["source"], values)


def _pack(table: Mapping[str, Any]) -> CountryPack:
    return CountryPack(
        code=table["code"],
        name=table["name"],
        currency=table["currency"],
        days_in_year=table.get("days_in_year", 365),
        law=table["law"],
        source=table["source"],
        checked_on=table["checked_on"],
        notes=tuple(table.get("notes", [])),
        terms={party: _terms(table[party]) for party in PARTIES if party in table},
        fees={party: _fee_law(law) for party, law in table.get("fees", {}).items()},
    )


def _terms(table: Mapping[str, Any]) -> LateTerms:
    unknown = set(table) - _TERMS
    if unknown:
        raise ValueError(f"A country pack says {sorted(unknown)}, which nobody reads. Is it a slip of the pen?")
    return LateTerms(
        reference=table.get("reference", ""),
        fixed_at_start=table.get("fixed_at_start", False),
        points=tuple((row["from"], Decimal(row["value"])) for row in table.get("points", [])),
        bands=tuple(
            Band(Decimal(row["below"]) if "below" in row else None, Decimal(row["amount"]))
            for row in table.get("lump_sum", [])
        ),
        lump_series=table.get("lump_series", ""),
        lump_since=table.get("lump_since", date.min),
        unagreed_days=table.get("unagreed_days", 0),
        longest_days=table.get("longest_days", 0),
        longest_binds=table.get("longest_binds", False),
        remark=table.get("remark", ""),
        why_no_interest=table.get("why_no_interest", ""),
        why_no_lump_sum=table.get("why_no_lump_sum", ""),
    )


def _fee_law(table: Mapping[str, Any]) -> FeeLaw:
    return FeeLaw(**{**table, **({"most": Decimal(table["most"])} if "most" in table else {})})
