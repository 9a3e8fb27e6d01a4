"""Puts the evidence bundle of a handover together: one archive with a PDF, a JSON chain and every paper (F35).

It reads what happened, renders the documents that are not kept as files, seals everything and keeps the archive. Each
making is a row of its own; none is ever replaced."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import structlog
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from collections_app.audit.record import record
from collections_app.lib.errors import Refusal
from customers.queries.clock import business_day
from dunning.actions import BUNDLE_MADE
from dunning.models import EvidenceBundle, Handover
from dunning.queries.evidence import Scope, from_above, in_order, moment, person, scope_of, up_to
from dunning.queries.evidence_interest import interest_evidence
from dunning.queries.evidence_ledger import ledger_evidence, word_evidence
from dunning.queries.evidence_messages import message_evidence
from dunning.queries.evidence_records import record_evidence
from dunning.queries.handovers import items_of, still_open
from dunning.rules.evidence import PDF_NAME, Chained, Evidence, Paper, chained, more, packed
from dunning.rules.facts import claim_of
from dunning.services.compose_evidence import evidence_pdf
from invoices.documents.invoice import invoice_pdf
from invoices.documents.names import document_name
from invoices.documents.pdf import PdfRefused
from invoices.documents.statement import statement_pdf
from invoices.models import Invoice
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.statement import statement_of

log = structlog.get_logger("collections.evidence")

LEASE = timedelta(minutes=20)  # a process that took a bundle and is gone gives it back after that


def make_bundle(*, handover: Handover, now: datetime, actor: AbstractBaseUser | None, by: str = "") -> EvidenceBundle:
    """The new bundle, told up to the entity's business day. Raises PdfRefused when its documents cannot be written."""
    found = Handover.objects.select_related("customer", "entity", "approved_by", "proposed_by").get(pk=handover.pk)
    until = business_day(found.entity)
    sealed = _sealed(found, until, now, actor)
    archive = packed(sealed)
    name = f"evidence-{found.customer_id}-{found.pk}-{now:%Y%m%d%H%M%S}.zip"
    with transaction.atomic():
        made = EvidenceBundle(
            handover=found, digest=sha256(archive).hexdigest(), head=sealed.head, entries=len(sealed.entries),
            size=len(archive), made_at=now, made_by_id=None if actor is None else actor.pk,
        )  # fmt: skip
        made.file.save(name, ContentFile(archive), save=False)
        made.save()
        Handover.objects.filter(pk=found.pk).update(bundle_wanted_at=None, bundle_problem="")
        record(
            BUNDLE_MADE, found, actor=actor, by=by, bundle=made.pk, digest=made.digest, head=made.head,
            entries=made.entries,
        )  # fmt: skip
    return made


def make_wanted_bundles(*, now: datetime, limit: int = 20) -> int:
    """How many bundles that somebody waits for were made. What fails says why on the handover, and is not tried again
    until somebody asks anew."""
    made = 0
    for _ in range(limit):
        handover = _next_wanted(now)
        if handover is None:
            break
        try:
            make_bundle(handover=handover, now=now, actor=None, by="dunning")
            made += 1
        except Refusal as refused:
            _give_up(handover, refused.sentence)
        except Exception as error:  # a fault of ours must be seen on the page, and must not stop the others
            log.exception("bundle_not_made", handover=handover.pk)
            _give_up(handover, f"The program failed while putting it together: {type(error).__name__}. Ask again.")
    return made


@transaction.atomic
def _next_wanted(now: datetime) -> Handover | None:
    """The one wanted longest, taken: its moment moves into the future, so that no other process takes it as well."""
    waiting = Handover.objects.filter(Q(bundle_wanted_at__lte=now)).order_by("bundle_wanted_at")
    found = waiting.select_for_update(skip_locked=True).first()
    if found is not None:
        Handover.objects.filter(pk=found.pk).update(bundle_wanted_at=now + LEASE)
    return found


def _give_up(handover: Handover, sentence: str) -> None:
    Handover.objects.filter(pk=handover.pk).update(bundle_wanted_at=None, bundle_problem=sentence[:250])


def _sealed(handover: Handover, until: date, now: datetime, actor: AbstractBaseUser | None) -> Chained:
    scope = scope_of(handover, until=until)
    booked = up_to(until, [*ledger_evidence(scope), *word_evidence(scope)])
    told = [*booked, *message_evidence(scope), *from_above(scope)]
    rows = [str(one.facts["row"]) for one in told if "row" in one.facts]
    told += [*interest_evidence(scope), *record_evidence(scope, handover, rows)]
    ordered = in_order(_with_documents(told, scope))
    cover = _cover(handover, until, now, actor)
    sealed = chained(cover, [*ordered, _statement(scope)])
    last = Evidence(
        "summary", until, moment(now), "Put together: the readable document over everything above",
        {"entries": len(sealed.entries), "papers": len(sealed.papers)}, (Paper(PDF_NAME, evidence_pdf(sealed)),),
    )  # fmt: skip
    return more(sealed, [last])


def _cover(handover: Handover, until: date, now: datetime, actor: AbstractBaseUser | None) -> dict[str, Any]:
    customer, entity = handover.customer, handover.entity
    claims = _claims(handover, until)
    return {
        "title": "Evidence of a debt",
        "currency": handover.currency,
        "total": sum((claim["open"] for claim in claims), Decimal(0)),
        "until": until,
        "made_at": moment(now),
        "made_by": person(actor),
        "creditor": {name: getattr(entity, name) for name in ("code", "name", "address", "country", "vat_id", "email")},
        "customer": {name: getattr(customer, name) for name in ("number", "name", "address", "country", "vat_id")},
        "claims": claims,
        "handover": {
            "number": handover.pk,
            "kind": handover.get_kind_display(),
            "recipient": handover.recipient,
            "reason": handover.reason,
            "proposed_on": handover.proposed_on,
            "proposed_by": person(handover.proposed_by) or "the policy",
            "approved_by": person(handover.approved_by),
            "approved_at": moment(handover.approved_at),
        },
    }


def _claims(handover: Handover, until: date) -> list[dict[str, Any]]:
    opened = still_open(handover, as_of=until)
    return [
        {
            "number": item.number,
            "kind": item.invoice.kind,
            "issued_on": item.invoice.issued_on,
            "due_on": item.due_on,
            "amount": item.instalment.amount if item.instalment else item.invoice.total,
            "open": _open_of(opened, claim_of(item.invoice_id, item.instalment_id)),
        }
        for item in items_of(handover)
    ]


def _open_of(opened: Mapping[str, Any], name: str) -> Decimal:
    claim = opened.get(name)
    return claim.open if claim is not None else Decimal(0)


def _with_documents(told: Iterable[Evidence], scope: Scope) -> Iterable[Evidence]:
    """The entries, those of invoices with the document as the customer gets it."""
    invoices = Invoice.objects.select_related("customer", "entity").in_bulk(scope.invoice_ids)
    opened = open_amount_now(invoices)
    for one in told:
        kind, _, pk = str(one.facts.get("row", "")).partition(" ")
        invoice = invoices.get(int(pk)) if kind == "invoices.invoice" and one.kind == "document" else None
        yield one if invoice is None else _with_paper(one, invoice, opened[invoice.pk])


def _with_paper(one: Evidence, invoice: Invoice, still: Decimal) -> Evidence:
    language = invoice.customer.language or invoice.entity.language
    try:
        content = invoice_pdf(invoice, open_amount=still, language=language)
    except PdfRefused as refused:
        return replace(one, facts={**one.facts, "paper_missing": refused.sentence})
    return replace(one, papers=(Paper(document_name("Invoice", invoice.number), content),))


def _statement(scope: Scope) -> Evidence:
    statement = statement_of(scope.customer, from_on=scope.since, as_of=scope.until)
    text = "Statement of the whole account, for the claims in their surroundings"
    told: dict[str, Any] = {"from": scope.since, "as_of": scope.until, "postings": statement.lines}
    try:
        papers: tuple[Paper, ...] = (Paper("Statement of account.pdf", statement_pdf(statement, language="en")),)
    except PdfRefused as refused:
        papers, told = (), {**told, "paper_missing": refused.sentence}
    return Evidence("statement", scope.until, "", text, told, papers)
