"""The notices that one process took in hand together: what the last look found, their words, and the way out of the
house. It decides neither what is due nor what becomes of a message; `customers.services.deliver` does that."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import prefetch_related_objects

from collections_app.lib.errors import Refusal
from customers.channels.parcel import Outcome, Refused
from customers.models import LegalEntity
from customers.queries.clock import business_day, business_day_in
from customers.queries.outgoing import outgoing_rules
from customers.rules.outgoing import is_allowed
from customers.services.deliver import Written
from customers.services.reserve_touches import Touch
from customers.services.settle_delivery import Postponement, Withdrawal
from dunning.channels.base import Line, Message
from dunning.models import Notice, Policy
from dunning.queries.facts import Person
from dunning.queries.late import interest_by_notice
from dunning.queries.policies import channel
from dunning.rules.facts import Decision, claim_of
from dunning.rules.fees import fee_left
from dunning.rules.sentences import sentence
from dunning.rules.templates import APOLOGY
from dunning.rules.timing import send_at
from dunning.services.compose import Composed, Figures, compose, sample_link, sender_of
from dunning.services.look_at_notices import Prepared, look_at, prepared_on
from dunning.services.start_due import any_hour
from invoices.documents.pdf import PdfRefused, render_pdf
from invoices.models import PayLink
from invoices.services.create_pay_links import LinkWish, create_account_links

# A notice for which the contact budget had no room for so many days is withdrawn; a later run looks anew.
PATIENCE = timedelta(days=7)


class Lines:
    """The open ways out, one per channel, each opened when it is first needed and closed by the given stack."""

    def __init__(self, connections: ExitStack) -> None:
        self._connections = connections
        self._open: dict[str, Line] = {}

    def deliver(self, code: str, message: Message) -> Outcome:
        """What came of handing the message to the channel."""
        if code not in self._open:
            self._open[code] = self._connections.enter_context(channel(code).open())
        return self._open[code](message)


class NoticeBatch:
    """One claimed batch. Its methods are what `deliver_due` asks for."""

    def __init__(self, now: Callable[[], datetime], lines: Lines) -> None:
        self.now, self.lines = now, lines
        self.customer_ids: set[int] = set()
        self._decisions: dict[int, tuple[Decision, Person]] = {}
        self._prepared: Prepared = {}
        self._days: dict[int, date] = {}
        self._zone_days: dict[str, date] = {}
        self._sellers: Mapping[int, LegalEntity] = {}
        self._links: dict[int, tuple[PayLink, str]] = {}
        self._leaving: dict[int, Notice] = {}  # without a link so far
        self._messages: dict[int, Message] = {}
        self._at_once = False

    def look_again(self, rows: Sequence[Notice]) -> dict[int, Withdrawal | Postponement]:
        """Which notices must not leave after all, and why, or not now; some statements for all of them (R6)."""
        self.customer_ids |= {row.customer_id for row in rows}
        self._days = _business_days(rows)
        self._prepared = prepared_on(rows)
        self._decisions = look_at(rows, on=self._days, prepared=self._prepared)
        interest = self._interest(rows)
        self._sellers = LegalEntity.objects.in_bulk()
        self._at_once, allowed = any_hour(), outgoing_rules().allowed
        found: dict[int, Withdrawal | Postponement] = {}
        prefetch_related_objects(rows, "policy")
        for row in rows:
            decision, person = self._decisions[row.pk]
            if not decision.proposes or decision.step is None:
                text = sentence(decision.code, decision.facts, row.currency)
                found[row.pk] = Withdrawal(decision.code, text)
                continue
            if not self._at_once and (opens := self._opens(row, person, row.as_of)) > self.now():
                found[row.pk] = Postponement(opens)
                continue
            row.fee_amount = fee_left(row.fee_amount, row.fee_for_id, decision.items)
            row.interest_amount = interest.get(row.pk, row.interest_amount)
            if row.stage == APOLOGY:  # it goes to those whom the mistake went to
                row.copies_to = [one for one in row.copies_to if is_allowed(one, allowed)]
            else:
                person = person.addressed(decision.step)
                row.to_address = {"email": person.email, "mobile": person.mobile}.get(channel(row.channel).needs, "")
                row.contact_id = person.contact_id
                copies = person.copies(decision.step) if row.channel == "email" else ()
                row.copies_to = [one for one in copies if is_allowed(one, allowed)]
            row.message_id = f"notice.{row.pk}.{row.claim_token.hex if row.claim_token else 0}@{_domain()}"
        prefetch_related_objects(rows, "customer", "contact", "entity", "template", "step")
        return found

    def _interest(self, rows: Sequence[Notice]) -> dict[int, Decimal]:
        """The interest so far of each notice that names it, counted anew: it may have waited for days."""
        asked = [
            (row.pk, self._days[row.policy_id], [one.item.invoice_id for one in self._decisions[row.pk][0].items])
            for row in rows
            if row.interest_amount
        ]
        return interest_by_notice(asked)

    def touch(self, row: Notice) -> Touch | None:
        """The contact this notice is; those of one run to one customer are one, whatever their currencies (R5)."""
        if row.pk not in self._links:
            self._leaving[row.pk] = row
        if not channel(row.channel).touches:
            return None
        _, person = self._decisions[row.pk]
        on = self._day_in(person.time_zone)
        tomorrow = on + timedelta(days=1)
        again_at = self.now() + timedelta(hours=1) if self._at_once else self._opens(row, person, tomorrow)
        return Touch(
            customer_id=row.customer_id, contact_id=row.contact_id, on=on, channel=row.channel, again_at=again_at,
            address=row.to_address or f"customer:{row.customer_id}", source=f"run:{row.run_id}:{row.customer_id}",
            give_up_on=row.as_of + PATIENCE,
        )  # fmt: skip

    def leaves(self, row: Notice) -> bool:
        """Whether it leaves the house: everything but a task for ourselves."""
        return channel(row.channel).leaves

    def write(self, row: Notice) -> Written | Refused:
        """The columns with the words as they will leave, kept when it is marked as sending (D44)."""
        decision, _ = self._decisions[row.pk]
        figures = Figures(decision.items, decision.amount, decision.credits, self._days[row.policy_id], decision.held)
        link, address = self._link(row)
        try:
            composed = compose(row, figures, link=address, sellers=self._sellers)
            pdf = render_pdf(composed.html) if channel(row.channel).prints else b""
        except PdfRefused as refused:
            return Refused(refused.code, refused.sentence, permanent=refused.code != "pdf_engine_missing")
        except Refusal as refused:
            return Refused(refused.code, refused.sentence, permanent=True)
        self._messages[row.pk] = _message(row, composed, pdf, address)
        asked = {one.item.claim for one in decision.items}
        left_off = [part for part in self._prepared.get(row.pk, ()) if claim_of(*part) not in asked]
        return _kept(row, figures, _without(composed, address), link, pdf, decision.cycle, left_off)

    def send(self, row: Notice) -> Outcome:
        """What the channel answered."""
        return self.lines.deliver(row.channel, self._messages.pop(row.pk))

    def _link(self, row: Notice) -> tuple[PayLink | None, str]:
        """A link made for this one try; those of the whole batch are made together."""
        if not channel(row.channel).written:
            return None, ""
        if row.pk not in self._links:
            wanting = [one for one in self._leaving.values() if channel(one.channel).written]
            wanted = [LinkWish(one.customer_id, one.language, one.to_address) for one in wanting]
            made = create_account_links(wanted=wanted, now=self.now(), by="dunning")
            self._links |= {one.pk: link for one, link in zip(wanting, made, strict=True)}
            self._leaving.clear()
        return self._links[row.pk]

    def _opens(self, row: Notice, person: Person, on: date) -> datetime:
        """From when it may leave: a worker that was away, or a second try, must not ring in the evening (D43)."""
        policy = row.policy
        return send_at(
            on=on, now=self.now(), send_hour=policy.send_hour, until_hour=policy.send_until_hour,
            time_zone=person.time_zone, region=person.region,
        )  # fmt: skip

    def _day_in(self, time_zone: str) -> date:
        if time_zone not in self._zone_days:
            self._zone_days[time_zone] = business_day_in(time_zone)
        return self._zone_days[time_zone]


def _message(row: Notice, composed: Composed, pdf: bytes, link: str) -> Message:
    return Message(
        row.to_address, composed.subject, composed.text, composed.html, sender_of(row.entity), row.entity.email,
        row.message_id, pdf, copies=tuple(row.copies_to), redirect_to=row.redirect_to, language=row.language, link=link,
        facts=_facts(row),
    )  # fmt: skip


def _facts(row: Notice) -> dict[str, str]:
    """What a machine at the other end may want to know, as plain text."""
    return {
        "notice": str(row.pk), "customer": row.customer.number, "customer_name": row.customer.name,
        "entity": row.entity.code, "currency": row.currency, "amount": f"{row.amount:f}", "step": row.step_name,
        "stage": row.stage, "day": row.as_of.isoformat(),
    }  # fmt: skip


def _without(composed: Composed, address: str) -> Composed:
    """The words as colleagues may read them later: the link stays a secret between us and the payer (W5)."""
    if not address:
        return composed
    text, html = (words.replace(address, sample_link()) for words in (composed.text, composed.html))
    return composed._replace(text=text, html=html)


def _kept(
    row: Notice, figures: Figures, composed: Composed, link: PayLink | None, pdf: bytes, cycle: str,
    parts_left_off: Iterable[tuple[int, int | None]],
) -> dict[str, Any]:  # fmt: skip
    """The columns of a notice that is about to leave.

    What is left off was prepared but is not on it any more: it had no such step (R1). The facts read this form."""
    left_off = [part[0] if part[1] is None else claim_of(*part) for part in parts_left_off]
    kept: dict[str, Any] = {
        "subject": composed.subject, "body_text": composed.text, "body_html": composed.html, "pay_by": composed.pay_by,
        "amount": figures.amount, "sent_on": figures.on, "contact_id": row.contact_id, "cycle": cycle,
        "pay_link_id": link.pk if link else None,
        "fee_amount": row.fee_amount, "interest_amount": row.interest_amount,
        "decision": {**row.decision, "left_off": left_off} if left_off else row.decision, "copies_to": row.copies_to,
    }  # fmt: skip
    if pdf:
        row.letter.save(f"{row.entity.code}-{row.customer_id}-{row.pk}.pdf", ContentFile(pdf), save=False)
        kept |= {"letter": row.letter.name, "letter_digest": sha256(pdf).hexdigest()}
    return kept


def _business_days(rows: Iterable[Notice]) -> dict[int, date]:
    policies = Policy.objects.select_related("entity").in_bulk({row.policy_id for row in rows})
    return {pk: business_day(policy.entity) for pk, policy in policies.items()}


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
