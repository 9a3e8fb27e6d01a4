"""Writes the notices of one chunk of a run, with their invoices, by set."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection

from dunning.models import NoticeTemplate, Policy, Run
from dunning.queries.facts import Person
from dunning.queries.late import NOTHING_LATE, LateFigures, late_figures
from dunning.queries.words import Templates
from dunning.rules.facts import Decision, StepFacts
from dunning.rules.outcome import DRY_RUN
from dunning.rules.sentences import sentence
from dunning.rules.timing import pay_by, send_at
from dunning.services.keep_decisions import facts_json
from invoices.services.import_copy import NULL, copy_lines, escaped

_COLUMNS = (
    "customer_id, contact_id, channel, to_address, language, state, due_at, run_id, policy_id, step_id, "
    "step_position, step_name, step_offset, policy_version, stage, cycle, entity_id, currency, amount, as_of, pay_by, "
    "decision, template_id, approved_at, reason, reason_text, fee_amount, fee_for_id, interest_amount, copies_to"
)
_STAGE = f"""
CREATE TEMPORARY TABLE IF NOT EXISTS notice_plan ON COMMIT DROP AS
SELECT {_COLUMNS} FROM dunning_notice WITH NO DATA
"""  # noqa: S608 (constant columns)
_TAKE_OVER = f"""
INSERT INTO dunning_notice ({_COLUMNS}, subject, body_text, body_html, message_id, provider_id, attempts, letter,
    letter_digest)
SELECT {_COLUMNS}, '', '', '', '', '', 0, '', '' FROM notice_plan ORDER BY customer_id, currency
ON CONFLICT DO NOTHING RETURNING id, customer_id, currency
"""  # noqa: S608 (constant columns)
_ITEMS = (
    "COPY dunning_noticeitem (notice_id, customer_id, invoice_id, instalment_id, number, issued_on, due_on, "
    "open_amount, asked_amount, days_late) FROM STDIN"
)

Planned = tuple[Person, str, Decision]  # the person, the currency, the proposing decision


def write_notices(
    *,
    run: Run,
    policy: Policy,
    planned: Sequence[Planned],
    templates: Templates,
    now: datetime,
    any_hour: bool,
) -> int:
    """How many notices were written; those that exist already (same day, or same step and cycle) are passed over.

    Must run inside a transaction. `any_hour` lets them leave at once, whatever the customer's clock says: for a
    business day that is pinned or played in a demo."""
    if not planned:
        return 0
    late = late_figures(planned, entity=policy.entity, on=run.as_of)
    writer = _Writer(run, policy, templates, now, any_hour, late)
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        cursor.execute("TRUNCATE notice_plan")
        copy_lines(f"COPY notice_plan ({_COLUMNS}) FROM STDIN", (writer.notice(*plan) for plan in planned))
        cursor.execute(_TAKE_OVER)
        made = {(customer, currency): pk for pk, customer, currency in cursor.fetchall()}
    copy_lines(_ITEMS, _item_lines(planned, made))
    return len(made)


class _Writer:
    """Turns decisions into lines for COPY. One per chunk."""

    def __init__(
        self,
        run: Run,
        policy: Policy,
        templates: Templates,
        now: datetime,
        any_hour: bool,
        late: dict[tuple[int, str], LateFigures],
    ) -> None:
        self.run, self.policy, self.templates, self.now, self.any_hour = run, policy, templates, now, any_hour
        self.late = late
        self.dry = ("cancelled", None, DRY_RUN, sentence(DRY_RUN, {}, "EUR")) if run.is_dry else None
        self.by_itself = policy.mode == Policy.Mode.AUTOMATIC and policy.rehearsed_at is not None
        self._due_at = lru_cache(maxsize=1024)(self._computed_due_at)

    def notice(self, person: Person, currency: str, decision: Decision) -> str:
        """One line for COPY."""
        step = decision.step
        assert step is not None
        copies = person.copies(step) if decision.channel == "email" else ()
        person = person.addressed(step)
        language, template = self._words(person, step, decision.channel)
        pays_by = pay_by(self.run.as_of, step.days_to_pay, person.region)
        to_address = person.email if decision.channel == "email" else ""
        due_at = self._due_at(person.time_zone, person.region)
        late = self.late.get((person.customer_id, currency), NOTHING_LATE)
        state, approved_at, reason, reason_text = self._state(step)
        return _line(
            person.customer_id, person.contact_id, decision.channel, to_address, language, state, due_at,
            self.run.pk, self.policy.pk, step.id, step.position, step.name, decision.step_offset, decision.version,
            step.stage, decision.cycle, self.policy.entity_id, currency, decision.amount, self.run.as_of, pays_by,
            decision_json(decision, currency, late), template.pk if template else None, approved_at, reason,
            reason_text, late.fee.amount, late.fee_for, late.interest, _array(copies),
        )  # fmt: skip

    def _state(self, step: StepFacts) -> tuple[str, datetime | None, str, str]:
        """State, approval, reason and its words. What is approved here cannot leave before its run is prepared (R7)."""
        if self.dry:
            return self.dry
        if self.by_itself and not step.needs_approval:
            return "approved", self.now, "", ""
        return "proposed", None, "", ""

    def _words(self, person: Person, step: StepFacts, channel: str) -> tuple[str, NoticeTemplate | None]:
        """The language we can write in for this person, and the step's words in it (R18)."""
        languages = (person.language, self.policy.entity.language)
        return self.templates.pick(key=step.words, stage=step.stage, channel=channel, languages=languages)

    def _computed_due_at(self, time_zone: str, region: str) -> datetime:
        if self.any_hour:
            return self.now
        return send_at(
            on=self.run.as_of, now=self.now, send_hour=self.policy.send_hour, until_hour=self.policy.send_until_hour,
            time_zone=time_zone, region=region,
        )  # fmt: skip


def decision_json(decision: Decision, currency: str, late: LateFigures = NOTHING_LATE) -> str:
    """The decision as it is kept with the notice: code, sentence and facts; and its fee, or why there is none."""
    told = {"code": decision.code, "sentence": sentence(decision.code, decision.facts, currency)}
    fee = {"fee": late.fee.told()} if late.fee.why else {}
    return facts_json({**told, **fee, "facts": decision.facts})


def _array(texts: Sequence[str]) -> str:
    """The texts as PostgreSQL writes an array."""
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"


def _item_lines(planned: Sequence[Planned], made: dict[tuple[int, str], int]) -> Iterator[str]:
    for person, currency, decision in planned:
        notice = made.get((person.customer_id, currency))
        if notice is None:
            continue
        for item, asked, late in decision.items:
            part = NULL if item.instalment_id is None else item.instalment_id
            yield (
                f"{notice}\t{person.customer_id}\t{item.invoice_id}\t{part}\t{escaped(item.number)}\t"
                f"{item.issued_on}\t{item.due_on}\t{item.open:f}\t{asked:f}\t{late}\n"
            )


def _line(*values: Any) -> str:
    return "\t".join([_WRITERS.get(type(value), _as_text)(value) for value in values]) + "\n"


def _as_text(value: Any) -> str:
    return escaped(str(value))


# By type, because a run writes millions of fields.
_WRITERS: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda _: NULL,
    int: str,
    str: escaped,
    Decimal: lambda value: f"{value:f}",
    datetime: datetime.isoformat,
}
