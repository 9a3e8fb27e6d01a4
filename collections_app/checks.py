"""System checks: what an administrator must mend before the application may serve. They decide nothing else."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connection

from collections_app.lib.registry import load


@register(Tags.compatibility)
def adapters_load(app_configs: Any, **kwargs: Any) -> list[Error]:
    """An error for every adapter that a settings list names and that cannot be loaded."""
    found = []
    for name in ("DUNNING_CHANNELS", "PAYMENT_GATEWAYS", "IMPORT_SOURCES", "BANK_FORMATS", "INBOUND_SOURCES"):
        registry = load(tuple(getattr(settings, name)))
        found += [
            Error(problem, hint=f"Mend the list {name} in the settings.", id="collections.E001")
            for problem in registry.problems
        ]
    return found


@register(Tags.database)
def driver_is_psycopg2(app_configs: Any, **kwargs: Any) -> list[Error]:
    """An error when Django silently chose psycopg 3, which would break COPY through `copy_expert`."""
    if connection.Database.__name__ != "psycopg2":  # type: ignore[attr-defined]  # each vendor has it
        return [
            Error(
                "Django uses psycopg 3.",
                hint="Uninstall psycopg; this application needs psycopg2.",
                id="collections.E002",
            )
        ]
    return []
