"""The evidence bundle of a whole conversation: everything is in it, and nothing of it changes unseen."""

import json
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from customers.models import TrackingEvent
from customers.services.stop_credit import stop_credit
from dunning.models import EvidenceBundle, Handover, InboundMessage, Policy
from dunning.rules.evidence import contents, faults
from dunning.services.approve_handover import approve_handover
from dunning.services.hand_over import hand_over
from dunning.services.make_bundle import make_bundle, make_wanted_bundles
from dunning.services.propose_due_handovers import propose_due_handovers
from invoices.models import CurrencyRules, Invoice
from invoices.services.issue_credit_note import issue_credit_note
from invoices.services.make_promise import make_promise
from invoices.services.open_dispute import open_dispute
from tests import factories
from tests.conftest import Cast
from tests.dunning.conftest import NOON
from tests.dunning.handovers import sent_notice
from worklist.services.log_activity import log_activity

DAY = factories.DAY
HOSTILE = "<script>alert(1)</script><img src=file:///etc/passwd>"


def days(before: int) -> Any:
    return DAY - timedelta(days=before)


@pytest.fixture
def handover(policy: Policy, cast: Cast, settings: Any, tmp_path: Path) -> Handover:
    """Debts of a customer with a history, handed over to an agency today."""
    settings.MEDIA_ROOT = tmp_path
    CurrencyRules.objects.create(currency="EUR", approval_over=Decimal(10_000))
    who = factories.customer(name=f"Meyer {HOSTILE}", address="Kai 1\n20457 Hamburg")
    first = factories.invoice(
        who, "1190.00", due_on=days(80), number="NW-1001", lines=[{"text": "Rope", "amount": 1190.0}]
    )
    second = factories.invoice(who, "300.00", due_on=days(75), number="NW-1002")
    sent_notice(policy, who, first, second, position=2, on=days(70), given=7)
    factories.payment(who, "190.00", received_on=days(60), shares=[(first, Decimal(190))])
    make_promise(
        customer=who, items=[(first, Decimal(500))], promised_on=days(50), made_on=days(55), note="On the phone",
        actor=cast.collector,
    )  # fmt: skip
    open_dispute(invoice=second, amount=Decimal(50), reason="quality", text=HOSTILE, opened_on=days(54), actor=None)
    log_activity(
        customer=who, kind="call", outcome="reached", text=f"Says they pay. {HOSTILE}",
        happened_on=days(53), actor=cast.collector,
    )  # fmt: skip
    letter = ContentFile(b"%PDF-1.7 the letter", name="final.pdf")
    sent_notice(policy, who, first, second, position=6, on=days(15), letter=letter)
    TrackingEvent.objects.create(
        provider="test", event_id="e1", kind="delivered", message_id=f"notice.{first.pk}.2@collections.example",
        recipient="ap@customer.example", happened_at=datetime(2025, 12, 23, 9, tzinfo=UTC),
    )  # fmt: skip
    raw = b"Subject: Re: reminder\r\n\r\nWe pay soon"
    InboundMessage.objects.create(
        account="in", message_id="m1", content_digest="0" * 64, kind="person", customer=who, raw=raw, raw_size=len(raw),
        from_address="pat@meyer.example", subject="Re: reminder", text="We pay soon", said="We pay soon",
        received_at=datetime(2026, 1, 10, 9, tzinfo=UTC),
    )  # fmt: skip
    stop_credit(customer=who, since=days(2), reason="Over 60 days late", actor=cast.lead)
    Policy.objects.filter(pk=policy.pk).update(end_action="agency")
    policy.refresh_from_db()
    propose_due_handovers(policy=policy, on=DAY)
    found = approve_handover(handover=Handover.objects.get(), on=DAY, recipient="Inkasso Nord", actor=cast.lead)
    return hand_over(handover=found, on=DAY, actor=cast.lead)


@pytest.fixture
def bundle(handover: Handover) -> EvidenceBundle:
    return make_bundle(handover=handover, now=NOON, actor=None, by="test")


def archive_of(bundle: EvidenceBundle) -> bytes:
    with bundle.file.open() as file:
        return bytes(file.read())


def test_f35_the_bundle_tells_everything_that_happened_in_order(bundle: EvidenceBundle) -> None:
    archive = archive_of(bundle)
    assert faults(archive) == []
    told = contents(archive)
    kinds = [entry["kind"] for entry in told["entries"]]
    for kind in ("document", "notice", "delivery", "payment", "allocation", "promise", "dispute", "call", "message",
                 "credit", "interest", "audit", "statement", "summary"):  # fmt: skip
        assert kind in kinds, kind
    dates = [entry["on"] for entry in told["entries"][:-2]]
    assert dates == sorted(dates)
    assert told["cover"]["total"] == "1300.0000"
    assert [claim["number"] for claim in told["cover"]["claims"]] == ["NW-1001", "NW-1002"]
    assert (bundle.head, bundle.entries) == (told["head"], len(told["entries"]))


def test_f35_the_papers_are_the_documents_letters_and_mails_themselves(bundle: EvidenceBundle) -> None:
    with zipfile.ZipFile(BytesIO(archive_of(bundle))) as archive:
        names = archive.namelist()
        mails = [name for name in names if name.endswith(".eml")]
        sources = b"".join(archive.read(name) for name in mails)
        pdf = archive.read("evidence.pdf")
    assert sum("Invoice-NW-100" in name for name in names) == 2
    assert any("Statement" in name for name in names)
    assert b"Message-ID: <notice." in sources
    assert b"Auto-Submitted: auto-generated" in sources
    assert b"Subject: Re: reminder" in sources
    assert pdf.startswith(b"%PDF")
    assert all("/" not in name.removeprefix("papers/") and name.isascii() for name in names)


def test_d63_d66_scripts_and_files_named_in_texts_stay_words(bundle: EvidenceBundle) -> None:
    with zipfile.ZipFile(BytesIO(archive_of(bundle))) as archive:
        pdf = archive.read("evidence.pdf")
    assert b"root:" not in pdf
    assert b"/JavaScript" not in pdf


def test_f35_one_changed_byte_of_any_part_is_found_and_named(bundle: EvidenceBundle) -> None:
    archive = archive_of(bundle)
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        infos = opened.infolist()
    for info in infos:
        place = info.header_offset + 30 + len(info.filename) + info.file_size // 2
        tampered = bytearray(archive)
        tampered[place] ^= 0x01
        found = faults(bytes(tampered))
        assert found, info.filename
        if info.filename != "evidence.json":
            assert found[0].part == info.filename
            assert found[0].entry is not None


def test_f35_verify_bundle_needs_no_database_and_says_what_was_changed(bundle: EvidenceBundle, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole.zip", tmp_path / "broken.zip"
    whole.write_bytes(archive_of(bundle))
    changed = archive_of(bundle).replace(b"Says they pay.", b"Says they won.", 1)
    broken.write_bytes(changed)
    out = StringIO()
    call_command("verify_bundle", str(whole), "--head", bundle.head, "--format", "json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["ok"], told["head"], told["entries"]) == (True, bundle.head, bundle.entries)
    with pytest.raises(SystemExit):
        call_command("verify_bundle", str(whole), "--head", "0" * 64, stdout=StringIO())
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_bundle", str(broken), "--format", "json", stdout=out)
    first = json.loads(out.getvalue())["problems"][0]
    assert first["entry"] is not None
    assert "call" in first["sentence"]


def test_the_sweep_makes_what_is_wanted_once(handover: Handover) -> None:
    later = NOON + timedelta(days=400)
    assert make_wanted_bundles(now=later) == 1
    assert make_wanted_bundles(now=later) == 0
    handover.refresh_from_db()
    assert handover.bundle_wanted_at is None
    assert handover.bundles.count() == 1


def test_credit_notes_and_what_came_after_the_last_day_are_told_or_left_out(handover: Handover) -> None:
    invoice = Invoice.objects.get(number="NW-1001")
    issue_credit_note(
        entity=invoice.entity, customer=invoice.customer, number="CN-1", issued_on=days(3), total=Decimal(100),
        currency="EUR", corrects=invoice, by="test",
    )  # fmt: skip
    factories.payment(invoice.customer, "77.00", received_on=DAY + timedelta(days=1))
    made = make_bundle(handover=handover, now=NOON, actor=None)
    texts = [entry["text"] for entry in contents(archive_of(made))["entries"]]
    assert any("CN-1" in text for text in texts)
    assert not any("77.00" in text for text in texts)
