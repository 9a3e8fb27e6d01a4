"""What a person who writes to a customer by hand may choose from, and what suits best: whom, about what, in which
language and with which words (U25). Reads; what is written is `dunning.services.start_message`'s."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from customers.models import Contact, Customer
from dunning.models import InboundMessage, NoticeTemplate, OwnMessage
from dunning.queries.standing import Known
from dunning.rules.own_message import Claim
from dunning.rules.wording import language_of

# Before anything is due, a mail may remind of what falls due so soon.
SOON = timedelta(days=14)
_STAGES = (NoticeTemplate.Stage.PREVENTIVE, NoticeTemplate.Stage.EARLY, NoticeTemplate.Stage.LATE,
           NoticeTemplate.Stage.FINAL)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """One customer, with all that is known, and what the mail answers or repeats, if it does. `templates` are the
    current ones for mails."""

    customer: Customer
    known: Known
    templates: Sequence[NoticeTemplate]
    answers: InboundMessage | None = None
    again: OwnMessage | None = None

    @cached_property
    def contacts(self) -> Sequence[Contact]:
        """Everybody at the customer who has an address, reachable or not, whom to write to first standing first."""
        return [row for row in self.known.contacts.get(self.customer.pk, ()) if row.email]

    @property
    def claims(self) -> Sequence[Claim]:
        """What is open on the account, earliest due first."""
        return self.known.claims.get(self.customer.pk, ())

    def is_reachable(self, contact: Contact) -> bool:
        """Whether mail reaches this person and may."""
        return self.known.is_reachable(self.customer.pk, contact)

    def recipient(self) -> Contact | None:
        """Whom to write to: whoever wrote, else the first that mail reaches, else the first at all."""
        if self.again is not None and self.again.contact in self.contacts:
            return self.again.contact
        if self.answers is not None:
            wrote = self.answers.from_address.casefold()
            return next((row for row in self.contacts if row.email.casefold() == wrote), None)
        reachable = (row for row in self.contacts if self.is_reachable(row))
        return next(reachable, self.contacts[0] if self.contacts else None)

    def language(self, contact: Contact | None) -> str:
        """The language we can write in: that of the message which is answered, else the contact's, the customer's, the
        entity's (R18)."""
        wrote = self.answers.language if self.answers else ""
        wished = (wrote, contact.language if contact else "", self.customer.language, self.customer.entity.language)
        return language_of(*(code for code in wished if code))

    def chosen_claims(self) -> Sequence[Claim]:
        """What to write about: what is late and neither promised nor on a plan, in the currency with most of it; where
        nothing is late, what is due soon."""
        if self.again is not None:
            before = {(row.invoice_id, row.instalment_id) for row in self.again.items.all()}
            return [one for one in self.claims if (one.invoice_id, one.instalment_id) in before]
        if self.answers is not None:
            return []
        plain = [one for one in self.claims if one.asked and not one.promised and not one.on_plan]
        late = [one for one in plain if one.due_on < self.known.on]
        found = late or [one for one in plain if one.due_on <= self.known.on + SOON]
        totals: dict[str, Decimal] = {}
        for one in found:
            totals[one.currency] = totals.get(one.currency, Decimal(0)) + one.asked
        main = max(totals, key=lambda code: totals[code], default="")
        return [one for one in found if one.currency == main]

    def template(self, stage: str, language: str) -> NoticeTemplate | None:
        """The words of this stage in the language; of the nearest milder stage where it has none for mails."""
        place = _STAGES.index(NoticeTemplate.Stage(stage)) if stage in _STAGES else 1
        for wanted in (*reversed(_STAGES[: place + 1]), *_STAGES[place + 1 :]):
            for row in self.templates:
                if row.key == "" and row.stage == wanted and row.language == language:
                    return row
        return None

    def stage(self, last: str) -> str:
        """The stage to write in: that of the last notice, at least the first once something is late."""
        if not any(one.due_on < self.known.on for one in self.chosen_claims()):
            return str(NoticeTemplate.Stage.PREVENTIVE)
        early = str(NoticeTemplate.Stage.EARLY)
        return last if last in _STAGES and last != NoticeTemplate.Stage.PREVENTIVE else early


def mail_templates() -> list[NoticeTemplate]:
    """The current words for mails, mildest stage first; those that take a batch back are no words for a person."""
    order = list(_STAGES)
    rows = NoticeTemplate.objects.filter(is_current=True, channel="email", stage__in=order)
    return sorted(rows, key=lambda row: (order.index(NoticeTemplate.Stage(row.stage)), row.key, row.language))
