"""Who an account belongs to and whom of its people a step may write to, by set. Reads only."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from collections_app.lib.calendars import region_of
from dunning.rules.facts import StepFacts

# The accounts' own data. Whom to write to comes from CONTACTS.
PEOPLE = """
SELECT c.id, c.number, c.name, c.address, c.autopay, c.is_related_party, c.holiday_region, c.country, c.kind,
       COALESCE(NULLIF(c.time_zone, ''), e.time_zone), e.holiday_region, e.id,
       COALESCE(NULLIF(c.language, ''), e.language)
FROM customers_customer c JOIN customers_legalentity e ON e.id = c.entity_id
WHERE c.id = ANY(%(ids)s)
"""

# People who can be reached: mail only while it arrives, texts unless the person has left or complained (R19). A hold on
# one person leaves the others (R9).
CONTACTS = """
SELECT k.customer_id, k.id, k.name, k.part, CASE WHEN k.health = 'ok' THEN k.email ELSE '' END, k.mobile, k.language,
       k.is_primary
FROM customers_contact k
WHERE k.customer_id = ANY(%(ids)s) AND k.health IN ('ok', 'bounced') AND (k.email <> '' OR k.mobile <> '')
  AND NOT EXISTS (
      SELECT 1 FROM customers_hold h WHERE h.contact_id = k.id AND h.starts_on <= %(as_of)s AND h.ends_on >= %(as_of)s
        AND (h.released_on IS NULL OR h.released_on > %(as_of)s))
ORDER BY k.customer_id, k.is_primary DESC, k.id
"""

USUAL_PART = "payables"


class Recipient(NamedTuple):
    """Somebody at a customer who can be reached; `email` or `mobile` is empty where that one cannot be used."""

    contact_id: int
    name: str
    part: str
    email: str
    mobile: str
    language: str
    is_primary: bool

    @property
    def is_usual(self) -> bool:
        """Whether reminders go there where a step names nobody."""
        return self.is_primary or self.part == USUAL_PART


class Person(NamedTuple):
    """Who an account belongs to and whom to write to; `contact_id` is None, `email` empty where nobody is reachable.

    `kind` is "business", "consumer" or "public". `contacts` are all who can be reached, the primary one first."""

    customer_id: int
    number: str
    name: str
    address: str
    region: str
    time_zone: str
    entity_id: int
    language: str
    contact_id: int | None
    contact_name: str
    email: str
    autopay: bool
    related_party: bool
    mobile: str = ""
    kind: str = "business"
    country: str = ""
    contacts: tuple[Recipient, ...] = ()

    @property
    def reach(self) -> frozenset[str]:
        """What we have of this customer that a channel may need, of the usual person and, as "email:cfo", of others."""
        parts = tuple((one.part, bool(one.email), bool(one.mobile)) for one in self.contacts)
        return _reach(bool(self.email), bool(self.mobile), bool(self.address.strip()), parts)

    def addressed(self, step: StepFacts) -> "Person":
        """This person with the contact the step is for: the first of its parts with somebody reachable, else the usual
        one. The language is the contact's, else the customer's, else the entity's (R18)."""
        for part in step.recipients:
            for one in self.contacts:
                if one.part == part and (one.mobile if step.needs == "mobile" else one.email):
                    return _written_to(self, one)
        if step.needs == "mobile":
            usual = next((one for one in self.contacts if one.is_usual and one.mobile), None)
            return _written_to(self, usual) if usual else self
        return self

    def copies(self, step: StepFacts) -> tuple[str, ...]:
        """Further addresses the step goes to, one per mailbox, without the recipient's own."""
        wanted = {
            one.email.lower(): one.email for one in self.contacts if one.email and one.part in step.copies
        }  # the same mailbox may belong to several people
        wanted.pop(self.addressed(step).email.lower(), None)
        return tuple(wanted.values())


def send_windows(customer_ids: Collection[int]) -> dict[tuple[str, str], list[int]]:
    """These customers by (time zone, holiday region): whose day begins and rests together. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"ids": list(customer_ids)})
        people = people_of(cursor.fetchall(), ())
    found: dict[tuple[str, str], list[int]] = {}
    for person in people.values():
        found.setdefault((person.time_zone, person.region), []).append(person.customer_id)
    return found


def people_of(rows: Iterable[tuple[Any, ...]], contacts: Iterable[tuple[Any, ...]]) -> Mapping[int, Person]:
    """The people by customer id, from the rows of PEOPLE and CONTACTS."""
    reachable: dict[int, list[Recipient]] = {}
    for customer_id, *known in contacts:
        reachable.setdefault(customer_id, []).append(Recipient(*known))
    return {row[0]: _person(row, tuple(reachable.get(row[0], ()))) for row in rows}


def _person(row: tuple[Any, ...], contacts: tuple[Recipient, ...]) -> Person:
    (pk, number, name, address, autopay, related, own_region, country, kind, zone, entity_region, entity, language) = (
        row
    )
    usual = next((one for one in contacts if one.is_usual and one.email), None)
    mobile = next((one.mobile for one in contacts if one.is_usual and one.mobile), "")
    region = _region(own_region, country, entity_region)
    if usual is None:
        return Person(
            pk, number, name, address, region, zone, entity, language, None, "", "", autopay, related, mobile, kind,
            country, contacts,
        )  # fmt: skip
    return Person(
        pk, number, name, address, region, zone, entity, usual.language or language, usual.contact_id, usual.name,
        usual.email, autopay, related, mobile, kind, country, contacts,
    )  # fmt: skip


def _written_to(person: Person, one: Recipient) -> Person:
    return person._replace(
        contact_id=one.contact_id,
        contact_name=one.name,
        email=one.email,
        mobile=one.mobile,
        language=one.language or person.language,
    )


@lru_cache(maxsize=1024)
def _region(own: str, country: str, entity: str) -> str:
    return region_of(own, country, entity)


@lru_cache(maxsize=4096)
def _reach(email: bool, mobile: bool, address: bool, parts: tuple[tuple[str, bool, bool], ...]) -> frozenset[str]:
    found = {name for name, there in (("email", email), ("mobile", mobile), ("address", address)) if there}
    found |= {f"email:{part}" for part, has_email, _ in parts if has_email}
    found |= {f"mobile:{part}" for part, _, has_mobile in parts if has_mobile}
    return frozenset(found)
