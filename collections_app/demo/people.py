"""The demo's cast: legal entities, users and the names of three hundred invented customers. Data only, no database."""

from dataclasses import dataclass
from random import Random

from collections_app.accounts.roles import Role

PASSWORD = "demo-collections"  # noqa: S105 (shown on the sign-in page of the demo, and nowhere else of use)


@dataclass(frozen=True, slots=True)
class Person:
    """A demo user."""

    username: str
    first_name: str
    last_name: str
    role: Role


PEOPLE = (
    Person("analyst", "Anna", "Lindqvist", Role.ANALYST),
    Person("ben", "Ben", "Okafor", Role.ANALYST),
    Person("chloe", "Chloé", "Marchetti", Role.ANALYST),
    Person("manager", "Maria", "Castellanos", Role.MANAGER),
    Person("accountant", "Carla", "Weidmann", Role.ACCOUNTANT),
    Person("viewer", "Victor", "Hale", Role.VIEWER),
    Person("administrator", "Ada", "Brandt", Role.ADMINISTRATOR),
)

ENTITIES = (
    {
        "code": "DE01",
        "name": "Nordwind Antriebe GmbH",
        "currency": "EUR",
        "country": "DE",
        "holiday_region": "DE-HH",
        "time_zone": "Europe/Berlin",
        "language": "de",
        "address": "Speicherstraße 14\n20457 Hamburg\nGermany",
        "vat_id": "DE136695976",
        "iban": "DE89370400440532013000",
        "bic": "COBADEFFXXX",
        "bank_name": "Hansebank Hamburg",
        "email": "forderungen@nordwind.example",
        "phone": "+49 40 5550 100",
        "website": "https://nordwind.example",
    },
    {
        "code": "GB01",
        "name": "Northbridge Components Ltd",
        "currency": "GBP",
        "country": "GB",
        "holiday_region": "GB",
        "time_zone": "Europe/London",
        "language": "en",
        "address": "9 Foundry Lane\nLeeds LS9 8AG\nUnited Kingdom",
        "vat_id": "GB980780684",
        "iban": "GB82WEST12345698765432",
        "bic": "WESTGB22XXX",
        "bank_name": "West Riding Bank",
        "email": "accounts@northbridge.example",
        "phone": "+44 113 555 0100",
        "website": "https://northbridge.example",
    },
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a customer sits, with what follows from it."""

    country: str
    region: str
    time_zone: str
    language: str
    currency: str
    towns: tuple[str, ...]
    forms: tuple[str, ...]
    phone: str


PLACES = {
    "DE": Place("DE", "DE", "Europe/Berlin", "de", "EUR", ("Bremen", "Kassel", "Ulm", "Jena", "Lübeck", "Regensburg"),
                ("GmbH", "KG", "AG", "GmbH & Co. KG"), "+49 421 555"),
    "AT": Place("AT", "AT", "Europe/Vienna", "de", "EUR", ("Linz", "Graz", "Villach"), ("GmbH", "OG"), "+43 732 555"),
    "NL": Place("NL", "NL", "Europe/Amsterdam", "en", "EUR", ("Breda", "Zwolle", "Delft"), ("B.V.",), "+31 76 555"),
    "GB": Place("GB", "GB", "Europe/London", "en", "GBP", ("Leeds", "Hull", "Bristol", "Derby", "Perth"),
                ("Ltd", "PLC", "LLP"), "+44 117 555"),
    "IE": Place("IE", "IE", "Europe/Dublin", "en", "EUR", ("Cork", "Galway"), ("Ltd",), "+353 21 555"),
    "US": Place("US", "US", "America/New_York", "en", "USD", ("Albany", "Dayton", "Portland", "Tulsa"),
                ("Inc.", "LLC", "Corp."), "+1 518 555"),
}  # fmt: skip

_ROOTS = (
    "Alder", "Birkholz", "Cobalt", "Dunmore", "Eichner", "Fjord", "Granat", "Harrow", "Iden", "Juniper", "Kestrel",
    "Lindner", "Marlow", "Nevis", "Oakfield", "Petersen", "Quarry", "Rosen", "Stellan", "Tamar", "Umber", "Vesper",
    "Wendel", "Yarrow", "Zeller", "Ashdown", "Brandt", "Corvin", "Delmar", "Elster",
)  # fmt: skip
_TRADES = (
    "Anlagenbau", "Logistics", "Pumps", "Bakeries", "Maschinen", "Marine", "Optics", "Packaging", "Textiles",
    "Robotics", "Timber", "Foods", "Energy", "Ceramics", "Instruments", "Fasteners", "Printing", "Hydraulics",
    "Cycles", "Medical",
)  # fmt: skip
_FIRST = ("Erik", "Sofia", "Jonas", "Mira", "Paul", "Greta", "Owen", "Nadia", "Lukas", "Freya", "Tom", "Ines", "Karl")
_LAST = (
    "Voss",
    "Barker",
    "Hansen",
    "Keller",
    "Doyle",
    "Mertens",
    "Shaw",
    "Novak",
    "Brennan",
    "Lange",
    "Fischer",
    "Reid",
)


def company_names(random: Random, count: int) -> list[str]:
    """That many different company names without legal form, always the same for the same seed."""
    pairs = [f"{root} {trade}" for root in _ROOTS for trade in _TRADES]
    random.shuffle(pairs)
    return pairs[:count]


def contact_name(random: Random) -> str:
    """A first and a last name."""
    return f"{random.choice(_FIRST)} {random.choice(_LAST)}"
