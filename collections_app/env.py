"""The configuration: read once from the environment, checked as a whole, and never changed afterwards.

Must not import Django (settings import this file) and must not start anything: `collections_app.embedded` does.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import dj_database_url

from collections_app.embedded.announcement import Announcement, announcement_path, read_announcement
from collections_app.embedded.locations import EngineLocations, keep_secret
from collections_app.env_values import ConfigurationError, ValueReader

__all__ = ["ConfigurationError", "Environment", "load_environment", "read_environment"]

ROOT = Path(__file__).resolve().parent.parent
DATASET_PATTERN = r"[a-z][a-z0-9_]{0,20}"
MINIMUM_SECRET_LENGTH = 32
SECRET_EXAMPLE = "a-random-text-of-50-characters-or-more"  # noqa: S105 (an example, not a secret)
DATABASE_EXAMPLE = "postgresql://collections:password@db.example.com:5432/collections"
REDIS_EXAMPLE = "redis://redis.example.com:6379/0"

EMAIL_WEBHOOK_EXAMPLE = "events:a-random-password-of-24-characters"
MINIMUM_WEBHOOK_PASSWORD = 20
INBOX_EXAMPLE = "imaps://receivables%40example.com@imap.example.com/INBOX"
SMS_EXAMPLE = "https://api.sms.example.com/v1/messages"
NOTICE_WEBHOOK_EXAMPLE = "https://crm.example.com/hooks/collections"

# Names of providers as a person writes them, with Django's back end and the anymail setting that takes the key.
MAIL_BACKENDS: dict[str, tuple[str, str]] = {
    "smtp": ("django.core.mail.backends.smtp.EmailBackend", ""),
    "console": ("django.core.mail.backends.console.EmailBackend", ""),
    "memory": ("django.core.mail.backends.locmem.EmailBackend", ""),
    "amazon_ses": ("anymail.backends.amazon_ses.EmailBackend", ""),
    "brevo": ("anymail.backends.brevo.EmailBackend", "BREVO_API_KEY"),
    "mailersend": ("anymail.backends.mailersend.EmailBackend", "MAILERSEND_API_TOKEN"),
    "mailgun": ("anymail.backends.mailgun.EmailBackend", "MAILGUN_API_KEY"),
    "mandrill": ("anymail.backends.mandrill.EmailBackend", "MANDRILL_API_KEY"),
    "postmark": ("anymail.backends.postmark.EmailBackend", "POSTMARK_SERVER_TOKEN"),
    "resend": ("anymail.backends.resend.EmailBackend", "RESEND_API_KEY"),
    "sendgrid": ("anymail.backends.sendgrid.EmailBackend", "SENDGRID_API_KEY"),
    "sparkpost": ("anymail.backends.sparkpost.EmailBackend", "SPARKPOST_API_KEY"),
}


@dataclass(frozen=True)
class Environment:
    """Everything the program is told from outside. `database_url` and `redis_url` are None when embedded."""

    root: Path
    home: Path
    debug: bool
    demo: bool
    fast_engine: bool
    secret_key: str
    webhook_secrets: tuple[str, ...]
    base_url: str
    allowed_hosts: tuple[str, ...]
    port: int
    proxy_https: bool
    database_url: str | None
    redis_url: str | None
    dataset: str
    email_backend: str
    email_provider: str
    email_host: str
    email_port: int
    email_user: str
    email_password: str
    email_use_tls: bool
    email_api_key: str
    email_from: str
    mail_sink: str
    email_webhook_secrets: tuple[str, ...]
    inbox_url: str
    inbox_password: str
    reply_address: str
    sms_url: str
    sms_authorization: str
    sms_sender: str
    sms_format: str
    sms_fields: str
    notice_webhook_url: str
    notice_webhook_secret: str
    tick_seconds: float
    warnings: tuple[str, ...] = ()

    @property
    def locations(self) -> EngineLocations:
        """Where the embedded engines of this home live."""
        return EngineLocations.of(self.home)

    @property
    def database_name(self) -> str:
        """The database every command and page uses: the dataset's own one when a dataset is chosen."""
        name = urlsplit(self.database_url).path.lstrip("/") if self.database_url else "collections"
        return f"{name}_{self.dataset}" if self.dataset else name

    @property
    def database_url_or_embedded(self) -> str:
        """The PostgreSQL URL with its database name, configured or embedded; starts nothing."""
        if self.database_url:
            return urlunsplit(urlsplit(self.database_url)._replace(path=f"/{self.database_name}"))
        where = self.locations
        sockets = quote(str(where.sockets), safe="")
        return f"postgresql://{where.user}:{quote(where.password())}@{sockets}/{self.database_name}"

    def databases_default(self) -> dict[str, Any]:
        """Django's DATABASES["default"]: psycopg2, connections kept for ten minutes and checked before use."""
        parsed = dj_database_url.parse(self.database_url_or_embedded, conn_max_age=600, conn_health_checks=True)
        return dict(parsed)

    @property
    def broker_url(self) -> str:
        """The broker as Celery writes it (database 0, or the one REDIS_URL names)."""
        if self.redis_url:
            return self.redis_url
        return f"redis+socket://{self.locations.valkey_socket}?virtual_host=0"

    @property
    def cache_url(self) -> str:
        """The cache as Django's Redis cache writes it: the database after the broker's."""
        if not self.redis_url:
            return f"unix://{self.locations.valkey_socket}?db=1"
        parts = urlsplit(self.redis_url)
        number = parts.path.lstrip("/")
        return urlunsplit(parts._replace(path=f"/{int(number or 0) + 1}"))

    @property
    def key_prefix(self) -> str:
        """What broker and cache keys begin with, so that two datasets never take each other's tasks."""
        return f"{self.dataset}:" if self.dataset else ""

    @property
    def anymail_settings(self) -> dict[str, object]:
        """Django's ANYMAIL: the provider's key under the provider's own name, and the names and passwords with which
        providers may report events."""
        setting = MAIL_BACKENDS[self.email_provider][1]
        key: dict[str, object] = {setting: self.email_api_key} if setting else {}
        return key | ({"WEBHOOK_SECRET": list(self.email_webhook_secrets)} if self.email_webhook_secrets else {})


@cache
def _load(root: Path) -> Environment:
    return read_environment(os.environ, root)


def load_environment(root: Path = ROOT) -> Environment:
    """The configuration of this process, read at the first call and never again."""
    return _load(root)


def read_environment(environ: Mapping[str, str], root: Path) -> Environment:
    """The checked configuration; every wrong variable is in the one ConfigurationError this raises.

    Reads the files named by `…_FILE` variables and, when nothing else is configured, keeps a generated secret key
    under the home directory with mode 0600.
    """
    read = ValueReader(environ)
    # Under pytest the engines are the tests' own without being asked, so that no test ever meets real data.
    fast = read.flag("COLLECTIONS_FAST_ENGINE", default="PYTEST_VERSION" in environ)
    home = Path(read.text("COLLECTIONS_HOME", str(root / "var"))).expanduser().absolute()
    home = home / "test" if fast else home
    dataset = _dataset(read)
    running = _running_server(home, dataset)
    port = read.port("COLLECTIONS_PORT", running.port if running else 8000)
    base_url = _base_url(read, running.base_url if running else f"http://localhost:{port}")
    demo = read.flag("COLLECTIONS_DEMO", default=running.demo if running else False)
    mail_sink = _mail_sink(read, running.mail_sink if running else "")
    sink_host, _, sink_port = mail_sink.rpartition(":")
    email_host = read.text("EMAIL_HOST", sink_host or "localhost")
    provider, api_key = _mail_provider(read)
    database_url = _database_url(read)
    values: dict[str, Any] = {
        "root": root,
        "home": home,
        "fast_engine": fast,
        "demo": demo,
        "debug": _debug(read, base_url),
        "base_url": base_url,
        "allowed_hosts": _allowed_hosts(read, base_url),
        "port": port,
        "proxy_https": read.flag("COLLECTIONS_PROXY_HTTPS"),
        "database_url": database_url,
        "redis_url": _redis_url(read),
        "dataset": dataset,
        "tick_seconds": read.seconds("COLLECTIONS_TICK_SECONDS", 10.0 if demo else 60.0),
        "email_backend": MAIL_BACKENDS[provider][0],
        "email_provider": provider,
        "email_api_key": api_key,
        "email_host": email_host,
        "email_port": read.port("EMAIL_PORT", int(sink_port) if sink_port and email_host == sink_host else 25),
        "email_user": read.text("EMAIL_USER"),
        "email_password": read.secret("EMAIL_PASSWORD", "the-mailbox-password"),
        "email_use_tls": read.flag("EMAIL_USE_TLS"),
        "email_from": read.text(
            "COLLECTIONS_EMAIL_FROM", f"Accounts receivable <receivables@{_mail_domain(base_url)}>"
        ),
        "mail_sink": mail_sink,
        "email_webhook_secrets": _email_webhook_secrets(read),
        "inbox_url": _inbox_url(read),
        "inbox_password": read.secret("COLLECTIONS_INBOX_PASSWORD", "the-mailbox-password"),
        "reply_address": _reply_address(read),
        **_other_ways_out(read),
    }
    # Last, because a secret is generated only for a configuration that is right in everything else.
    secret_key, webhook_secrets = _secrets(read, home, local=database_url is None)
    if read.problems:
        raise ConfigurationError(read.problems)
    return Environment(**values, secret_key=secret_key, webhook_secrets=webhook_secrets, warnings=_unknown(read))


def _debug(read: ValueReader, base_url: str) -> bool:
    debug = read.flag("COLLECTIONS_DEBUG")
    if debug and base_url.startswith("https://"):
        read.complain("COLLECTIONS_DEBUG", "debug pages must not be shown on an https:// address", "false")
    return debug


def _dataset(read: ValueReader) -> str:
    dataset = read.text("COLLECTIONS_DATASET")
    if dataset and not re.fullmatch(DATASET_PATTERN, dataset):
        read.complain("COLLECTIONS_DATASET", "use a small letter, then up to 20 of a-z, 0-9 and _", "sap")
        return ""
    return dataset


def _database_url(read: ValueReader) -> str | None:
    value = read.url(
        "DATABASE_URL", ("postgresql", "postgres"), DATABASE_EXAMPLE, read.secret("DATABASE_URL", DATABASE_EXAMPLE)
    )
    if value and not re.fullmatch(r"/[^/]+", urlsplit(value).path) and not read.problems:
        read.complain("DATABASE_URL", "it must end with the name of one database", DATABASE_EXAMPLE)
    return value or None


def _redis_url(read: ValueReader) -> str | None:
    value = read.url("REDIS_URL", ("redis", "rediss"), REDIS_EXAMPLE, read.secret("REDIS_URL", REDIS_EXAMPLE))
    if value and not re.fullmatch(r"(/[0-9]{0,4})?", urlsplit(value).path):
        read.complain("REDIS_URL", "after the host comes at most the number of a database", REDIS_EXAMPLE)
    return value or None


def _base_url(read: ValueReader, default: str) -> str:
    value = read.url(
        "COLLECTIONS_BASE_URL", ("http", "https"), "https://collections.example.com",
        read.text("COLLECTIONS_BASE_URL", default),
    )  # fmt: skip
    if not any(problem.name == "COLLECTIONS_BASE_URL" for problem in read.problems) and not urlsplit(value).hostname:
        read.complain("COLLECTIONS_BASE_URL", "it names no host", "https://collections.example.com")
    return value.rstrip("/")


def _allowed_hosts(read: ValueReader, base_url: str) -> tuple[str, ...]:
    listed = [host.strip() for host in read.text("COLLECTIONS_ALLOWED_HOSTS").split(",") if host.strip()]
    try:
        own = urlsplit(base_url).hostname or "localhost"
    except ValueError:
        own = "localhost"
    return tuple(dict.fromkeys([own, *listed, "localhost", "127.0.0.1", "[::1]"]))


def _mail_domain(base_url: str) -> str:
    try:
        host = urlsplit(base_url).hostname or ""
    except ValueError:
        host = ""
    return host if "." in host and not re.fullmatch(r"[0-9.]+", host) else "example.com"


def _mail_sink(read: ValueReader, running: str) -> str:
    value = read.text("COLLECTIONS_MAIL_SINK", running)
    if value and not re.fullmatch(r"[^\s:]+:[0-9]{1,5}", value):
        read.complain("COLLECTIONS_MAIL_SINK", "write host:port of the demo's mail catcher", "127.0.0.1:8025")
        return ""
    return value


def _mail_provider(read: ValueReader) -> tuple[str, str]:
    name = read.choice("COLLECTIONS_EMAIL_BACKEND", tuple(MAIL_BACKENDS), "smtp")
    key = read.secret("COLLECTIONS_EMAIL_API_KEY", "the-key-from-your-provider")
    if MAIL_BACKENDS[name][1] and not key:
        read.complain(
            "COLLECTIONS_EMAIL_API_KEY", f"{name} needs the key of your account", "the-key-from-your-provider"
        )
    return name, key


def _email_webhook_secrets(read: ValueReader) -> tuple[str, ...]:
    """What providers write before the @ of the address they report to. Without one nobody can report (D85)."""
    name = "COLLECTIONS_EMAIL_WEBHOOK_SECRET"
    value = read.secret(name, EMAIL_WEBHOOK_EXAMPLE)
    user, colon, password = value.partition(":")
    if value and not (user and colon and len(password) >= MINIMUM_WEBHOOK_PASSWORD):
        read.complain(
            name, f"write user:password with at least {MINIMUM_WEBHOOK_PASSWORD} characters", EMAIL_WEBHOOK_EXAMPLE
        )
        return ()
    return (value,) if value else ()


def _inbox_url(read: ValueReader) -> str:
    """The mailbox that answers of customers come to; its password is a variable of its own."""
    value = read.url("COLLECTIONS_INBOX_URL", ("imaps", "imap"), INBOX_EXAMPLE, read.text("COLLECTIONS_INBOX_URL"))
    if value and not any(problem.name == "COLLECTIONS_INBOX_URL" for problem in read.problems):
        parts = urlsplit(value)
        if not parts.hostname or not parts.username or parts.password:
            reason = "write user@host/folder, with %40 for the @ in the user, and the password in its own variable"
            read.complain("COLLECTIONS_INBOX_URL", reason, INBOX_EXAMPLE)
            return ""
    return value


def _reply_address(read: ValueReader) -> str:
    value = read.text("COLLECTIONS_REPLY_ADDRESS")
    local, at, domain = value.rpartition("@")
    if value and (not at or not local or "." not in domain or re.search(r"[\s+<>,]", value)):
        reason = "write the bare address of the mailbox that is read, without a +"
        read.complain("COLLECTIONS_REPLY_ADDRESS", reason, "receivables@example.com")
    return value


def _other_ways_out(read: ValueReader) -> dict[str, str]:
    """Text messages by an HTTP provider, and the outgoing webhook; each is off without its address."""
    sms = _https(read, "COLLECTIONS_SMS_URL", SMS_EXAMPLE)
    fields = read.text("COLLECTIONS_SMS_FIELDS", "To,From,Body")
    if len([name for name in fields.split(",") if name.strip()]) != 3:
        read.complain("COLLECTIONS_SMS_FIELDS", "name three fields: recipient, sender and text", "To,From,Body")
    hook = _https(read, "COLLECTIONS_NOTICE_WEBHOOK_URL", NOTICE_WEBHOOK_EXAMPLE)
    secret = read.secret("COLLECTIONS_NOTICE_WEBHOOK_SECRET", SECRET_EXAMPLE)
    if hook and len(secret) < MINIMUM_SECRET_LENGTH:
        read.complain(
            "COLLECTIONS_NOTICE_WEBHOOK_SECRET", f"it needs at least {MINIMUM_SECRET_LENGTH} characters", SECRET_EXAMPLE
        )
    return {
        "sms_url": sms,
        "sms_authorization": read.secret("COLLECTIONS_SMS_AUTHORIZATION", "Bearer the-key-from-your-provider"),
        "sms_sender": read.text("COLLECTIONS_SMS_SENDER"),
        "sms_format": read.choice("COLLECTIONS_SMS_FORMAT", ("form", "json"), "form"),
        "sms_fields": fields,
        "notice_webhook_url": hook,
        "notice_webhook_secret": secret,
    }


def _https(read: ValueReader, name: str, example: str) -> str:
    """The address: https, or http on this very machine."""
    value = read.url(name, ("https", "http"), example, read.text(name))
    if value.startswith("http://") and urlsplit(value).hostname not in ("localhost", "127.0.0.1"):
        read.complain(name, "it must begin with https:// unless it is on this machine", example)
    return value


def _secrets(read: ValueReader, home: Path, *, local: bool) -> tuple[str, tuple[str, ...]]:
    key = read.secret("COLLECTIONS_SECRET_KEY", SECRET_EXAMPLE)
    hooks = [
        read.secret(name, SECRET_EXAMPLE) for name in ("COLLECTIONS_WEBHOOK_SECRET", "COLLECTIONS_WEBHOOK_SECRET_OLD")
    ]
    unreadable = any(problem.name.startswith("COLLECTIONS_SECRET_KEY") for problem in read.problems)
    if key and len(key) < MINIMUM_SECRET_LENGTH:
        read.complain("COLLECTIONS_SECRET_KEY", f"it has fewer than {MINIMUM_SECRET_LENGTH} characters", SECRET_EXAMPLE)
    elif not key and not local and not unreadable:
        read.complain("COLLECTIONS_SECRET_KEY", "it is required together with DATABASE_URL", SECRET_EXAMPLE)
    elif not key and not read.problems:
        key = keep_secret(home, "secret_key")
    # The built-in test gateway signs with a secret of its own; derived, so that nobody has to configure one more.
    derived = hmac.new(key.encode(), b"test gateway webhook", hashlib.sha256).hexdigest()
    return key, tuple(secret for secret in (hooks[0] or derived, hooks[1]) if secret)


def _running_server(home: Path, dataset: str) -> Announcement | None:
    """The server that runs on this home and dataset, so that other commands agree with its port and mail catcher."""
    announced = read_announcement(announcement_path(home, dataset))
    return announced if announced is not None and announced.is_alive else None


def _unknown(read: ValueReader) -> tuple[str, ...]:
    unknown = sorted(name for name in read.environ if name.startswith("COLLECTIONS_") and name not in read.asked)
    return tuple(f"{name} is set but nothing reads it; see .env.example for the names that exist." for name in unknown)
