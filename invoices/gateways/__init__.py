"""Payment providers: one file each, held to the contract in `base`. Adapters write nothing to the database."""

from django.conf import settings

from collections_app.lib.registry import load
from invoices.gateways.base import Gateway


def enabled_gateways() -> dict[str, Gateway]:
    """The adapters of `settings.PAYMENT_GATEWAYS` by code, without play money unless this is a demo, a debug or a test
    run: a pay button that moves no money would close real invoices."""
    play = settings.DEMO or settings.DEBUG or settings.TESTING
    return {code: adapter for code, adapter in load(settings.PAYMENT_GATEWAYS).items() if adapter.is_live or play}
