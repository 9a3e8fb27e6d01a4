"""`manage.py install_starter KIND --entity CODE`: the policy and words for a kind of business, switched off."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from collections_app.lib.errors import Refusal
from customers.models import LegalEntity
from dunning.rules.starters import STARTERS
from dunning.services.install_starter import install_starter


class Command(BaseCommand):
    help = (
        f"Gives a legal entity the policy for its kind of business: {', '.join(STARTERS)}. It is off until switched on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=", ".join(STARTERS))
        parser.add_argument("--entity", metavar="CODE", required=True, help="The code of the legal entity.")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        entity = LegalEntity.objects.filter(code=options["entity"]).first()
        if entity is None:
            raise CommandError(f"There is no legal entity {options['entity']}.")
        try:
            policy = install_starter(entity=entity, kind=options["kind"], actor=None, by="command")
        except Refusal as refused:
            raise CommandError(refused.sentence) from None
        told = {"policy": policy.code, "name": policy.name, "entity": entity.code, "steps": policy.steps.count(),
                "active": policy.is_active, "strategy": policy.strategy}  # fmt: skip
        sentence = f"{policy.name} for {entity.name}: {told['steps']} steps, {'on' if policy.is_active else 'off'}."
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["format"] == "json" else sentence)
