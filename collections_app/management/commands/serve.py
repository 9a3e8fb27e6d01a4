"""`./manage.py serve`: the whole application until Ctrl-C. Only translates; `embedded.server` does the work."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from collections_app.embedded.locations import EngineError
from collections_app.embedded.server import Server, serve
from collections_app.env import load_environment


class Command(BaseCommand):
    help = "Serve web, worker and beat (with --demo also a mail catcher) until Ctrl-C, with one log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="the port to listen on; COLLECTIONS_PORT or 8000 otherwise")
        parser.add_argument("--demo", action="store_true", help="also catch all mail and show demo conveniences")

    def handle(self, *args: Any, **options: Any) -> None:
        env = load_environment()
        port = options["port"]
        if port is not None and not 1 <= port <= 65535:
            raise CommandError(f"{port} is not a port; choose one between 1 and 65535.")
        try:
            serve(env, demo=options["demo"] or env.demo, port=port, on_ready=self._ready)
        except EngineError as error:
            raise CommandError(str(error)) from None

    def _ready(self, server: Server) -> None:
        self.stdout.write(f"Ready at {server.base_url} (log: {server.log_file}). Stop with Ctrl-C.")
        self.stdout.flush()
