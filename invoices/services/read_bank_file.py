"""Reads a kept bank file into statements and lines, all in one transaction. It ends read, refused with the reason, or
waiting for an answer; nothing half-written remains. What the lines pay is decided elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from customers.models import LegalEntity
from invoices.actions import BANK_FILE_READ, BANK_FILE_REFUSED
from invoices.bank_formats.archives import is_archive
from invoices.bank_formats.contract import Choices, ParsedFile, Refused
from invoices.bank_formats.registry import read
from invoices.models import BankFile
from invoices.rules.problem_lists import listed
from invoices.services.find_bank_accounts import AccountsAsked, find_bank_accounts
from invoices.services.write_bank_lines import write_bank_lines


@transaction.atomic
def read_bank_file(
    *,
    file: BankFile,
    content: bytes | None = None,
    entities: Sequence[LegalEntity],
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> BankFile:
    """The file after reading: READ with its counts and problems, REFUSED with the reason, or ASKING with what a person
    must say first (`answers` then holds it).

    `entities` are those whose accounts the person may fill. Reading a file again adds only lines that are not there yet
    (D71). `content` saves opening the kept file. Raises nothing for any content."""
    locked = BankFile.objects.select_for_update().get(pk=file.pk)
    if content is None:
        with locked.content.open("rb") as kept:
            content = kept.read()
    try:
        parsed = read(content, name=locked.name, choices=_choices(locked.answers))
        _refuse_empty(parsed)
        accounts = find_bank_accounts(
            statements=parsed.statements,
            entities=entities,
            chosen=locked.answers.get("entities", {}),
            actor=actor,
            by=by,
        )
    except AccountsAsked as asked:
        return _ask(locked, asked.sentence, {"accounts": asked.accounts})
    except Refused as refusal:
        if refusal.fields:
            return _ask(locked, refusal.sentence, {"fields": refusal.fields})
        return _refuse(locked, refusal, actor, by)
    counts, problems = write_bank_lines(file=locked, parsed=parsed, accounts=accounts, is_archive=is_archive(content))
    problems = [*parsed.problems, *problems]
    if locked.state == BankFile.State.READ and not counts.added:
        return locked
    locked.state, locked.refusal, locked.asked = BankFile.State.READ, "", {}
    locked.format, locked.problems = parsed.format[:60], listed((each.position, each.sentence) for each in problems)
    locked.lines_added += counts.added
    locked.lines_known = counts.known
    locked.save()
    record(
        BANK_FILE_READ, locked, actor=actor, by=by, file=locked.name, digest=locked.digest, format=locked.format,
        added=counts.added, known=counts.known, problems=len(problems),
    )  # fmt: skip
    return locked


def _choices(answers: Mapping[str, Any]) -> Choices | None:
    said = {name: value for name, value in answers.get("choices", {}).items() if value}
    return Choices(**said) if said else None


def _refuse_empty(parsed: ParsedFile) -> None:
    if not parsed.statements and parsed.problems:
        first = parsed.problems[0]
        raise Refused(first.sentence, position=first.position)
    if not parsed.statements:
        raise Refused("The file holds no statement. Ask the bank for the period again.", code="empty_file")


def _ask(file: BankFile, sentence: str, asked: dict[str, Any]) -> BankFile:
    file.state, file.refusal, file.asked = BankFile.State.ASKING, sentence[:500], asked
    file.save()
    return file


def _refuse(file: BankFile, refusal: Refused, actor: AbstractBaseUser | None, by: str) -> BankFile:
    place = f"{refusal.position}: " if refusal.position else ""
    if file.state != BankFile.State.READ:
        file.state = BankFile.State.REFUSED
    file.refusal, file.asked = f"{place}{refusal.sentence}"[:500], {}
    file.save()
    record(BANK_FILE_REFUSED, file, actor=actor, by=by, file=file.name, digest=file.digest, reason=file.refusal)
    return file
