"""What this app tells the frame around every page: that nothing leaves the house, or only to one box, or that reminders
are held because data are old. One cheap query where nothing of that is so."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from collections_app.accounts.access import is_member
from collections_app.lib.dates import format_date
from collections_app.web.frame_facts import Banner, FrameFacts
from customers.access import visible_entities
from customers.models import OutgoingRules
from customers.queries.clock import installation_day
from customers.queries.outgoing import outgoing_rules
from dunning.queries.stale_data import stale_entities


def outgoing_facts(request: HttpRequest) -> FrameFacts:
    """The banners on outgoing messages, for everybody who is signed in."""
    if not is_member(request.user):
        return FrameFacts()
    rules = outgoing_rules()
    told = [*_of_rules(rules)]
    if rules.bank_days is not None or rules.invoice_days is not None:
        told += _of_old_data(request)
    url = reverse("dunning_outgoing")
    return FrameFacts(banners=tuple(Banner(text, tone, url, "Outgoing") for text, tone in told))


def _of_rules(rules: OutgoingRules) -> Iterator[tuple[str, str]]:
    if rules.stopped_at:
        yield f"All outgoing messages are stopped: {rules.stopped_why}", "critical"
    if rules.test_address:
        yield f"Test mode: every mail goes to {rules.test_address} instead of the customer.", "attention"
    if rules.allowed:
        yield "Only the addresses on the allow-list are written to. Everything else is held.", "attention"


def _of_old_data(request: HttpRequest) -> Iterator[tuple[str, str]]:
    assert is_member(request.user)
    stale = stale_entities(installation_day())
    for pk in visible_entities(request.user).filter(pk__in=stale).order_by("code").values_list("pk", flat=True):
        facts = stale[pk]
        up_to = format_date(facts["newest"])
        text = f"Reminders of {facts['entity']} are held: {facts['source'].lower()} goes up to {up_to}."
        yield text, "attention"
