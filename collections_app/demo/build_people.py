"""Writes the demo's team, users, legal entities, customers and contacts, by set."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from django.contrib.auth.hashers import make_password

from collections_app.accounts.models import Team, User
from collections_app.demo.characters import CHARACTERS, Character
from collections_app.demo.people import ENTITIES, PASSWORD, PEOPLE, PLACES, company_names, contact_name
from customers.models import Contact, Customer, LegalEntity, PaymentTerms

SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Cast:
    """Everyone in the demo, with the character of each customer and the usual size of its invoices."""

    users: dict[str, User]
    entities: list[LegalEntity]
    customers: list[Customer]
    characters: dict[int, Character]
    usual: dict[int, Decimal]


def build_people(*, today: date) -> Cast:
    """The demo's people, just written. Always the same for the same code; `today` only dates the user accounts."""
    team = Team.objects.create(name="Receivables")
    password = make_password(PASSWORD)
    users = {}
    for person in PEOPLE:
        users[person.username] = User.objects.create(
            username=person.username,
            first_name=person.first_name,
            last_name=person.last_name,
            email=f"{person.username}@nordwind.example",
            role=person.role.value,
            password=password,
            time_zone="Europe/Berlin",
        )
        users[person.username].teams.add(team)
    entities = [LegalEntity.objects.create(team=team, **fields) for fields in ENTITIES]
    terms = {
        days: PaymentTerms.objects.create(code=f"NET{days}", name=f"{days} days net", days=days) for days in (14, 30)
    }
    return _customers(users, entities, terms)


def _customers(users: dict[str, User], entities: list[LegalEntity], terms: dict[int, PaymentTerms]) -> Cast:
    random = Random(SEED)
    kinds = [character for character in CHARACTERS for _ in range(character.count)]
    random.shuffle(kinds)
    collectors = [users["analyst"], users["ben"]]
    rows, usual = [], []
    for position, (name, character) in enumerate(zip(company_names(random, len(kinds)), kinds, strict=True)):
        country = random.choices(("DE", "AT", "NL", "GB", "IE", "US"), (40, 8, 10, 28, 5, 9))[0]
        place = PLACES[country]
        entity = entities[1] if country in ("GB", "IE", "US") else entities[0]
        size = Decimal(random.choice((6, 9, 14, 22, 35, 60, 110, 240)) * 100)
        usual.append(size)
        rows.append(
            Customer(
                number=f"{10_000 + position * 7}",
                name=f"{name} {random.choice(place.forms)}",
                entity=entity,
                currency=place.currency,
                language=place.language,
                country=country,
                holiday_region=place.region,
                time_zone=place.time_zone,
                address=f"{random.randint(1, 180)} {random.choice(('Station', 'Mill', 'Harbour', 'Garden'))} Street\n"
                f"{random.choice(place.towns)}",
                terms=terms[character.terms],
                credit_limit=size * random.choice((5, 8, 12)),
                risk_class=random.choice(("A", "A", "B", "B", "C")),
                collector=collectors[position % 2],
                tags=["key account"] if size >= 11_000 else [],
            )
        )
    customers = Customer.objects.bulk_create(rows)
    _contacts(random, customers)
    return Cast(
        users=users,
        entities=entities,
        customers=customers,
        characters={customer.pk: kind for customer, kind in zip(customers, kinds, strict=True)},
        usual={customer.pk: size for customer, size in zip(customers, usual, strict=True)},
    )


def _contacts(random: Random, customers: list[Customer]) -> None:
    contacts = []
    for customer in customers:
        place = PLACES[customer.country]
        domain = f"{customer.name.split()[0].lower()}-{customer.number}.example"
        reachable = random.random() > 0.02  # a few have no mail address: their reminders become calls (R19)
        contacts.append(
            Contact(
                customer=customer,
                name=contact_name(random),
                email=f"payables@{domain}" if reachable else "",
                phone=f"{place.phone} {random.randint(100, 999)}",
                is_primary=True,
                language=customer.language,
            )
        )
        if random.random() < 0.35:
            contacts.append(
                Contact(
                    customer=customer,
                    name=contact_name(random),
                    part=Contact.Part.CFO,
                    email=f"finance@{domain}",
                    phone=f"{place.phone} {random.randint(100, 999)}",
                )
            )
    Contact.objects.bulk_create(contacts)
