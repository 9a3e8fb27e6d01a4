"""An evidence bundle as data: entries chained by SHA-256, the papers they name, and the one archive they make together.
Pure: it neither collects nor keeps anything, and checking needs nothing but the archive's own bytes.

How a bundle is made and checked is told in docs/handover.md."""

import io
import json
import re
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from collections_app.lib.digests import canonical_json, chain_digest
from collections_app.lib.errors import Refusal

FORMAT = "evidence bundle 1"
JSON_NAME, PDF_NAME = "evidence.json", "evidence.pdf"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever it is packed
_LOCAL_HEADER = 30
_FIRST = {"document": 0, "payment": 1, "adjustment": 2, "allocation": 3}  # of things of the same moment


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that belongs to an entry. `name` is a wish; in the bundle it gets a safe one with the entry's number."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that happened: its kind, its day, the moment it was recorded ("" when not known), a sentence, the facts
    behind it as plain values, and its papers."""

    kind: str
    on: date
    at: str
    text: str
    facts: Mapping[str, Any]
    papers: tuple[Paper, ...] = ()

    @property
    def place(self) -> tuple[date, str, int, str]:
        """Where it stands in the chronology: what is put against something comes after what it is put against."""
        return self.on, self.at or f"{self.on.isoformat()}T12", _FIRST.get(self.kind, len(_FIRST)), self.kind


@dataclass(frozen=True, slots=True)
class Chained:
    """What is sealed so far: the cover, its entries as they stand in the JSON, and the papers by name."""

    cover: Mapping[str, Any]
    entries: tuple[Mapping[str, Any], ...]
    papers: Mapping[str, bytes]

    @property
    def head(self) -> str:
        """The digest at the end of the chain."""
        return str(self.entries[-1]["digest"]) if self.entries else chain_digest(None, self.cover)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a bundle. `entry` is the number of the entry it lies in, 0 for the cover, None for the file as
    a whole."""

    entry: int | None
    part: str
    sentence: str


def chained(cover: Mapping[str, Any], found: Iterable[Evidence]) -> Chained:
    """The cover and the entries, each with its digest and the one before it. The order is the order given."""
    return more(Chained(_plain({"format": FORMAT, **cover}), (), {}), found)


def more(sealed: Chained, found: Iterable[Evidence]) -> Chained:
    """The same chain with further entries at its end."""
    entries, papers, previous = list(sealed.entries), dict(sealed.papers), sealed.head
    for number, one in enumerate(found, start=len(entries) + 1):
        files = []
        for paper in one.papers:
            name = _safe_name(number, paper.name, papers)
            papers[name] = paper.content
            files.append({"name": name, "bytes": len(paper.content), "sha256": sha256(paper.content).hexdigest()})
        bare = _plain(
            {
                "number": number,
                "kind": one.kind,
                "on": one.on,
                "at": one.at,
                "text": one.text,
                "facts": one.facts,
                "files": files,
                "previous": previous,
            }
        )
        previous = chain_digest(bytes.fromhex(previous), bare)
        entries.append({**bare, "digest": previous})
    return Chained(sealed.cover, tuple(entries), papers)


def packed(sealed: Chained) -> bytes:
    """The archive: evidence.json and the papers, nothing compressed, the same bytes for the same content."""
    document = {"cover": sealed.cover, "entries": list(sealed.entries), "head": sealed.head}
    return _archive({JSON_NAME: _text(document), **sealed.papers})


def faults(archive: bytes) -> list[Fault]:
    """Everything that is wrong with the bundle, the entry that was changed first at the front; empty when all is well.

    It never raises, whatever the bytes are. What it cannot see is a bundle that was made anew as a whole: compare the
    head with the one that was told when it was handed over."""
    try:
        parts = _parts(archive)
    except (zipfile.BadZipFile, struct.error, ValueError, OSError, NotImplementedError, EOFError):
        return [Fault(None, "archive", "The file is no readable archive, or its directory was changed.")]
    raw = parts.pop(JSON_NAME, None)
    if raw is None:
        return [Fault(None, JSON_NAME, f"{JSON_NAME} is missing.")]
    try:
        document = json.loads(raw.decode("utf-8"))
        cover, entries, head = document["cover"], document["entries"], document["head"]
        found = [*_chain_faults(cover, entries, head), *_paper_faults(entries, parts)]
        same_text = _text(document) == raw
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Refusal):
        return [Fault(None, JSON_NAME, f"{JSON_NAME} cannot be read as a bundle: it was changed or cut off.")]
    if not same_text:
        found.append(Fault(None, JSON_NAME, f"{JSON_NAME} is not written as a bundle writes it: its text was changed."))
    if not found and _archive({JSON_NAME: raw, **parts}) != archive:
        found.append(Fault(None, "archive", "The archive around the files was changed."))
    return sorted(found, key=_place)


def _place(fault: Fault) -> tuple[bool, int]:
    return (False, fault.entry) if isinstance(fault.entry, int) else (True, 0)  # a changed number may be anything


def contents(archive: bytes) -> Mapping[str, Any]:
    """The JSON of a bundle that has no faults."""
    document: Mapping[str, Any] = json.loads(_parts(archive)[JSON_NAME].decode("utf-8"))
    return document


def _chain_faults(cover: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], head: str) -> Iterable[Fault]:
    previous = chain_digest(None, cover)
    for number, entry in enumerate(entries, start=1):
        bare = {name: value for name, value in entry.items() if name != "digest"}
        if chain_digest(bytes.fromhex(entry["previous"]), bare) != entry["digest"]:
            yield Fault(number, "entry", f"Entry {number} ({entry['kind']}, {entry['on']}) was changed.")
        elif entry["number"] != number:
            yield Fault(number, "entry", f"Entry {number} is missing: entry {entry['number']} stands there.")
        elif entry["previous"] != previous:
            before = f"Entry {number - 1}" if number > 1 else "The cover"
            yield Fault(number - 1, "entry", f"{before} was changed: entry {number} was made after another one.")
        previous = entry["digest"]
    if head != previous:
        last = len(entries)
        yield Fault(last, "entry", f"The chain should not end with entry {last}: it was changed or cut.")


def _paper_faults(entries: Sequence[Mapping[str, Any]], parts: Mapping[str, bytes]) -> Iterable[Fault]:
    named = set()
    for entry in entries:
        for file in entry["files"]:
            name = file["name"]
            named.add(name)
            content = parts.get(name)
            if content is None:
                yield Fault(entry["number"], name, f"{name}, which entry {entry['number']} names, is missing.")
            elif (len(content), sha256(content).hexdigest()) != (file["bytes"], file["sha256"]):
                yield Fault(entry["number"], name, f"{name}, which entry {entry['number']} names, was changed.")
    for name in parts.keys() - named:
        yield Fault(None, name[:80], f"{name[:80]!r} was added: no entry names it.")


def _parts(archive: bytes) -> dict[str, bytes]:
    """The files by name, straight from the bytes: a wrong check sum must not keep us from naming what was changed."""
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for info in opened.infolist():
            if info.compress_type != zipfile.ZIP_STORED or info.filename in found:
                raise ValueError(info.filename)
            head = archive[info.header_offset : info.header_offset + _LOCAL_HEADER]
            name_length, extra_length = struct.unpack("<26xHH", head)
            start = info.header_offset + _LOCAL_HEADER + name_length + extra_length
            found[info.filename] = archive[start : start + info.file_size]
    return found


def _archive(parts: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts):
            info = zipfile.ZipInfo(name, _FIRST_DAY)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, parts[name])
    return made.getvalue()


def _text(document: object) -> bytes:
    return (json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(canonical_json(_exact(value)))
    return plain


def _exact(value: Any) -> Any:
    """The same value with figures from foreign files, which may be no exact ones, as the text they were written in."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {str(name): _exact(held) for name, held in value.items()}
    return [_exact(held) for held in value] if isinstance(value, list | tuple) else value


def _safe_name(number: int, wish: str, taken: Mapping[str, bytes]) -> str:
    """A name that is safe on every disk (D73): the entry's number, then ASCII letters, digits, dots and dashes."""
    if wish == PDF_NAME:
        return PDF_NAME
    stem, dot, ending = wish.rpartition(".")
    bare = re.sub(r"[^A-Za-z0-9-]+", "-", stem or ending).strip("-")[:60] or "paper"
    kind = re.sub(r"[^a-z0-9]", "", ending.lower())[:5] if dot else "bin"
    name, again = f"papers/{number:04}-{bare}.{kind or 'bin'}", 1
    while name in taken:
        again += 1
        name = f"papers/{number:04}-{bare}-{again}.{kind or 'bin'}"
    return name
