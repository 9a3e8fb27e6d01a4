"""Reads single values out of the environment and remembers every problem instead of stopping at the first.

Must not import Django, and must not know what a value is for: names, defaults and meaning live in `env.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True)
class Problem:
    """One variable that cannot be used: its name, why, and a value that would work."""

    name: str
    reason: str
    example: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}\n    for example: {self.name}={self.example}"


class ConfigurationError(Exception):
    """Every problem found in the configuration, as one text for the person who starts the program."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        count = "one variable" if len(problems) == 1 else f"{len(problems)} variables"
        listed = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(f"The configuration cannot be used; {count} must be corrected:\n{listed}")


@dataclass
class ValueReader:
    """Reads named values from one environment, collecting problems and the names it was asked for."""

    environ: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def complain(self, name: str, reason: str, example: str) -> None:
        """Nothing; the problem is kept for the one error at the end."""
        self.problems.append(Problem(name, reason, example))

    def text(self, name: str, default: str = "") -> str:
        """The stripped value, or `default` when the variable is unset or empty."""
        self.asked.add(name)
        return self.environ.get(name, "").strip() or default

    def secret(self, name: str, example: str) -> str:
        """The value of `name`, or the stripped content of the file named by `name`_FILE; empty when neither is set."""
        self.asked.add(f"{name}_FILE")
        value, file_name = self.text(name), self.environ.get(f"{name}_FILE", "").strip()
        if not file_name:
            return value
        if value:
            self.complain(name, f"both {name} and {name}_FILE are set; keep one of them", example)
            return value
        try:
            content = Path(file_name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            self.complain(f"{name}_FILE", f"the file {file_name} cannot be read: {reason}", f"/run/secrets/{name}")
            return ""
        if not content:
            self.complain(f"{name}_FILE", f"the file {file_name} is empty", f"/run/secrets/{name}")
        return content

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Whether the variable says yes; anything but a plain yes or no is a problem."""
        word = self.text(name, "true" if default else "false").lower()
        if word in TRUE_WORDS or word in FALSE_WORDS:
            return word in TRUE_WORDS
        self.complain(name, f"“{word}” is neither true nor false", "false")
        return default

    def port(self, name: str, default: int) -> int:
        """A TCP port between 1 and 65535."""
        word = self.text(name, str(default))
        if re.fullmatch(r"[0-9]{1,5}", word) and 1 <= int(word) <= 65535:
            return int(word)
        self.complain(name, f"“{word}” is not a port between 1 and 65535", str(default))
        return default

    def seconds(self, name: str, default: float) -> float:
        """A length of time between half a second and one hour."""
        word = self.text(name, str(default))
        if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", word) and 0.5 <= float(word) <= 3600:
            return float(word)
        self.complain(name, f"“{word}” is not a number of seconds between 0.5 and 3600", f"{default:g}")
        return default

    def url(self, name: str, schemes: tuple[str, ...], example: str, value: str) -> str:
        """`value` unchanged; a problem when it is set and has another scheme, an impossible port or spaces."""
        if not value:
            return value
        try:
            parts = urlsplit(value)
            _ = parts.port
        except ValueError:
            self.complain(name, "it is not a URL", example)
            return value
        if parts.scheme not in schemes:
            self.complain(name, f"it must start with {' or '.join(f'{scheme}://' for scheme in schemes)}", example)
        elif re.search(r"\s", value):
            self.complain(name, "a URL holds no spaces; write %20", example)
        return value

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """One of `allowed`, in lower case."""
        word = self.text(name, default).lower()
        if word not in allowed:
            self.complain(name, f"“{word}” is not known; use one of {', '.join(allowed)}", default)
            return default
        return word
