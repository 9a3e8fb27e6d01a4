"""Loads adapters named by dotted paths in the settings. Must not know any adapter, nor read the settings itself."""

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import Any, NoReturn

from collections_app.lib.errors import BadInput, quoted

_CODE = re.compile(r"[a-z][a-z0-9_]*")


class Registry(dict[str, Any]):
    """Adapters by their code, in the order of the settings; `problems` are sentences for a system check."""

    problems: tuple[str, ...] = ()

    def __missing__(self, code: str) -> NoReturn:
        known = ", ".join(self) or "none"
        raise BadInput(f"{quoted(code)} is not enabled here. Choose one of: {known}.", code="unknown_adapter")


def load(dotted_paths: Iterable[str]) -> Registry:
    """The adapters at these paths, code -> object; what cannot be loaded is left out and told in `problems`.

    A path names a class, which is made once without arguments, or an object; either has a snake_case `code`. Nothing is
    imported before the first call; later calls with the same paths return the same registry, so do not change it.
    """
    return _load(tuple(dotted_paths))


@lru_cache(maxsize=64)
def _load(paths: tuple[str, ...]) -> Registry:
    registry = Registry()
    problems: list[str] = []
    for path in paths:
        try:
            adapter = _adapter(path)
        except Exception as error:  # an adapter may fail in any way while it is imported; the others must still load
            problems.append(f"The adapter {path} cannot be loaded: {type(error).__name__}: {error}")
            continue
        code = getattr(adapter, "code", None)
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            problems.append(f"The adapter {path} needs a `code` of small letters, digits and underscores.")
        elif code in registry:
            problems.append(f"The adapter {path} has the code {quoted(code)}, which an earlier one already uses.")
        else:
            registry[code] = adapter
    registry.problems = tuple(problems)
    return registry


def _adapter(path: str) -> object:
    module, _, name = path.rpartition(".")
    if not module:
        raise ValueError("a dotted path such as package.module.Name is needed")
    found = getattr(import_module(module), name)
    return found() if isinstance(found, type) else found
