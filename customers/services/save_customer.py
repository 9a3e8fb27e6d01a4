"""Creates or changes one customer's master data. What they owe is never touched here."""

from typing import Any

from django.db import IntegrityError, transaction

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict, quoted
from customers.actions import CUSTOMER_CHANGED, CUSTOMER_CREATED
from customers.changes import announce
from customers.models import Customer
from customers.rules.master_data import number_problem, problems

KEPT_FIELDS = (
    "name", "entity", "kind", "currency", "language", "country", "holiday_region", "time_zone", "address", "vat_id",
    "terms", "credit_limit", "risk_class", "strategy", "autopay", "is_related_party", "collector", "tags",
    "insurer", "insured_amount", "insurer_days",
)  # fmt: skip


@transaction.atomic
def save_customer(*, customer: Customer, actor: User | None, by: str = "") -> Customer:
    """The customer as kept: a new one is inserted, a known one gets the fields that differ; the number never changes.

    Raises BadInput with a sentence per field, Conflict when the number is taken."""
    is_new = customer.pk is None
    _check(customer, is_new=is_new)
    changed = _insert(customer) if is_new else _update(customer)
    if changed:
        action = CUSTOMER_CREATED if is_new else CUSTOMER_CHANGED
        record(action, customer, actor=actor, by=by, customer_id=customer.pk, **changed)
        announce([customer.pk])
    return customer


def _check(customer: Customer, *, is_new: bool) -> None:
    found = dict(
        problems(
            name=customer.name,
            currency=customer.currency,
            country=customer.country,
            time_zone=customer.time_zone,
            holiday_region=customer.holiday_region,
            credit_limit=customer.credit_limit,
            insured_amount=customer.insured_amount,
        )
    )
    if is_new and (sentence := number_problem(customer.number)):
        found["number"] = sentence
    if found:
        raise BadInput("Some of the customer's data cannot be kept. Correct it.", code="customer_data", fields=found)


def _insert(customer: Customer) -> dict[str, Any]:
    try:
        with transaction.atomic():
            customer.save(force_insert=True)
    except IntegrityError as error:
        if "number" not in str(error):
            raise
        raise Conflict(
            f"There is already a customer with the number {quoted(customer.number)}. Choose another one.",
            code="customer_number_taken",
            fields={"number": "Already used."},
        ) from None
    return {"number": customer.number, "name": customer.name, "entity": customer.entity_id}


def _update(customer: Customer) -> dict[str, Any]:
    """What changed, field -> new value, written to the row under a lock."""
    before = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    fields = [Customer._meta.get_field(name) for name in KEPT_FIELDS]
    columns = [field.attname for field in fields if hasattr(field, "attname")]
    changed = {name: getattr(customer, name) for name in columns if getattr(before, name) != getattr(customer, name)}
    if changed:
        customer.save(update_fields=list(changed))
    return changed
