"""`./manage.py bench_matching`: how many lines of the demo's bank file post rightly, wrongly, or wait, per kind."""

import json
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from collections_app.demo.measure_matching import RIGHT, WAITING, WRONG, Measured, measure_matching
from customers.models import Customer
from customers.queries.clock import installation_clock

SEED, HELD_OUT_SEED = 20_260_701, 7_777
_BEFORE = timedelta(days=21)  # the demo is told as it stood then, so nothing that is posted now changes the measure


class Command(BaseCommand):
    help = "Match the demo's bank file, whose truth is known, and a second one of another seed. Writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day whose open items are paid")
        parser.add_argument("--lines", type=int, default=420, help="about how many lines")
        parser.add_argument("--seed", type=int, default=SEED, help="another number makes another file")

    def handle(self, *args: Any, **options: Any) -> None:
        if not Customer.objects.exists():
            raise CommandError("There is no company to pay yet. Run ./manage.py seed_demo first.")
        on = options["as_of"] or installation_clock()[0] - _BEFORE
        measured = measure_matching(on=on, seed=options["seed"], count=options["lines"])
        held_out = measure_matching(on=on - _BEFORE, seed=options["seed"] + HELD_OUT_SEED, count=options["lines"])
        if options["format"] == "json":
            told = {"as_of": on.isoformat(), **measured.as_json(), "held_out": held_out.as_json()}
            self.stdout.write(json.dumps(told))
        else:
            self._tell("Demo's bank file", measured)
            self._tell("Another file, never looked at", held_out)

    def _tell(self, title: str, measured: Measured) -> None:
        told = measured.as_json()
        self.stdout.write(
            f"{title}: {told['lines']} lines, {told[RIGHT]} right by themselves "
            f"({told['percent_right_by_themselves']} %), {told[WRONG]} wrong, {told[WAITING]} waiting, "
            f"{told['waiting_rightly']} of them rightly; {told['seconds']} s."
        )
        for kind, figures in told["kinds"].items():
            self.stdout.write(f"  {kind}: {figures[RIGHT]} of {figures['lines']}, {figures[WAITING]} wait")
        for line in told["wrong"]:
            self.stdout.write(f"  wrong: {line}")
