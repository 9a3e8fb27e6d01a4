"""Why a customer was, is or would be reminded on a day, or why not: the decision of the code that decides (F23)."""

import json
from datetime import date
from typing import Any

from collections_app.lib.digests import canonical_json
from customers.models import Customer
from dunning.models import Notice
from dunning.queries.decisions import decide_about
from dunning.queries.policies import policy_of
from dunning.rules.outcome import outcome_words
from dunning.rules.sentences import LABELS, sentence


def why(customer: Customer, on: date) -> list[dict[str, Any]]:
    """One entry per notice of that day and per decision, each {"code", "label", "currency", "sentence", "facts"}.

    Notices made on the day come first, as they were decided and with what became of them; then what the rule says for
    the day as the facts stand. Plain JSON values; amounts as strings."""
    told = [
        _of_notice(notice) for notice in Notice.objects.filter(customer=customer, as_of=on).order_by("currency", "pk")
    ]
    policy = policy_of(customer.entity)
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
    outcome = f" {told}." + (f" {notice.reason_text}" if notice.reason_text else "")
    return {
        "code": "notice",
        "label": f"{notice.step_name}: {told[:1].lower()}{told[1:]}",
        "currency": notice.currency,
        "sentence": decision.get("sentence", "") + outcome,
        "facts": facts,
    }


def _entry(code: str, currency: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": code,
        "label": LABELS[code],
        "currency": currency,
        "sentence": sentence(code, facts, currency),
        "facts": json.loads(canonical_json(facts)),
    }
