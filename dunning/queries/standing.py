"""How things are with the customers, recipients and invoices of mails by hand, by set: one mail on a screen or a batch
that is about to leave. Reads; what it means is `dunning.rules.own_message`'s."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf

from collections_app.lib.dates import format_date
from customers.models import Contact, ContactTouch, Customer, EntityPause, Hold, OutgoingRules
from customers.queries.clock import business_day_in
from customers.queries.outgoing import outgoing_rules
from customers.rules.outgoing import is_allowed
from dunning.models import OwnMessage
from dunning.queries import facts_sql as sql
from dunning.rules.own_message import NOTHING, Claim, Standing
from invoices.queries.claims_sql import claim_tables
from invoices.queries.in_flight import amounts_in_flight

_CLAIMS = f"""WITH {
    ", ".join(
        claim_tables(
            where=["doc.customer_id = ANY(%(customers)s)"], used_where=["used.customer_id = ANY(%(customers)s)"]
        )
    )
}
SELECT invoice_id, instalment_id, position, number, entity_id, currency, document_on, due_on, open,
       COALESCE(disputed, 0), COALESCE(promised, 0), COALESCE(on_plan, 0), customer_id
FROM claim ORDER BY due_on, document_on, invoice_id, position"""  # noqa: S608 (constants of ours)

_WAITING = ("approved", "claimed", "sending")
_CONTACT_WORDS = {"call": "a call", "call_task": "a call", "email": "a mail", "letter": "a letter", "mail": "a mail",
                  "portal": "a message in the portal", "sms": "a text message"}  # fmt: skip


class Meant(NamedTuple):
    """One mail as far as the facts go. `claims` are the keys of the claims it is about, with the amount its writer saw
    asked of each, None where nobody saw one yet; `source` is the name of its own contact in the budget."""

    customer_id: int
    entity_id: int
    contact_id: int | None
    address: str
    claims: Mapping[str, Decimal | None] = {}
    numbers: Mapping[str, str] = {}
    currency: str = ""
    statement: bool = False
    source: str = ""


def known_about(customer_ids: Collection[int], *, on: date, now: datetime) -> "Known":
    """What there is to know on the day about these customers and everybody there; a dozen statements for all of them.

    `on` is the business day of their entity, `now` real time."""
    accounts = _accounts(customer_ids)
    customers = {row["pk"]: row for row in _customers(customer_ids)}
    return Known(
        on=on,
        accounts=accounts,
        customers=customers,
        days={zone: business_day_in(zone) for zone in {row["zone"] for row in customers.values()}},
        hours={row["zone"]: _hour(row["zone"], now) for row in customers.values()},
        contacts=_contacts(accounts),
        holds=list(Hold.objects.filter(_active(on), customer__in=customer_ids)),
        pauses=dict(EntityPause.objects.filter(_active(on)).values_list("entity_id", "reason")),
        claims=_open_claims(accounts, on, now),
        credits=_credits(accounts, on),
        touches=_touches(accounts, on),
        queued=list(
            OwnMessage.objects.filter(customer__in=accounts, state__in=_WAITING).values_list("pk", "to_address")
        ),
        rules=outgoing_rules(),
    )


class Known(NamedTuple):
    """What was read. `accounts` says whose account each customer's documents belong to; `contacts`, `claims` and
    `touches` are by account, the claims earliest due first."""

    on: date
    accounts: Mapping[int, int]
    customers: Mapping[int, Mapping[str, Any]]
    days: Mapping[str, date]
    hours: Mapping[str, int]
    contacts: Mapping[int, Sequence[Contact]]
    holds: Sequence[Hold]
    pauses: Mapping[int, str]
    claims: Mapping[int, Sequence[Claim]]
    credits: Mapping[tuple[int, str], Decimal]
    touches: Mapping[int, Sequence[ContactTouch]]
    queued: Sequence[tuple[int, str]]
    rules: OutgoingRules

    def standing(self, meant: Meant) -> Standing:
        """How things are with this mail."""
        customer = self.customers[meant.customer_id]
        open_now = {claim.key: claim for claim in self.claims.get(meant.customer_id, ())}
        mine = [open_now[key] for key in meant.claims if key in open_now]
        contact = self._contact(meant)
        day_there = self.days[customer["zone"]]
        today, week = self._touched(meant, day_there)
        return Standing(
            address=meant.address,
            on=self.on,
            day_there=day_there,
            claims=mine,
            gone=[meant.numbers.get(key, key) for key in meant.claims if key not in open_now],
            changed=[claim.label for claim in mine if meant.claims[claim.key] not in (None, claim.asked)],
            credits=self.credits.get((meant.customer_id, mine[0].currency), NOTHING) if mine else NOTHING,
            asks=bool(meant.claims) or meant.statement,
            merged=customer["merged_into"] is not None,
            related_party=customer["is_related_party"],
            health=contact.health if contact else "ok",
            has_moved=bool(contact and contact.pk == meant.contact_id
                           and contact.email.casefold() != meant.address.casefold()),
            hold=self.hold_on(meant.customer_id, meant.contact_id),
            pause=self.pauses.get(meant.entity_id, ""),
            contacted=_CONTACT_WORDS.get(today[0].channel, today[0].channel) if today else "",
            is_queued=any(
                address.casefold() == meant.address.casefold() and f"own:{pk}" != meant.source
                for pk, address in self.queued
            ),
            week_is_full=len(week) >= self.rules.contacts_per_week,
            stopped=_sentence(self.rules.stopped_why or "it was stopped") if self.rules.stopped_at else "",
            test_address=self.rules.test_address,
            hour_there=self.hours[customer["zone"]],
            allowed=bool(self.rules.test_address) or is_allowed(meant.address, self.rules.allowed),
        )  # fmt: skip

    def is_reachable(self, customer_id: int, contact: Contact) -> bool:
        """Whether mail reaches this person of the account and may."""
        return contact.health == Contact.Health.OK and not self.hold_on(customer_id, contact.pk)

    def reachable(self, customer_id: int) -> frozenset[str]:
        """The addresses at this account that mail reaches and may, in small letters. What one person there may not get
        is not sent to the same address under another name."""
        there = [row for row in self.contacts.get(customer_id, ()) if row.email]
        silent = {row.email.casefold() for row in there if not self.is_reachable(customer_id, row)}
        return frozenset({row.email.casefold() for row in there} - silent)

    def hold_on(self, customer_id: int, contact_id: int | None) -> str:
        """Words for the hold on the customer or this person that ends last, "" without one."""
        mine = [row for row in self.holds if row.customer_id == customer_id]
        mine = [row for row in mine if row.contact_id is None or row.contact_id == contact_id]
        if not mine:
            return ""
        last = max(mine, key=lambda row: row.ends_on)
        return f"{last.get_reason_display().lower()}, until {format_date(last.ends_on)}"

    def _contact(self, meant: Meant) -> Contact | None:
        """The recipient's own row, else one of this account with that address: its mail may have come back."""
        there = self.contacts.get(meant.customer_id, ())
        if meant.contact_id is not None:
            return next((row for row in there if row.pk == meant.contact_id), None)
        same = (row for row in there if row.email.casefold() == meant.address.casefold())
        return next((row for row in same if row.health != "ok"), None)

    def _touched(self, meant: Meant, day: date) -> tuple[list[ContactTouch], set[str]]:
        """Contacts with this person or address on the day, and the sources of those of the seven days up to it."""
        address = meant.address.strip().lower()
        same = [
            row
            for row in self.touches.get(meant.customer_id, ())
            if row.source != meant.source
            and day - timedelta(days=7) < row.on <= day
            and (row.address == address or (row.contact_id is not None and row.contact_id == meant.contact_id))
        ]
        return [row for row in same if row.on == day], {row.source for row in same}


def _hour(zone: str, now: datetime) -> int:
    try:
        return now.astimezone(ZoneInfo(zone)).hour
    except (KeyError, ValueError, OSError):  # a wrong name on a customer must not stop anybody's mail
        return now.hour


def _accounts(ids: Collection[int]) -> dict[int, int]:
    absorbed: dict[int, int] = dict(_rows(sql.ABSORBED, {"ids": list(ids)}))
    return {pk: pk for pk in ids} | {pk: survivor for pk, survivor in absorbed.items() if survivor in ids}


def _customers(ids: Collection[int]) -> Iterable[Mapping[str, Any]]:
    zone = Coalesce(NullIf(F("time_zone"), Value("")), F("entity__time_zone"))
    return (
        Customer.objects.filter(pk__in=ids).annotate(zone=zone).values("pk", "merged_into", "is_related_party", "zone")
    )


def _active(on: date) -> Q:
    running = Q(released_on__isnull=True) | Q(released_on__gt=on)
    return running & Q(starts_on__lte=on, ends_on__gte=on)


def _contacts(accounts: Mapping[int, int]) -> dict[int, list[Contact]]:
    """The people of each account, whom to write to first standing first."""
    found: dict[int, list[Contact]] = defaultdict(list)
    for row in Contact.objects.filter(customer__in=accounts).order_by("-is_primary", "pk"):
        found[accounts[row.customer_id]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (not row.is_primary, row.part != Contact.Part.PAYABLES))
    return found


def _open_claims(accounts: Mapping[int, int], on: date, now: datetime) -> dict[int, list[Claim]]:
    rows = list(_rows(_CLAIMS, {"customers": list(accounts), "as_of": on}))
    flying = dict(amounts_in_flight({row[0] for row in rows}, now=now)) if rows else {}
    found: dict[int, list[Claim]] = defaultdict(list)
    for *facts, customer_id in rows:
        claim = Claim(*facts)
        taken = min(flying.get(claim.invoice_id, NOTHING), claim.open)  # the oldest instalments first
        if taken:
            flying[claim.invoice_id] -= taken
        found[accounts[customer_id]].append(claim._replace(in_flight=taken, customer_id=customer_id))
    return found


def _credits(accounts: Mapping[int, int], on: date) -> dict[tuple[int, str], Decimal]:
    found: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for who, currency, left in _rows(sql.CREDITS, {"ids": list(accounts), "as_of": on}):
        found[accounts[who], currency] += left
    return found


def _touches(accounts: Mapping[int, int], on: date) -> dict[int, list[ContactTouch]]:
    """The contacts of the last days; one more on either side, because the customer's day may be another one."""
    rows = ContactTouch.objects.filter(
        customer__in=accounts, released_at__isnull=True, on__gt=on - timedelta(days=9), on__lte=on + timedelta(days=1)
    )
    found: dict[int, list[ContactTouch]] = defaultdict(list)
    for row in rows.order_by("pk"):
        found[accounts[row.customer_id]].append(row)
    return found


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _rows(statement: str, asked: Mapping[str, Any]) -> Iterable[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        rows: list[Any] = cursor.fetchall()
        return rows
