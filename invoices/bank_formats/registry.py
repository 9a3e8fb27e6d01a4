"""The bank formats that the settings enable, the one that fits a file, and the file as read by it.

The only way in for services, commands and pages. Must not know any format, and must write nothing."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from itertools import count as count_from
from typing import cast

from django.conf import settings

from collections_app.lib.errors import BadInput, quoted
from collections_app.lib.registry import load
from invoices.bank_formats.archives import is_archive, members
from invoices.bank_formats.contract import BankFormat, Choices, ParsedFile, Problem, Refused, Statement
from invoices.bank_formats.gaps import without_gaps
from invoices.bank_formats.plain_text import plain

MAX_FILE = 50_000_000  # bytes, of a file or of one inside an archive
_LONGEST_LABEL = 40

_OTHERS = {b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
           b"\x7fELF": "a program", b"MZ": "a program", b"7z\xbc\xaf": "an archive", b"Rar!": "an archive",
           b"\x1f\x8b": "an archive", b"BZh": "an archive", b"\xfd7zXZ": "an archive"}  # fmt: skip


def bank_formats() -> dict[str, BankFormat]:
    """Code -> format, in the order of the settings; an unknown code raises BadInput."""
    return cast(dict[str, BankFormat], load(settings.BANK_FORMATS))


def recognise(content: bytes) -> BankFormat:
    """The first format whose `sniff` accepts the content. Raises Refused, naming the formats that are known."""
    found = next((each for each in bank_formats().values() if each.sniff(content)), None)
    if found is None:
        known = ", ".join(each.name for each in bank_formats().values())
        what = next((what for magic, what in _OTHERS.items() if content.startswith(magic)), "")
        seen = f"The file is {what}, not" if what else "The file is not"
        raise Refused(
            f"{seen} a bank statement in a format known here: {known}. "
            "Ask the bank for camt.053 (ISO 20022); it tells most about each payment.",
            code="unknown_format",
        )
    return found


def read(content: bytes, *, name: str = "", format: str | None = None, choices: Choices | None = None) -> ParsedFile:
    """The file as statements with their entries and problems, read as `format` (a code) or as recognised.

    `choices` answer what a refusal's `fields` asked for; formats that need no answers ignore them.
    `name` is the file's name, repeated in sentences. A zip archive is read file by file; positions then begin with a
    name of the file inside that is its own and has no comma, and ", "; a file inside that is refused is a problem,
    unless none can be read. A statement
    whose entries do not lead from its opening to its closing balance is left out as a problem, or refused when it is
    alone (see `gaps`). Raises Refused, and nothing else, for any content."""
    _check_size(content, name)
    if not is_archive(content):
        return _read_one(content, format, choices)
    read_files: list[tuple[str, ParsedFile]] = []
    refused: list[tuple[str, Refused]] = []
    seen: set[str] = set()
    for inner_name, inner_content in members(content):
        inner = _label(inner_name, seen)
        try:
            _check_size(inner_content, inner)
            if is_archive(inner_content):
                raise Refused(
                    "The archive holds another archive. Unpack it and upload what is inside.", code="archive_inside"
                )
            read_files.append((inner, _read_one(inner_content, format, choices)))
        except Refused as refusal:
            refused.append((inner, refusal))
    if not read_files:
        inner, first = refused[0]
        raise Refused(first.sentence, position=_place(inner, first.position), code=first.code, fields=first.fields)
    return _together(read_files, refused)


def _check_size(content: bytes, name: str) -> None:
    file = f"The file {quoted(name)}" if name else "The file"
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Refused(f"{file} is empty. Ask the bank for it again.", code="empty_file")
    if len(content) > MAX_FILE:
        raise Refused(
            f"{file} has {len(content) // 1_000_000} MB; at most {MAX_FILE // 1_000_000} MB can be read. "
            "Ask the bank for shorter periods.",
            code="file_too_large",
        )


def _read_one(content: bytes, format: str | None, choices: Choices | None) -> ParsedFile:
    try:
        chosen = bank_formats()[format] if format else recognise(content)
    except Refused:
        raise
    except BadInput as unknown:
        raise Refused(unknown.sentence, code=unknown.code) from None
    parsed = chosen.read_with(content, choices) if choices and chosen.read_with else chosen.parse(content)
    return without_gaps(parsed)


def _together(read_files: list[tuple[str, ParsedFile]], refused: list[tuple[str, Refused]]) -> ParsedFile:
    problems = [
        Problem(_place(inner, problem.position), problem.sentence)
        for inner, parsed in read_files
        for problem in parsed.problems
    ]
    problems += [Problem(_place(inner, refusal.position), refusal.sentence) for inner, refusal in refused]
    return ParsedFile(
        format=", ".join(dict.fromkeys(parsed.format for _, parsed in read_files)),
        statements=tuple(each for inner, parsed in read_files for each in _placed(inner, parsed)),
        problems=tuple(problems),
    )


def _placed(inner: str, parsed: ParsedFile) -> Iterator[Statement]:
    for statement in parsed.statements:
        entries = (replace(entry, position=_place(inner, entry.position)) for entry in statement.entries)
        yield replace(statement, entries=tuple(entries))


def _label(name: str, seen: set[str]) -> str:
    """The name for places, without commas, short, and not yet seen: what follows tells the files apart by it."""
    short = plain(name.replace(",", " "))[-_LONGEST_LABEL:].strip() or "file"
    label = next(each for each in chain([short], (f"{short} ({count})" for count in count_from(2))) if each not in seen)
    seen.add(label)
    return label


def _place(inner: str, position: str) -> str:
    return f"{inner}, {position}" if position else inner
