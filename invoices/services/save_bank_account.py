"""Saves how the lines of a bank account are treated."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from invoices.actions import BANK_ACCOUNT_SAVED
from invoices.models import BankAccount


@transaction.atomic
def save_bank_account(
    *,
    account: BankAccount,
    name: str,
    post_certain: bool,
    certain_from: int,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> BankAccount:
    """The saved account. `certain_from` is a score from 50 to 100. What is posted already stays. Raises BadInput."""
    if not 50 <= certain_from <= 100:
        sentence = "Enter a score from 50 to 100."
        raise BadInput(sentence, code="score_out_of_range", fields={"certain_from": sentence})
    account.name, account.post_certain, account.certain_from = name, post_certain, certain_from
    account.save(update_fields=["name", "post_certain", "certain_from"])
    record(
        BANK_ACCOUNT_SAVED, account, actor=actor, by=by, name=name, post_certain=post_certain, certain_from=certain_from
    )
    return account
