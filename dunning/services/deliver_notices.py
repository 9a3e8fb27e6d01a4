"""Delivers due notices: claim, look again at the facts of the whole batch, write the words, hand over, record.

The order and the promises are `customers.services.deliver`'s; this file only knows what a notice is. A notice of a
policy that is switched off stays in the queue: switching off is the brake."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q, prefetch_related_objects

from collections_app.lib.errors import Refusal
from customers.changes import announce
from customers.channels.parcel import Outcome, Refused, Uncertain
from customers.models import Customer, DeliveryState, LegalEntity
from customers.queries.clock import business_day
from customers.services.deliver import DeliveryCounts, Postponement, Withdrawal, deliver_due, sweep
from dunning.channels.base import Message
from dunning.models import Notice, NoticeItem, Policy
from dunning.queries.facts import Person, facts_about
from dunning.queries.policies import channel, policy_facts
from dunning.queries.stale_data import stale_entities
from dunning.rules.facts import Account, Decision, PolicyFacts, claim_of
from dunning.rules.look_again import look_again
from dunning.rules.sentences import sentence
from dunning.rules.staleness import guarded
from dunning.rules.timing import send_at
from dunning.services.compose import Composed, Figures, compose, sample_link, sender_of
from dunning.services.start_due import any_hour
from invoices.documents.pdf import PdfRefused, render_pdf
from invoices.models import PayLink
from invoices.services.create_pay_link import create_pay_link

log = structlog.get_logger("collections.dunning")


def deliver_notices(*, now: Callable[[], datetime], limit: int = 20, seconds: float = 240) -> DeliveryCounts:
    """What came of all due notices of policies that are on; stops after `seconds` even if more are due.

    First gives back or marks unknown what dead processes held. Must be called outside a transaction."""
    sweep(model=Notice, now=now())
    counts, until = DeliveryCounts(), time.monotonic() + seconds
    while time.monotonic() < until:
        batch = _Batch(now)
        came = deliver_due(
            model=Notice, look_again=batch.look_again, send=batch.send, now=now, limit=limit,
            only=Q(policy__is_active=True),
        )  # fmt: skip
        announce(batch.customer_ids)
        counts = DeliveryCounts(*(a + b for a, b in zip(_numbers(counts), _numbers(came), strict=True)))
        if not batch.customer_ids:
            break
    return counts


def look_at(notices: Sequence[Notice], *, on: Mapping[int, date]) -> dict[int, tuple[Decision, Person]]:
    """By notice id what would become of it now, and the person it goes to; a few statements per policy and run.

    `on` is the business day per policy id. Serves the sending and the preview alike."""
    groups: dict[tuple[int, int], list[Notice]] = defaultdict(list)
    for notice in notices:
        groups[notice.policy_id, notice.run_id].append(notice)
    policies = Policy.objects.select_related("entity").prefetch_related("steps").in_bulk({pk for pk, _ in groups})
    claims: defaultdict[int, set[str]] = defaultdict(set)
    items = NoticeItem.objects.filter(notice__in=notices).values_list("notice_id", "invoice_id", "instalment_id")
    for notice_id, invoice_id, instalment_id in items:
        claims[notice_id].add(claim_of(invoice_id, instalment_id))
    merged = set(Customer.objects.filter(pk__in=[row.customer_id for row in notices], merged_into__isnull=False)
                 .values_list("pk", flat=True))  # fmt: skip
    seen: dict[int, tuple[Decision, Person]] = {}
    for (policy_id, run_id), members in groups.items():
        policy = policies[policy_id]
        day = on.get(policy_id) or business_day(policy.entity)
        facts = facts_about(policy, {row.customer_id for row in members}, day, same_contact_runs=[run_id])
        accounts = {(account.customer_id, account.currency): account for account in facts.accounts}
        rule, stale = policy_facts(policy), stale_entities(day)
        for row in members:
            account = accounts.get((row.customer_id, row.currency))
            judged = _judged(row, rule, account, claims[row.pk], day)
            person = facts.people[row.customer_id]
            seen[row.pk] = (Decision("merged", {}) if row.customer_id in merged else guarded(judged, stale), person)
    return seen


def _judged(row: Notice, rule: PolicyFacts, account: Account | None, claims: set[str], day: date) -> Decision:
    step = next((step for step in rule.steps if step.position == row.step_position), None)
    if step is None:
        return Decision("step_changed", {})
    return look_again(rule, account, step=step, channel=row.channel, cycle=row.cycle, claims=claims, on=day)


class _Batch:
    """The rows claimed together, with what the second look found for each."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.customer_ids: set[int] = set()
        self._decisions: dict[int, tuple[Decision, Person]] = {}
        self._days: dict[int, date] = {}
        self._sellers: Mapping[int, LegalEntity] = {}

    def look_again(self, rows: Sequence[Notice]) -> dict[int, Withdrawal | Postponement]:
        self.customer_ids |= {row.customer_id for row in rows}
        self._days = _business_days(rows)
        self._decisions = look_at(rows, on=self._days)
        self._sellers = LegalEntity.objects.in_bulk()
        found: dict[int, Withdrawal | Postponement] = {}
        at_once = any_hour()
        prefetch_related_objects(rows, "policy")
        for row in rows:
            decision, person = self._decisions[row.pk]
            if not decision.proposes:
                text = sentence(decision.code, decision.facts, row.currency)
                found[row.pk] = Withdrawal(decision.code, text)
                continue
            if not at_once and (opens := self._opens(row, person)) > self.now():
                found[row.pk] = Postponement(opens)
                continue
            row.to_address = person.email if row.channel == "email" else ""
            row.contact_id = person.contact_id
            row.message_id = f"notice.{row.pk}.{row.claim_token.hex if row.claim_token else 0}@{_domain()}"
        prefetch_related_objects(rows, "customer", "contact", "entity", "template", "step")
        return found

    def _opens(self, row: Notice, person: Person) -> datetime:
        """From when it may leave: a worker that was away, or a second try, must not ring in the evening (D43)."""
        return send_at(
            on=row.as_of, now=self.now(), send_hour=row.policy.send_hour, time_zone=person.time_zone,
            region=person.region,
        )  # fmt: skip

    def send(self, row: Notice) -> Outcome:
        decision, _ = self._decisions[row.pk]
        figures = Figures(decision.items, decision.amount, decision.credits, self._days[row.policy_id])
        try:
            adapter = channel(row.channel)
            composed, link, address = self._written(row, figures)
            pdf = render_pdf(composed.html) if adapter.prints else b""
        except PdfRefused as refused:
            return Refused(refused.code, refused.sentence, permanent=refused.code != "pdf_engine_missing")
        except Refusal as refused:
            return Refused(refused.code, refused.sentence, permanent=True)
        except Exception as error:  # a fault of ours before anything left is certain: try again, and say so
            log.exception("notice_not_written", notice=row.pk)
            return Refused("program_fault", f"The program failed while writing this notice: {type(error).__name__}.")
        try:
            kept = _kept(row, figures, _without(composed, address), link, pdf, decision.cycle)
        except IntegrityError:  # the invoice that leads now had this very step already
            return Refused("already_sent", f"“{row.step_name}” has been sent for this debt already.", permanent=True)
        if not kept:
            return Uncertain("claim_lost", "Another process took this message over while it was being written.")
        message = Message(
            row.to_address, composed.subject, composed.text, composed.html, sender_of(row.entity), row.entity.email,
            row.message_id, pdf,
        )  # fmt: skip
        return adapter.deliver(message)

    def _written(self, row: Notice, figures: Figures) -> tuple[Composed, PayLink | None, str]:
        link, address = None, ""
        if channel(row.channel).written:
            link, address = create_pay_link(
                purpose=PayLink.Purpose.ACCOUNT, customer=row.customer, language=row.language, sent_to=row.to_address,
                now=self.now(), by="dunning",
            )  # fmt: skip
        return compose(row, figures, link=address, sellers=self._sellers), link, address


def _without(composed: Composed, address: str) -> Composed:
    """The words as colleagues may read them later: the link stays a secret between us and the payer (W5)."""
    if not address:
        return composed
    text, html = (words.replace(address, sample_link()) for words in (composed.text, composed.html))
    return composed._replace(text=text, html=html)


@transaction.atomic
def _kept(row: Notice, figures: Figures, composed: Composed, link: PayLink | None, pdf: bytes, cycle: str) -> bool:
    """Whether the words were stored with the notice, which is only so while this process still holds it.

    `left_off` names the claims that were prepared but are not on it any more: they had no such step (R1)."""
    asked = {one.item.claim for one in figures.items}
    prepared = row.items.order_by("pk").values_list("invoice_id", "instalment_id")
    left_off = [part[0] if part[1] is None else claim_of(*part) for part in prepared if claim_of(*part) not in asked]
    kept = {
        "subject": composed.subject, "body_text": composed.text, "body_html": composed.html, "pay_by": composed.pay_by,
        "amount": figures.amount, "sent_on": figures.on, "contact": row.contact_id, "pay_link": link, "cycle": cycle,
        "decision": {**row.decision, "left_off": left_off} if left_off else row.decision,
    }  # fmt: skip
    if pdf:
        row.letter.save(f"{row.entity.code}-{row.customer_id}-{row.pk}.pdf", ContentFile(pdf), save=False)
        kept |= {"letter": row.letter.name, "letter_digest": sha256(pdf).hexdigest()}
    mine = Notice.objects.filter(pk=row.pk, state=DeliveryState.SENDING, claim_token=row.claim_token)
    return mine.update(**kept) == 1


def _business_days(rows: Iterable[Notice]) -> dict[int, date]:
    policies = Policy.objects.select_related("entity").in_bulk({row.policy_id for row in rows})
    return {pk: business_day(policy.entity) for pk, policy in policies.items()}


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"


def _numbers(counts: DeliveryCounts) -> tuple[int, ...]:
    return counts.accepted, counts.cancelled, counts.retried, counts.failed, counts.unknown, counts.postponed
