"""Why a customer was, is or would be reminded on a day, or why not: the decision of the code that decides (F23)."""

import json
from datetime import date
from typing import Any

from collections_app.lib.digests import canonical_json
from customers.models import Customer
from dunning.models import DecisionRecord, Notice
from dunning.queries.decisions import decide_about
from dunning.queries.kept_decisions import told as words_of
from dunning.queries.policies import policy_of_customer
from dunning.rules.outcome import DRY_RUN, outcome_words
from dunning.rules.sentences import LABELS, sentence


def why(customer: Customer, on: date) -> list[dict[str, Any]]:
    """One entry per notice of that day and per decision: {"code", "label", "currency", "sentence", "facts", "when"}.

    First what was decided "then": notices made on the day with what became of them, and the decisions that its run
    kept; last what the rule says "now", as the facts stand. Plain JSON values; amounts as strings."""
    notices = Notice.objects.filter(customer=customer, as_of=on).exclude(reason=DRY_RUN).order_by("currency", "pk")
    told = [_of_notice(notice) for notice in notices]
    written = {entry["currency"] for entry in told}
    kept = DecisionRecord.objects.filter(customer=customer, as_of=on, run__is_dry=False).order_by("currency", "pk")
    told += [_of_record(row) for row in kept if row.code != "propose" or row.currency not in written]
    policy = policy_of_customer(customer)
    if not policy.is_active:
        told.append(_entry("policy_off", "", {"entity": customer.entity.code}))
    decisions = decide_about(policy, [customer.pk], on)
    told += [_entry(decision.code, currency, dict(decision.facts)) for _, currency, decision in decisions]
    if not decisions:
        told.append(_entry("nothing_open", customer.currency, {}))
    return told


def _of_notice(notice: Notice) -> dict[str, Any]:
    decision = notice.decision
    facts = {**decision.get("facts", {}), "notice": notice.pk, "state": notice.state, "step": notice.step_name}
    if notice.reason:
        facts["reason"] = notice.reason
    told = outcome_words(notice.channel, notice.state) or notice.get_state_display()
    if notice.recalled_at:
        told = "Recalled"
    outcome = f" {told}." + (f" {notice.reason_text}" if notice.reason_text else "")
    return {
        "code": "notice",
        "label": f"{notice.step_name}: {told[:1].lower()}{told[1:]}",
        "currency": notice.currency,
        "sentence": decision.get("sentence", "") + outcome,
        "facts": facts,
        "when": "then",
    }


def _of_record(record: DecisionRecord) -> dict[str, Any]:
    return {
        "code": record.code,
        "label": LABELS.get(record.code, record.code),
        "currency": record.currency,
        "sentence": words_of(record),
        "facts": record.facts,
        "when": "then",
    }


def _entry(code: str, currency: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": code,
        "label": LABELS[code],
        "currency": currency,
        "sentence": sentence(code, facts, currency),
        "facts": json.loads(canonical_json(facts)),
        "when": "now",
    }
