"""Databases of data sets: dropping and renaming them on the server of this installation. Never touches the main one."""

from contextlib import closing
from dataclasses import replace

import psycopg2
from psycopg2 import sql

from collections_app.embedded.announcement import announcement_path, read_announcement
from collections_app.env import Environment
from collections_app.lib.errors import Conflict, Refusal


def refuse_while_served(env: Environment, name: str) -> None:
    """Return in silence, or raise Conflict when a server runs on this data set."""
    server = read_announcement(announcement_path(env.home, name))
    if server is not None and server.is_alive:
        raise Conflict(f"A server runs on the data set {name} at {server.base_url}. Stop it, then load again.")


def drop(env: Environment, name: str) -> bool:
    """Whether there was a database of the data set; afterwards there is none."""
    return _run(env, _database(env, name), None)


def put_in_place(env: Environment, *, draft: str, name: str) -> None:
    """Nothing; afterwards the data set `name` is what `draft` was, and there is no `draft`."""
    _run(env, _database(env, name), _database(env, draft))


def exists(env: Environment, name: str) -> bool:
    """Whether there is a database of the data set."""
    with closing(_connection(env)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_database(env, name)])
        return cursor.fetchone() is not None


def _run(env: Environment, dropped: str, renamed: str | None) -> bool:
    with closing(_connection(env)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [dropped])
        was_there = cursor.fetchone() is not None
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(dropped)))
        if renamed:
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(renamed), sql.Identifier(dropped))
            )
        return was_there


def _database(env: Environment, name: str) -> str:
    if not name:
        raise ValueError("The main database is no data set.")
    return replace(env, dataset=name).database_name


def _connection(env: Environment) -> "psycopg2.extensions.connection":
    try:
        connection = psycopg2.connect(env.database_url_or_embedded, dbname="postgres", connect_timeout=10)
    except psycopg2.Error as error:
        raise Refusal(f"The database server cannot be reached ({str(error).strip()}). Check DATABASE_URL.") from None
    connection.autocommit = True  # databases are not made and dropped inside a transaction
    return connection
