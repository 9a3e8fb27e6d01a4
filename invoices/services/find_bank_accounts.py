"""Whose account a statement is: a known one, one of a legal entity's own IBAN, or one that a person must place."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from django.contrib.auth.base_user import AbstractBaseUser

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, quoted
from customers.models import LegalEntity
from invoices.actions import BANK_ACCOUNT_SAVED
from invoices.bank_formats.contract import Refused, Statement
from invoices.models import BankAccount

MOST_ASKED = 100  # at once; the answer to these leads to the next ones
Accounts: TypeAlias = dict[tuple[str, str], BankAccount]


class AccountsAsked(BadInput):
    """Somebody must say to which legal entity these accounts belong; `accounts` are pairs of number and currency."""

    def __init__(self, accounts: Sequence[tuple[str, str]]) -> None:
        super().__init__("Say to which legal entity the account belongs, then it is read.", code="accounts_unknown")
        self.accounts = [list(pair) for pair in accounts[:MOST_ASKED]]


def find_bank_accounts(
    *,
    statements: Sequence[Statement],
    entities: Sequence[LegalEntity],
    chosen: Mapping[str, int],
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Accounts:
    """The account of each (number, currency) that the statements name, locked so that two imports of it wait for each
    other. New ones are made for an entity's own IBAN, or as `chosen`: "number currency" -> id of the entity.

    Raises AccountsAsked for accounts nobody knows, Refused for one of an entity that is not among `entities`."""
    wanted = list(dict.fromkeys((identification(each), each.currency) for each in statements))
    numbers = [number for number, _ in wanted]
    rows = BankAccount.objects.select_for_update(no_key=True, of=("self",)).select_related("entity")
    found: Accounts = {
        (row.identification, row.currency): row for row in rows.filter(identification__in=numbers).order_by("pk")
    }
    allowed = {entity.pk: entity for entity in entities}
    owners = _owners()
    asked = []
    for number, currency in wanted:
        known = found.get((number, currency))
        owner = known.entity_id if known else owners.get(number) or chosen.get(f"{number} {currency}")
        if owner is None:
            asked.append((number, currency))
        elif owner not in allowed:
            raise Refused(
                f"The account {quoted(number)} belongs to a legal entity that is not one of yours. Nothing was read. "
                "Ask a colleague of that entity to upload the file.",
                code="other_entity",
            )
        elif known is None:
            found[number, currency] = _made(allowed[owner], number, currency, actor, by)
    if asked:
        raise AccountsAsked(asked)
    return {pair: found[pair] for pair in wanted}


def identification(statement: Statement) -> str:
    """The account's number as it is kept: without blanks, at most 64 signs. Raises Refused for none."""
    number = "".join(statement.account.split()).replace("\x00", "")[:64]
    if not number:
        sentence = "The file does not say of which account it is. Enter its IBAN or number."
        raise Refused(sentence, code="no_account", fields={"account": sentence})
    return number


def _owners() -> dict[str, int]:
    rows = LegalEntity.objects.exclude(iban="").values_list("iban", "pk")
    return {"".join(iban.split()).upper(): pk for iban, pk in rows}


def _made(entity: LegalEntity, number: str, currency: str, actor: AbstractBaseUser | None, by: str) -> BankAccount:
    account, is_new = BankAccount.objects.get_or_create(
        identification=number, currency=currency, defaults={"entity": entity}
    )
    if is_new:
        record(BANK_ACCOUNT_SAVED, account, actor=actor, by=by, account=number, currency=currency, entity=entity.code)
    return account
