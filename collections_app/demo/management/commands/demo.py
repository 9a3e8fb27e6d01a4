"""`./manage.py demo`: the demo company, served with worker, beat and mailbox until Ctrl-C."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from collections_app.demo.people import PASSWORD, PEOPLE
from collections_app.demo.seed import is_empty, seed_demo
from collections_app.embedded.locations import EngineError
from collections_app.embedded.server import AlreadyServingError, Server, serve
from collections_app.env import load_environment
from customers.queries.clock import business_day_in


class Command(BaseCommand):
    help = "Serve the demo company: fills an empty database, then runs web, worker, beat and the mailbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="the port to listen on; COLLECTIONS_PORT or 8000 otherwise")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serve(
                load_environment(),
                demo=True,
                port=options["port"],
                before_start=self._fill,
                on_ready=self._welcome,
                terminal=int(options["verbosity"]) > 1,
            )
        except AlreadyServingError as running:
            self.stdout.write(str(running))
        except EngineError as error:
            raise CommandError(str(error)) from None

    def _fill(self) -> None:
        if is_empty():
            self.stdout.write("Writing two years of a demo company …")
            seed_demo(calendar_day=business_day_in("Europe/Berlin"))

    def _welcome(self, server: Server) -> None:
        width = max(len(person.username) for person in PEOPLE)
        lines = [
            "",
            f"  Collections runs at  {server.base_url}",
            f"  Mailbox              {server.base_url}/mailbox/",
            "",
            f"  Sign in with one of these names and the password {PASSWORD}",
            *(f"    {p.username:<{width}}  {p.first_name} {p.last_name}, {p.role.value}" for p in PEOPLE),
            "",
            "  In a few seconds the schedule takes the aging snapshot, sends today's reminders and ranks the list.",
            f"  Log: {server.log_file}. Stop with Ctrl-C.",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
