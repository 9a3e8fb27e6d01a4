"""The report of a rehearsal as rows that stand side by side. Pure; one or two reports in, rows out."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from collections_app.web.writing import amount_text, date_text

Report = dict[str, Any]


class Letters(NamedTuple):
    """One step by one channel, and per policy: how many letters, how many of them crossed, and the amounts in words."""

    step: str
    channel: str
    cells: list[tuple[int, int, str]]


class Side(NamedTuple):
    """One policy's totals in words."""

    name: str
    version: int
    number: int
    amounts: str
    addressed: str
    reached: str
    crossed: str
    never: str
    busiest: str


def side(report: Report) -> Side:
    """The totals of one report."""
    busiest = report["busiest"]
    never = report["never_reached"]
    why = ", ".join(f"{row['customers']} {row['label'].lower()}" for row in never["why"][:5])
    return Side(
        report["policy"]["name"],
        report["policy"]["version"],
        report["number"],
        amounts_words(report["amounts"]),
        amounts_words(report["addressed"]),
        f"{report['reached']} of {report['owing']} who owed",
        f"{report['crossed']} ({report['crossed_percent']} %)",
        f"{never['customers']}" + (f": {why}" if why else ""),
        f"{busiest['number']} on {date_text(date.fromisoformat(busiest['on']))}" if busiest else "–",
    )


def letters_table(reports: Sequence[Report]) -> list[Letters]:
    """A row per step and channel that any of the policies used, in the order of the ladder."""
    keys: dict[tuple[int, str, str], None] = {}
    for report in reports:
        for row in report["letters"]:
            keys[row["position"], row["step"], row["channel"]] = None
    return [
        Letters(key[1], key[2].replace("_", " "), [_cell(report, key) for report in reports]) for key in sorted(keys)
    ]


def amounts_words(amounts: dict[str, str]) -> str:
    """'€1,200.00 and $90.00', "–" for nothing."""
    return " and ".join(amount_text(Decimal(amount), currency) for currency, amount in amounts.items()) or "–"


def samples(report: Report) -> list[dict[str, Any]]:
    """The sample accounts, their days as dates."""
    return [
        {**sample, "days": [{**told, "on": date.fromisoformat(told["on"])} for told in sample["days"]]}
        for sample in report["samples"]
    ]


def load_days(reports: Sequence[Report]) -> list[tuple[date, list[int]]]:
    """Every day of the period, and how many letters each policy sends on it."""
    return [
        (date.fromisoformat(days[0]["on"]), [day["number"] for day in days])
        for days in zip(*[report["load"] for report in reports], strict=True)
    ]


def _cell(report: Report, key: tuple[int, str, str]) -> tuple[int, int, str]:
    for row in report["letters"]:
        if (row["position"], row["step"], row["channel"]) == key:
            return row["number"], row["crossed"], amounts_words(row["amounts"])
    return 0, 0, "–"
