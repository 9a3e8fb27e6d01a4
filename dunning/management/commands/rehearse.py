"""`./manage.py rehearse POLICY --from D --to D`: what a policy would have done on past days. It writes nothing."""

import argparse
import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from collections_app.lib.errors import BadInput
from customers.models import LegalEntity
from customers.queries.clock import business_day
from dunning.models import Policy, Rehearsal
from dunning.queries.policies import policy_of
from dunning.queries.rehearsal import next_to_rehearse
from dunning.rules.rehearsal_report import EMPTY, merged
from dunning.services.ask_rehearsal import check_days
from dunning.services.run_rehearsals import replay_of, reports


class Command(BaseCommand):
    """./manage.py rehearse DE01 --from 2026-08-01 --to 2026-10-31 --against DE01-strict --within 5 --format json"""

    help = "Replay one policy, or two side by side, day by day over the books. Nothing is written, nothing is sent."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("policy", help="the policy's code; `any` where there is only one, or none yet")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, help="first day, inclusive")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True, help="last day, inclusive")
        parser.add_argument("--against", default="", help="another policy's code, over the same customers")
        parser.add_argument("--within", type=int, default=3, help="a payment so many days after a letter crossed it")
        parser.add_argument("--as-known", action="store_true", help="each day sees what was recorded by then")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = _asked(options)
        policies = [policy for policy in (asked.policy, asked.against) if policy is not None]
        counted = [EMPTY for _ in policies]
        after = 0
        while ids := next_to_rehearse(asked.policy, first=asked.first_on, last=asked.last_on, after=after):
            counted = [
                merged(tally, replay_of(asked, policy, ids)) for tally, policy in zip(counted, policies, strict=True)
            ]
            after = ids[-1]
        told: dict[str, Any] = {
            "from": asked.first_on.isoformat(),
            "to": asked.last_on.isoformat(),
            "within": asked.within_days,
            "as_known": asked.as_known,
            "policies": reports(asked, policies, counted),
        }
        if options["format"] == "json":
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for one in told["policies"]:
            self.stdout.write("\n".join(_lines(one, asked.within_days)))


def _asked(options: dict[str, Any]) -> Rehearsal:
    """An unsaved rehearsal of what was asked for."""
    policy = _policy(options["policy"])
    against = _policy(options["against"]) if options["against"] else None
    try:
        check_days(
            first=options["first"], last=options["last"], today=business_day(policy.entity), within=options["within"]
        )
    except BadInput as refused:
        raise CommandError(refused.sentence) from None
    return Rehearsal(
        policy=policy, against=against, first_on=options["first"], last_on=options["last"],
        within_days=options["within"], as_known=options["as_known"],
    )  # fmt: skip


def _policy(code: str) -> Policy:
    rows = Policy.objects.select_related("entity").prefetch_related("steps", "minimums").order_by("code")
    found = rows.filter(code=code).first() or (rows.first() if code == "any" and len(rows) == 1 else None)
    if found is None and code in ("any", "standard") and not rows and LegalEntity.objects.count() == 1:
        return policy_of(LegalEntity.objects.get())  # the standard one, unsaved: the books are there, a policy is not
    if found is None:
        known = ", ".join(rows.values_list("code", flat=True)) or "none yet"
        raise CommandError(f"There is no policy {code!r}. Known ones: {known}.")
    return found


def _lines(one: dict[str, Any], within: int) -> list[str]:
    never = one["never_reached"]
    amounts = ", ".join(f"{currency} {amount}" for currency, amount in one["addressed"].items()) or "nothing"
    return [
        f"{one['policy']['name']} (version {one['policy']['version']})",
        f"  {one['number']} letters to {one['reached']} of {one['owing']} customers who owed; {amounts} asked for",
        *[
            f"  {row['number']:>6}  {row['step']} by {row['channel'].replace('_', ' ')}, {row['crossed']} crossed"
            for row in one["letters"]
        ],
        f"  {one['crossed']} ({one['crossed_percent']} %) had money come in within {within} days after them",
        f"  {never['customers']} customers never reached: "
        + (", ".join(f"{row['customers']} {row['label'].lower()}" for row in never["why"]) or "none"),
        *([f"  busiest day {one['busiest']['on']}: {one['busiest']['number']} letters"] if one["busiest"] else []),
    ]
