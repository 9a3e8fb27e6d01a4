"""What "accepted" means where no mail server accepts anything, in words. Pure; mails keep the words of delivery."""

from dunning.rules.facts import CALL_TASK

LETTER = "letter"
DRY_RUN = "dry_run"  # the reason of notices that only show what would be sent: they are cancelled from the beginning
_ACCEPTED = {CALL_TASK: "On the worklist", LETTER: "Ready to print"}


def outcome_words(channel: str, state: str) -> str:
    """'On the worklist' for an accepted call task, 'Ready to print' for a letter; '' where the state says it all."""
    return _ACCEPTED.get(channel, "") if state == "accepted" else ""
