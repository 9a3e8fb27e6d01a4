"""Settles what one legal entity mails by itself, and a customer's own day for its statement."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from customers.models import Customer, LegalEntity
from invoices.actions import DOCUMENT_RULES_SAVED, STATEMENT_DAY_SAVED
from invoices.models import DocumentRules, StatementDay


@transaction.atomic
def save_document_rules(
    *, entity: LegalEntity, invoices: bool, thanks: bool, statement_day: int | None, actor: AbstractBaseUser,
    now: datetime,
) -> DocumentRules:  # fmt: skip
    """The rules as kept. What is switched on begins with what happens from `now` on; a day set late in the month begins
    with the next. Raises BadInput for a day that no month has."""
    if statement_day is not None and not 1 <= statement_day <= 31:
        raise BadInput("Choose a day from 1 to 31; 31 is the last day of each month.", code="no_such_day")
    rules, _ = DocumentRules.objects.select_for_update().get_or_create(entity=entity)
    rules.invoices_since = (rules.invoices_since or now) if invoices else None
    rules.thanks_since = (rules.thanks_since or now) if thanks else None
    if rules.statement_day != statement_day:
        rules.statement_day, rules.changed_at = statement_day, now
    rules.save()
    record(DOCUMENT_RULES_SAVED, entity, actor=actor, invoices=invoices, thanks=thanks, statement_day=statement_day)
    return rules


@transaction.atomic
def save_statement_day(*, customer: Customer, day: int | None, actor: AbstractBaseUser) -> StatementDay | None:
    """The customer's own day, 0 for never; None takes it away, so that the entity's holds again. Raises BadInput for a
    day that no month has."""
    if day is not None and not 0 <= day <= 31:
        raise BadInput("Choose a day from 1 to 31, or 0 for no statement.", code="no_such_day")
    record(STATEMENT_DAY_SAVED, customer, actor=actor, customer_id=customer.pk, day=day)
    if day is None:
        StatementDay.objects.filter(customer=customer).delete()
        return None
    return StatementDay.objects.update_or_create(customer=customer, defaults={"day": day})[0]
