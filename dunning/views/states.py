"""How the state of a notice is shown: a colour, a word, and what it means in plain words (U29). Decides nothing."""

from collections.abc import Mapping
from typing import NamedTuple

from dunning.models import Notice
from dunning.rules.facts import CALL_TASK
from dunning.rules.outcome import DRY_RUN, LETTER, outcome_words


class ShownState(NamedTuple):
    """One state: the badge's tone, its word, and a sentence for people who have not met it before."""

    tone: str
    word: str
    sentence: str


STATES: Mapping[str, ShownState] = {
    "proposed": ShownState(
        "attention", "Proposed", "It waits for a person. Nothing leaves before somebody approves it."
    ),
    "approved": ShownState(
        "promised", "Queued", "It leaves by itself in the customer's send window, after one more look."
    ),
    "claimed": ShownState(
        "promised", "Being prepared", "A worker is looking at the facts once more. Nothing has left yet."
    ),
    "sending": ShownState("promised", "Sending", "It is being handed over right now."),
    "accepted": ShownState("ok", "Accepted", "The mail server took it."),
    "unknown": ShownState(
        "critical",
        "Unknown – check",
        "The connection broke or the program stopped while it was handed over: it may or may not have arrived. It is "
        "never sent again by itself. Ask the mail server's log or the customer, then say here what you found.",
    ),
    "failed": ShownState("late", "Failed", "It certainly did not leave. A later run proposes the step again."),
    "cancelled": ShownState("held", "Cancelled", "It was withdrawn before it left. The reason is noted."),
}


_DRY = ShownState("held", "Dry run", "It shows what would be sent. Nothing leaves from a dry run.")
_RECALLED = ShownState("held", "Recalled", "It was sent by mistake and taken back. Its step counts as not sent.")
_NOT_BY_MAIL = {
    CALL_TASK: "The customer's row in the worklist says that a call is due.",
    LETTER: "The letter is in the file of its run.",
}


def shown(notice: Notice) -> ShownState:
    """The state as it is shown; a queued notice that was refused for a while says so, and so do calls and letters."""
    if notice.reason == DRY_RUN:
        return _DRY
    if notice.recalled_at:
        return _RECALLED
    state = STATES[notice.state]
    if word := outcome_words(notice.channel, notice.state):
        return state._replace(word=word, sentence=_NOT_BY_MAIL[notice.channel])
    if notice.state == "approved" and notice.attempts:
        sentence = notice.reason_text or state.sentence
        return state._replace(tone="attention", word="Waiting to try again", sentence=sentence)
    return state
