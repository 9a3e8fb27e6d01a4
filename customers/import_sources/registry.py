"""The import sources that the settings enable, and the one that fits a file."""

from typing import cast

from django.conf import settings

from collections_app.lib.registry import load
from customers.import_sources.base import ImportSource, Table


def import_sources() -> dict[str, ImportSource]:
    """Source code -> adapter, in the order of the settings; an unknown code raises BadInput."""
    return cast(dict[str, ImportSource], load(settings.IMPORT_SOURCES))


def source_for(table: Table, code: str = "") -> ImportSource:
    """The source named by `code`, else the first that recognises the headers, else the one for any table."""
    sources = import_sources()
    if code:
        return sources[code]
    return next((each for each in sources.values() if each.recognises(table.headers)), sources["generic"])
