"""Where the embedded engines keep data, sockets and secrets; computed from the home directory, nothing is started.

Must not import Django and must not change the mode of a directory it did not make.
"""

import hashlib
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET_PATH = 107  # bytes; sockaddr_un holds 108 with the closing zero
POSTGRES_SOCKET = ".s.PGSQL.5432"
ENGINE_USER = "nobody"  # who runs the engines when we are root


class EngineError(Exception):
    """An engine cannot be used; the text is a sentence that says what to do."""


def is_root() -> bool:
    """Whether this process is root, which the engines must never be."""
    return os.geteuid() == 0


@dataclass(frozen=True)
class EngineLocations:
    """Paths of one home's engines. Two homes never share any of them."""

    home: Path
    engines: Path
    sockets: Path
    user: str = "collections"

    @classmethod
    def of(cls, home: Path) -> "EngineLocations":
        """The locations that belong to `home`, the same in every process and on every day."""
        resolved = home.resolve()
        mark = hashlib.sha256(os.fsencode(resolved)).hexdigest()[:12]
        if not is_root():
            sockets = Path("/tmp") / f"collections-{os.geteuid()}-{mark}"  # noqa: S108
            return cls(resolved, resolved / "engines", sockets)
        inside, outside = resolved / "engines", Path(f"/var/lib/collections-{mark}")
        use_inside = (inside / "postgres").exists() or (not outside.exists() and others_can_reach(resolved))
        return cls(resolved, inside if use_inside else outside, Path(f"/run/collections-{mark}"))

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.engines / "postgres"

    @property
    def postgres_log(self) -> Path:
        """What PostgreSQL says."""
        return self.engines / "postgres.log"

    @property
    def valkey(self) -> Path:
        """Valkey's directory with its append-only file."""
        return self.engines / "valkey"

    @property
    def valkey_socket(self) -> Path:
        """Valkey's socket."""
        return self.sockets / "valkey.sock"

    @property
    def start_lock(self) -> Path:
        """Locked while somebody starts or stops an engine."""
        return self.home / "engines.lock"

    @property
    def users_lock(self) -> Path:
        """Locked, shared, by every process that uses an engine."""
        return self.home / "engines.users"

    def password(self) -> str:
        """The password of the database user, made at the first call."""
        return keep_secret(self.home, "postgres_password")


def others_can_reach(path: Path) -> bool:
    """Whether any user may pass through `path` and all above it; a directory yet to be made counts as open."""
    for directory in (path, *path.parents):
        try:
            mode = directory.stat().st_mode
        except FileNotFoundError:
            continue
        if not mode & stat.S_IXOTH:
            return False
    return True


def make_home(home: Path) -> None:
    """Nothing; afterwards `home` exists. Only its owner may list it; root lets the engines' user pass through."""
    missing = [directory for directory in (home, *home.parents) if not directory.exists()]
    for directory in reversed(missing):
        try:
            directory.mkdir(mode=0o711 if is_root() else 0o700, exist_ok=True)
        except OSError as error:
            raise EngineError(
                f"The directory {directory} cannot be made ({error.strerror}). "
                "Set COLLECTIONS_HOME to a directory you own."
            ) from error


def keep_secret(home: Path, name: str) -> str:
    """The secret kept in `home`/`name` (mode 0600), made from 384 random bits by the first process that asks."""
    path = home / name
    try:
        kept = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        kept = ""
    except OSError as error:
        raise EngineError(
            f"{path} cannot be read ({error.strerror}): it belongs to another user. Run the command as that user, "
            "or set COLLECTIONS_HOME to a directory of your own."
        ) from error
    return kept or _make_secret(home, path)


def _make_secret(home: Path, path: Path) -> str:
    make_home(home)
    try:
        handle, draft = tempfile.mkstemp(dir=home, prefix=f".{path.name}-")
    except OSError as error:
        raise EngineError(
            f"Nothing can be written in {home} ({error.strerror}). Set COLLECTIONS_HOME to a directory you own."
        ) from error
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        # A hard link appears at once and whole; whoever is second takes the secret of the first.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
    return path.read_text(encoding="ascii").strip()
