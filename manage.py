#!/usr/bin/env python3
"""The command line: reads the configuration, starts the engines a command needs, then lets Django run it."""

import os
import signal
import sys
from pathlib import Path

VENV_PYTHON = Path(__file__).resolve().parent / ".venv/bin/python"

MISSING_TABLE_OR_COLUMN = ("42P01", "42703")  # PostgreSQL's codes
NEEDS_NO_ENGINE = frozenset(
    {"help", "version", "--help", "-h", "--version", "collectstatic", "compilemessages", "diffsettings", "findstatic",
     "inspect_statement", "makemessages", "spectacular", "verify_bundle"}
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """The exit code. A wrong configuration or a silent engine is told in sentences, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collections_app.settings")
    try:
        from django.core.management import execute_from_command_line
        from django.db import DatabaseError, InterfaceError

        from collections_app.embedded.engines import ensure_running
        from collections_app.embedded.locations import EngineError
        from collections_app.env import ConfigurationError, load_environment
    except ModuleNotFoundError as error:
        if VENV_PYTHON.exists() and Path(sys.prefix) != VENV_PYTHON.parent.parent:
            os.execv(VENV_PYTHON, [str(VENV_PYTHON), *arguments])  # noqa: S606 (the same program in its own Python)
        return _say(f"The Python package “{error.name}” is missing. Run `make setup`, then ./manage.py again.")
    # A command that is told to end must still leave the engines in order, which only a normal exit does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        env = load_environment()
        for warning in env.warnings:
            _say(f"Warning: {warning}")
        if _needs_engines(arguments):
            ensure_running(env)
        execute_from_command_line(arguments)
    except (ConfigurationError, EngineError) as error:
        return _say(str(error))
    except (DatabaseError, InterfaceError) as error:
        sentence = "" if "--traceback" in arguments else _about_database(error)
        if not sentence:
            raise
        return _say(sentence)
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if "pango" in str(error).lower():
            return _say("PDFs need the Pango library. Run `make setup`, or `apt-get install libpangoft2-1.0-0`.")
        raise
    return 0


def _needs_engines(arguments: list[str]) -> bool:
    if len(arguments) < 2 or arguments[1] in NEEDS_NO_ENGINE or {"--help", "-h"} & set(arguments):
        return False
    return arguments[1] != "check" or "--database" in arguments


def _about_database(error: Exception) -> str:
    """What an administrator can do about the error; empty when it is ours to mend and needs its traceback."""
    code = getattr(error.__cause__, "pgcode", None)
    if code in MISSING_TABLE_OR_COLUMN:
        return "The tables are not as this release needs them. Run ./manage.py migrate_once, then the command again."
    if code is None and type(error).__name__ in ("OperationalError", "InterfaceError"):
        return f"The database does not answer: {str(error).strip()} Start it, or correct DATABASE_URL."
    return ""


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
