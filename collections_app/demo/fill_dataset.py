"""Fills the empty database of a data set: people, companies, policies, the file, aging and the ranked list."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from collections_app.accounts.models import Team, User
from collections_app.accounts.roles import Role
from collections_app.demo.datasets import PASSWORD, USERNAME, Company, holiday_region
from collections_app.lib.errors import Conflict
from customers.import_sources.base import Options
from customers.models import BusinessClock, ImportBatch, LegalEntity
from dunning.services.install_policy import install_standard_policy
from invoices.services.import_open_items import import_open_items
from invoices.services.take_aging_snapshot import take_aging_snapshot
from worklist.services.rescore import rescore_all

_TABLES = (
    "customers_customer", "invoices_invoice", "invoices_creditnote", "invoices_payment", "invoices_refund",
    "invoices_allocation",
)  # fmt: skip


def fill_dataset(
    *, path: Path, source: str, as_of: date, companies: Sequence[Company], say: Callable[[str], None]
) -> dict[str, Any]:
    """The import's counts and control totals. `say` hears one line per step. Raises Conflict when the database
    already holds customers."""
    if LegalEntity.objects.exists():
        raise Conflict("This database is not empty. Data sets are loaded into databases of their own.")
    with transaction.atomic():
        entities = _install(companies, as_of)
    say(f"{len(entities)} companies, user {USERNAME}, clock on {as_of}")
    batch = import_open_items(
        batch=ImportBatch(file_name=path.name[:200]),
        path=path,
        options=Options(source=source),
        entity=entities[0] if len(entities) == 1 else None,
        entities=entities,
        write=True,
        by="load_dataset",
    )
    if not batch.report["written"]:
        raise Conflict(f"{batch.report['errors']} rows of {path.name} are wrong; nothing was imported.")
    say(f"{batch.report['rows']} rows imported")
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(_TABLES)}")
    say("tables analysed")
    snapshots = sum(take_aging_snapshot(entity=entity, as_of=as_of) for entity in entities)
    say(f"aging of {as_of} stored: {snapshots} customers")
    rescore_all(on=as_of)
    say("list ranked")
    counts = ("rows", "new", "skipped", "errors", "customers_new", "totals")
    return {name: batch.report[name] for name in counts}


def _install(companies: Sequence[Company], as_of: date) -> list[LegalEntity]:
    team = Team.objects.create(name="Collections")
    user = User.objects.create_superuser(USERNAME, "demo@example.com", PASSWORD, role=Role.ADMINISTRATOR.value)
    user.teams.add(team)
    BusinessClock.objects.create(pinned_on=as_of)
    entities = [
        LegalEntity.objects.create(
            code=company.code,
            name=company.name,
            team=team,
            currency=company.currency,
            country=company.country,
            holiday_region=holiday_region(company),
            time_zone=company.time_zone,
            email=f"accounts-{company.code.lower()}@example.com",
        )
        for company in companies
    ]
    for entity in entities:
        install_standard_policy(entity, mode="review")  # real customers: nothing leaves without a person
    return entities
