"""Whether a version of a strategy may be activated: it was looked at with the facts of these days, and as it stands.
Pure; `findings` is what the check of the version has written down."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

FRESH_DAYS = 3
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"


def obstacle(findings: Mapping[str, Any], *, on: date, against: Sequence[int]) -> str:
    """Why the version cannot be activated on that day, in a sentence; empty if it can. `against` are the ids of the
    versions in force today, in their order: those that the preview was compared with."""
    state = findings.get("state", "")
    if not state:
        return "Look at the preview and the back-test first: press “Check this version”."
    if state in (WAITING, RUNNING):
        return "The preview and the back-test are still being computed. Wait until they are shown."
    if state == FAILED:
        return "The check failed. Press “Check again” before this version is activated."
    if (on - date.fromisoformat(str(findings["on"]))).days > FRESH_DAYS:
        return f"The preview and the back-test are more than {FRESH_DAYS} days old. Press “Check again”."
    if list(findings["against"]) != list(against):
        return "Another strategy was activated or switched off since the preview. Press “Check again”."
    return ""
