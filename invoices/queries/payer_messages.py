"""Messages a payer reads on the own pay page. What they say is known to the apps above, which register a function here
in their AppConfig.ready(); this file must not import them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple


class PayerMessage(NamedTuple):
    """One message of a day, plain text."""

    on: date
    subject: str
    text: str


# The messages for one customer, the newest first; one query.
PayerMessages = Callable[[int], Sequence[PayerMessage]]
_providers: list[PayerMessages] = []


def provide_payer_messages(provider: PayerMessages) -> None:
    """Nothing; from now on the pay page asks this function. Registering the same function twice counts once."""
    if provider not in _providers:
        _providers.append(provider)


def payer_messages(customer_id: int) -> list[PayerMessage]:
    """All messages for the customer, the newest first."""
    found = [message for provider in _providers for message in provider(customer_id)]
    return sorted(found, key=lambda message: message.on, reverse=True)
