"""The stops of the first-run tour, in order. Data only."""

from dataclasses import dataclass

from collections_app.accounts.roles import Capability


@dataclass(frozen=True, slots=True)
class Stop:
    """One place to look at, and what to try there."""

    title: str
    text: str
    url_name: str
    icon: str
    capability: Capability = Capability.SEE_ACCOUNTS


STOPS = (
    Stop(
        "Work the list",
        "The customers whose conversation brings in the most money today stand on top, each with the reason. Move with "
        "j and k, log a call with c, note a promise with p. Press ? for all keys.",
        "worklist",
        "list-checks",
    ),
    Stop(
        "Read what went out",
        "The first tick of the schedule has prepared and delivered today's reminders. This mailbox caught them all: "
        "nothing leaves this machine.",
        "mailbox",
        "mail-open",
    ),
    Stop(
        "Pay as a customer",
        "Open any reminder in the mailbox and follow its link. Pay with the test gateway, then watch the open amount, "
        "the timeline and the list follow.",
        "mailbox",
        "credit-card",
    ),
    Stop(
        "See who owes what, and since when",
        "The aging of any day, drawn from the ledger. Every figure leads to the documents behind it.",
        "aging",
        "chart-column",
        Capability.SEE_INSIGHT,
    ),
    Stop(
        "Ask why",
        "Each reminder that was sent, and each that was not, can be explained from the rule that decided.",
        "dunning",
        "mail",
    ),
    Stop(
        "Bring your own open items",
        "Upload a file: columns, dates and number style are detected, and nothing is written before you say so.",
        "imports",
        "upload",
        Capability.IMPORT_FILES,
    ),
)
