"""`manage.py run_dunning`: the dunning run of a day, or with --dry-run only what it would propose, and why."""

import json
from argparse import ArgumentParser
from collections import Counter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from collections_app.lib.dates import parse_date
from collections_app.lib.errors import Refusal
from collections_app.lib.money import round_amount
from customers.models import LegalEntity
from customers.queries.clock import business_day, now
from dunning.models import Policy
from dunning.queries.decisions import decide_all
from dunning.queries.policies import rehearsable_policies
from dunning.queries.proposals import proposals_of
from dunning.rules.sentences import LABELS, sentence
from dunning.services.prepare_run import prepare_run
from dunning.services.start_due import any_hour


class Command(BaseCommand):
    help = "Prepares the dunning run of a day for every legal entity, or lists with --dry-run what it would propose."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="The business day; today's if left out.")
        parser.add_argument("--entity", metavar="CODE", help="Only this legal entity.")
        parser.add_argument("--dry-run", action="store_true", help="Write nothing.")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        entities = _entities(options["entity"])
        asked = _day(options["as_of"])
        day = asked or business_day(entities[0])
        try:
            told = _rehearsed(entities, day) if options["dry_run"] else _prepared(entities, day, asked)
        except Refusal as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["format"] == "json" else _as_text(told))


def _entities(code: str | None) -> list[LegalEntity]:
    found = list(LegalEntity.objects.filter(code=code) if code else LegalEntity.objects.all())
    if not found:
        raise CommandError(f"There is no legal entity {code}." if code else "There is no legal entity yet.")
    return found


def _day(text: str | None) -> date | None:
    try:
        return parse_date(text, order="ymd") if text else None
    except Refusal as refused:
        raise CommandError(refused.sentence) from None


def _rehearsed(entities: list[LegalEntity], day: date) -> dict[str, Any]:
    proposals, skipped = [], Counter[str]()
    for policy in rehearsable_policies(entities):
        for decided in decide_all(policy, day):
            for person, currency, decision in decided:
                if decision.step is None:
                    skipped[decision.code] += 1
                    continue
                proposals.append(
                    {
                        "customer": person.number,
                        "step": decision.step.name,
                        "currency": currency,
                        "amount": str(round_amount(decision.amount, currency)),
                        "reason": sentence(decision.code, decision.facts, currency),
                    }
                )
    return {"as_of": day.isoformat(), "proposals": proposals, "skipped": dict(skipped)}


def _prepared(entities: list[LegalEntity], day: date, asked: date | None) -> dict[str, Any]:
    """The runs of the day `asked` for, else of each entity's own: no run is ahead of it."""
    proposals: list[dict[str, str]] = []
    skipped = Counter[str]()
    policies = Policy.objects.filter(entity__in=entities, is_active=True).select_related("entity").order_by("pk")
    if not policies:
        raise CommandError("Dunning is off. Switch a policy on first, or use --dry-run to see what it would do.")
    for policy in policies:
        on = asked or business_day(policy.entity)
        run = prepare_run(policy=policy, as_of=on, now=now(), any_hour=any_hour())
        proposals += proposals_of(run)
        skipped.update(run.skipped)
    return {"as_of": day.isoformat(), "proposals": proposals, "skipped": dict(skipped)}


def _as_text(told: dict[str, Any]) -> str:
    lines = [
        f"{row['customer']}  {row['step']}  {row['currency']} {row['amount']}  {row['reason']}"
        for row in told["proposals"]
    ]
    lines.append(f"{len(told['proposals'])} proposed as of {told['as_of']}.")
    lines += [f"{count} skipped: {LABELS.get(code, code)}" for code, count in sorted(told["skipped"].items())]
    return "\n".join(lines)
