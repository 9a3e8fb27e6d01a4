"""D71, D99: a long search for bank files of which only a part would reach the ledger, through the database."""

from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, event, given, settings

from customers.models import LegalEntity
from invoices.models import Allocation, BankAccount, BankFile, BankLine, BankStatement, Payment
from invoices.services.answer_bank_file import answer_bank_file
from invoices.services.import_bank_file import import_bank_file
from tests import factories
from tests.fuzz.bank_files import SEEDS
from tests.invoices.bank_formats.damage import damaged

# Each example rolls back what it wrote.
WITH_DATABASE = settings(settings.get_profile("fuzz"), max_examples=1000, suppress_health_check=list(HealthCheck))
WHOLE = [content for each in SEEDS.values() for content in each]
_CHOICES = {"currency": "EUR", "date_order": "dmy", "decimal_mark": ".", "account": "DE02120300000000202051"}


@pytest.fixture
def selling() -> LegalEntity:
    return factories.entity()


@pytest.mark.django_db
@WITH_DATABASE
@given(content=damaged(WHOLE))
def test_d99_a_bank_file_is_read_whole_or_leaves_nothing(content: bytes, selling: LegalEntity, settings: Any,
                                                         tmp_path_factory: pytest.TempPathFactory) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp()
    with transaction.atomic():
        file = _taken_in(content, selling)
        event(file.state)
        counts = _counts()
        if file.state == BankFile.State.READ:
            assert (counts["BankLine"], counts["BankStatement"]) == (file.lines_added, file.statements.count())
            assert all(problem["sentence"] for problem in file.problems)
            again = import_bank_file(name="again", content=content, entities=[selling], by="test")
            assert again.state == BankFile.State.READ
            assert _counts() == counts
        else:
            assert file.refusal or file.asked
            assert counts == dict.fromkeys(counts, 0)
        assert not Payment.objects.exists()
        assert not Allocation.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def _taken_in(content: bytes, selling: LegalEntity) -> BankFile:
    """The file after everything that it asks was answered, as often as it asks something else."""
    file = import_bank_file(name="fuzzed", content=content, entities=[selling], by="test")
    for _ in range(2):
        if file.state != BankFile.State.ASKING:
            break
        accounts = {f"{number} {currency}": selling.pk for number, currency in file.asked.get("accounts", [])}
        answers = {"choices": {**file.answers.get("choices", {}), **_needed(file)}, "entities": accounts}
        file = answer_bank_file(file=file, answers=answers, entities=[selling], by="test")
    return file


def _needed(file: BankFile) -> dict[str, str]:
    return {name: value for name, value in _CHOICES.items() if name in file.asked.get("fields", {})}


def _counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (BankAccount, BankStatement, BankLine)}
