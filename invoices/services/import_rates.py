"""Brings published exchange rates into the database. The same file again adds nothing; a correction is a new row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from collections_app.audit.record import Fact, record_set
from invoices.actions import RATES_IMPORTED
from invoices.rate_files import PublishedRate, RateError, read_rate_file
from invoices.services.import_copy import copy_lines

SOURCE = "ECB"


@dataclass(frozen=True, slots=True)
class ImportedRates:
    """What a file brought. `added` are new rows, `corrected` those of them that another rate of their day preceded;
    `known` were there already. `first_on` and `last_on` are None for a file without a good rate."""

    format: str
    rates: int
    added: int
    corrected: int
    known: int
    first_on: date | None
    last_on: date | None
    errors: Sequence[RateError]
    written: bool


@transaction.atomic
def import_rates(
    *, content: bytes, today: date, dry_run: bool = False, actor: AbstractBaseUser | None = None, by: str = ""
) -> ImportedRates:
    """The report of the import. Good rates go in although others are bad; with `dry_run` nothing is written.

    Raises Refused for content that is no file of rates."""
    file = read_rate_file(content, today=today)
    days = [rate.on for rate in file.rates]
    with connection.cursor() as cursor:
        cursor.execute(
            'CREATE TEMP TABLE published_rates (place int, "on" date, quote varchar(3), rate numeric) ON COMMIT DROP'
        )
        copy_lines("COPY published_rates FROM STDIN", _lines(file.rates))
        cursor.execute(_COUNT, [SOURCE])
        distinct, added, corrected = cursor.fetchone()
        if not dry_run:
            cursor.execute(_INSERT, [SOURCE, SOURCE])
        cursor.execute("DROP TABLE published_rates")
    if added and not dry_run:
        fact = {"added": added, "corrected": corrected, "first_on": min(days), "last_on": max(days), "source": SOURCE}
        record_set(RATES_IMPORTED, [Fact("invoices.exchangerate", 0, None, fact)], actor=actor, by=by)
    return ImportedRates(
        format=file.format,
        rates=distinct,
        added=added,
        corrected=corrected,
        known=distinct - added,
        first_on=min(days, default=None),
        last_on=max(days, default=None),
        errors=file.errors,
        written=not dry_run,
    )


# A currency that stands twice for one day counts as the file says last.
_WANTED = """(SELECT DISTINCT ON ("on", quote) "on", quote, rate FROM published_rates
              ORDER BY "on", quote, place DESC) AS p"""
# The rate that counts so far: the one recorded last. Going back to an earlier value is a correction like any other.
_SO_FAR = """LEFT JOIN LATERAL (
        SELECT e.rate FROM invoices_exchangerate e
        WHERE e.base = 'EUR' AND e.quote = p.quote AND e."on" = p."on" AND e.source = %s
        ORDER BY e.recorded_at DESC, e.id DESC LIMIT 1) last ON true"""
_COUNT = f"""
    SELECT COUNT(*), COUNT(*) FILTER (WHERE last.rate IS DISTINCT FROM p.rate),
           COUNT(*) FILTER (WHERE last.rate <> p.rate)
    FROM {_WANTED} {_SO_FAR}
"""  # noqa: S608 (only constants)
_INSERT = f"""
    INSERT INTO invoices_exchangerate (base, quote, "on", rate, source)
    SELECT 'EUR', p.quote, p."on", p.rate, %s FROM {_WANTED} {_SO_FAR} WHERE last.rate IS DISTINCT FROM p.rate
"""  # noqa: S608 (only constants)


def _lines(rates: Sequence[PublishedRate]) -> list[str]:
    return [f"{place}\t{row.on.isoformat()}\t{row.quote}\t{row.rate:f}\n" for place, row in enumerate(rates)]
