"""The evidence bundle as data: what it is made of, and that no byte of it can change unseen."""

import io
import json
import random
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from dunning.rules.evidence import (
    JSON_NAME,
    Chained,
    Evidence,
    Paper,
    chained,
    contents,
    faults,
    more,
    packed,
)
from dunning.rules.mail_source import mail_source

DAY = date(2026, 3, 2)


def evidence(text: str, *papers: Paper) -> Evidence:
    return Evidence("notice", DAY, "2026-03-02T08:00:00+00:00", text, {"amount": Decimal("10.50"), "on": DAY}, papers)


@pytest.fixture
def sealed() -> Chained:
    first = evidence("First reminder", Paper("../../First reminder.eml", b"Subject: pay\r\n\r\nplease"))
    return more(
        chained({"customer": "C1", "made_on": DAY}, [first, evidence("Call"), evidence("Final letter")]),
        [evidence("Summary", Paper("evidence.pdf", b"%PDF-1.7 all of it"))],
    )


def changed(archive: bytes, change: object, name: str = JSON_NAME) -> bytes:
    """The archive packed anew with one file changed by the function, as somebody with a ZIP program would."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as before, zipfile.ZipFile(made, "w") as after:
        for info in before.infolist():
            content = before.read(info)
            after.writestr(info, change(content) if info.filename == name else content)  # type: ignore[operator]
    return made.getvalue()


def edited(archive: bytes, edit: object) -> list[object]:
    def rewrite(raw: bytes) -> bytes:
        document = json.loads(raw)
        edit(document)  # type: ignore[operator]
        return (json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()

    return [(fault.entry, fault.part) for fault in faults(changed(archive, rewrite))]


def test_a_bundle_as_it_was_made_has_no_faults_and_says_what_was_put_in(sealed: Chained) -> None:
    archive = packed(sealed)
    assert faults(archive) == []
    told = contents(archive)
    assert [entry["text"] for entry in told["entries"]] == ["First reminder", "Call", "Final letter", "Summary"]
    assert told["entries"][0]["facts"] == {"amount": "10.50", "on": "2026-03-02"}
    assert told["head"] == sealed.head == told["entries"][-1]["digest"]


def test_the_same_content_makes_the_same_bytes(sealed: Chained) -> None:
    assert packed(sealed) == packed(sealed)


def test_d73_papers_get_safe_names_with_the_number_of_their_entry(sealed: Chained) -> None:
    odd = more(
        sealed,
        [evidence("x", *(Paper(n, b"x") for n in ("\u202egnp.exe\x00", "a" * 300 + ".pdf", "ä/.././", "ä/.././")))],
    )
    names = sorted(odd.papers.keys() - sealed.papers.keys())
    assert names == [
        "papers/0005-" + "a" * 60 + ".pdf", "papers/0005-gnp.exe", "papers/0005-paper-2.bin", "papers/0005-paper.bin",
    ]  # fmt: skip
    assert "papers/0001-First-reminder.eml" in sealed.papers


def test_every_single_byte_that_changes_is_found(sealed: Chained) -> None:
    archive = packed(sealed)
    for place in range(len(archive)):
        tampered = bytearray(archive)
        tampered[place] ^= 0x01
        assert faults(bytes(tampered)), f"byte {place} of {len(archive)} changed unseen"


def test_bytes_cut_off_or_put_behind_are_found(sealed: Chained) -> None:
    archive = packed(sealed)
    for broken in (b"", archive[:-1], archive[:200], archive + b"\n", b"PK" + archive, archive[::-1]):
        assert faults(broken)


def test_the_entry_whose_words_were_changed_is_named(sealed: Chained) -> None:
    def edit(document: dict[str, list[dict[str, str]]]) -> None:
        document["entries"][1]["text"] = "Call, nobody there"

    assert edited(packed(sealed), edit) == [(2, "entry")]


def test_the_first_of_several_changed_entries_stands_in_front(sealed: Chained) -> None:
    def edit(document: dict[str, list[dict[str, str]]]) -> None:
        document["entries"][2]["on"] = "2026-01-01"
        document["entries"][1]["kind"] = "call"

    assert edited(packed(sealed), edit)[0] == (2, "entry")


def test_an_entry_changed_together_with_its_digest_is_named(sealed: Chained) -> None:
    other = chained(
        {"customer": "C1", "made_on": DAY},
        [evidence("Something milder", Paper("../../First reminder.eml", b"Subject: pay\r\n\r\nplease"))],
    )

    def edit(document: dict[str, list[object]]) -> None:
        document["entries"][0] = dict(other.entries[0])

    assert edited(packed(sealed), edit) == [(1, "entry")]


def test_a_changed_cover_an_entry_taken_out_and_a_cut_end_are_found(sealed: Chained) -> None:
    def cover(document: dict[str, dict[str, str]]) -> None:
        document["cover"]["customer"] = "C2"

    def taken_out(document: dict[str, list[object]]) -> None:
        del document["entries"][1]

    def cut(document: dict[str, list[object]]) -> None:
        del document["entries"][2:]

    assert edited(packed(sealed), cover) == [(0, "entry")]
    assert edited(packed(sealed), taken_out)[0] == (2, "entry")
    assert edited(packed(sealed), cut)[0] == (2, "entry")


def test_a_changed_missing_or_added_paper_names_the_entry_it_belongs_to(sealed: Chained) -> None:
    archive, name = packed(sealed), "papers/0001-First-reminder.eml"
    assert [fault.entry for fault in faults(changed(archive, lambda raw: raw + b" now", name))] == [1]
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as before, zipfile.ZipFile(made, "w") as after:
        for info in before.infolist():
            if info.filename != name:
                after.writestr(info, before.read(info))
        after.writestr("papers/0009-forged.pdf", b"forged")
    found = faults(made.getvalue())
    assert [(fault.entry, fault.part) for fault in found] == [(1, name), (None, "papers/0009-forged.pdf")]


def test_spaces_in_the_json_and_numbers_that_are_no_exact_figures_are_found(sealed: Chained) -> None:
    archive = packed(sealed)
    assert faults(changed(archive, lambda raw: raw.replace(b'"cover": {', b'"cover":  {')))
    assert faults(changed(archive, lambda raw: raw.replace(b'"10.50"', b"10.50")))
    assert faults(changed(archive, lambda raw: b"[]"))
    assert faults(changed(archive, lambda raw: b"\xff\xfe" + raw))


def test_compressed_archives_and_random_bytes_are_no_bundles_and_no_crash(sealed: Chained) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(JSON_NAME, "0" * 100_000)
    assert faults(made.getvalue())
    noise = random.Random(4)
    for _ in range(200):
        assert faults(noise.randbytes(noise.randint(0, 300)))


def test_d84_a_mail_source_carries_its_headers_and_no_forged_ones() -> None:
    headers = {
        "From": "Nordwind <a@nordwind.example>",
        "To": "pat@example.com",
        "Subject": "Pay\r\nBcc: x@evil.example",
        "Message-ID": "<notice.1@nordwind.example>",
    }
    moment = datetime(2026, 3, 2, 8, tzinfo=UTC)
    source = mail_source(
        headers=headers, moment=moment, text="Grüße", html="<p>Grüße</p>", note="from the stored words"
    )
    assert b"\r\nBcc:" not in source
    assert b"Message-ID: <notice.1@nordwind.example>" in source
    assert b"Date: Mon, 02 Mar 2026 08:00:00 +0000" in source
    assert "Grüße".encode() in source
    again = mail_source(headers={"Subject": "x"}, moment=None, text="a", html="b")
    assert again == mail_source(headers={"Subject": "x"}, moment=None, text="a", html="b")


def test_whatever_stands_where_a_number_belongs_is_told_and_raises_nothing(sealed: Chained) -> None:
    def edit(document: dict[str, Any]) -> None:
        document["entries"][0]["number"] = "one"
        document["entries"][0]["files"][0]["sha256"] = "x"
        document["entries"][1]["text"] = "Nobody called"

    assert (1, "entry") in edited(packed(sealed), edit)
