"""Contacts made by hand count against the minimum of days between contacts (R5), but calls and mails of analysts are
kept by the app above. It registers one function here in its AppConfig.ready(); this file must not import it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from dunning.rules.facts import LastContact

# By customer id: the last contact by hand up to and including the day, for those that had one; one query for the set.
ManualContacts = Callable[[Sequence[int], date], Mapping[int, LastContact]]
_providers: list[ManualContacts] = []


def provide_manual_contacts(provider: ManualContacts) -> None:
    """Nothing; from now on dunning asks this function. Registering the same function twice counts once."""
    if provider not in _providers:
        _providers.append(provider)


def last_manual_contacts(customer_ids: Sequence[int], as_of: date) -> Mapping[int, LastContact]:
    """The last contact by hand per customer id, from all providers."""
    found: dict[int, LastContact] = {}
    for provider in _providers:
        for customer_id, contact in provider(customer_ids, as_of).items():
            if customer_id not in found or contact.on > found[customer_id].on:
                found[customer_id] = contact
    return found
