"""Creates or changes a legal entity: its name, bank account, calendar and sender address."""

from django.db import transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.currencies import is_currency
from collections_app.lib.errors import BadInput
from collections_app.lib.references import is_iban
from customers.actions import ENTITY_SAVED
from customers.models import LegalEntity
from customers.rules.master_data import country_problem, region_problem, time_zone_problem


@transaction.atomic
def save_entity(*, entity: LegalEntity, actor: User | None, by: str = "") -> LegalEntity:
    """The entity as kept. Raises BadInput with a sentence per field that cannot be."""
    entity.iban = entity.iban.replace(" ", "").upper()
    found = {
        "currency": "" if is_currency(entity.currency) else "Use a currency code of three letters, such as EUR.",
        "country": country_problem(entity.country),
        "time_zone": time_zone_problem(entity.time_zone),
        "holiday_region": region_problem(entity.holiday_region),
        "iban": "" if not entity.iban or is_iban(entity.iban) else "This is not an IBAN. Compare it digit by digit.",
    }
    wrong = {field: sentence for field, sentence in found.items() if sentence}
    if wrong:
        raise BadInput("Some of the entity's data cannot be kept. Correct it.", code="entity_data", fields=wrong)
    entity.save()
    record(ENTITY_SAVED, entity, actor=actor, by=by, code=entity.code, name=entity.name, time_zone=entity.time_zone)
    return entity
