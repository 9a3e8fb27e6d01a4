"""The stops of the tour for newcomers, in order. Data only; each one is a real page with something to try."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from collections_app.accounts.roles import Capability


@dataclass(frozen=True, slots=True)
class Stop:
    """One place to look at, and what to try there. `demo_only` stops need the demo's own pages."""

    code: str
    title: Promise
    text: Promise
    url_name: str
    icon: str
    capability: Capability = Capability.SEE_ACCOUNTS
    demo_only: bool = False


STOPS = (
    Stop(
        "list",
        _("Work the list"),
        _(
            "The customers whose conversation brings in the most money today stand on top, each with the reason. Move "
            "with j and k, press Enter to go into the account and Esc to come back."
        ),
        "worklist",
        "list-checks",
    ),
    Stop(
        "call",
        _("Log a call in three keys"),
        _("Press c, choose by digit how it went, press Enter. The next customer is there; z takes it back."),
        "worklist",
        "phone",
        Capability.WORK_ACCOUNTS,
    ),
    Stop(
        "account",
        _("See one account whole"),
        _(
            "Everything a call needs is here: what is open, what was promised, who answers, and all that "
            "happened. Find "
            "something in the timeline by its amount."
        ),
        "account",
        "users",
    ),
    Stop(
        "playbooks",
        _("Know what to say"),
        _(
            "Each customer shows the playbook that fits today, with a call script in which names and "
            "figures are filled "
            "in. Its steps tick themselves when you do them."
        ),
        "playbooks",
        "book-open",
    ),
    Stop(
        "disputes",
        _("Clear what is in dispute"),
        _("What a customer disputes is not reminded of. Here it has an owner and a day by which it is answered."),
        "disputes",
        "message-square-warning",
    ),
    Stop(
        "messages",
        _("Answer what customers wrote"),
        _("Answers to our mails are read, sorted and quoted. Confirm a proposal with one key, or put it aside."),
        "dunning_messages",
        "mail-open",
    ),
    Stop(
        "follow_ups",
        _("Forget nothing"),
        _(
            "Whatever you want to look at again has a day. It comes back on the list by itself, and stands "
            "here until then."
        ),
        "follow_ups",
        "alarm-clock",
    ),
    Stop(
        "mailbox",
        _("Read what went out"),
        _(
            "The first tick of the schedule has prepared and delivered today's reminders. This mailbox "
            "caught them all: "
            "nothing leaves this machine."
        ),
        "mailbox",
        "mail-open",
        demo_only=True,
    ),
    Stop(
        "pay",
        _("Pay as a customer"),
        _(
            "Open any reminder in the mailbox and follow its link. Pay with the test gateway, then watch the open "
            "amount, the timeline and the list follow."
        ),
        "mailbox",
        "credit-card",
        demo_only=True,
    ),
    Stop(
        "why",
        _("Ask why"),
        _("Each reminder that was sent, and each that was not, can be explained from the rule that decided."),
        "dunning",
        "mail",
    ),
    Stop(
        "aging",
        _("See who owes what, and since when"),
        _("The aging of any day, drawn from the ledger. Every figure leads to the documents behind it."),
        "aging",
        "chart-column",
        Capability.SEE_INSIGHT,
    ),
    Stop(
        "team",
        _("Lead the team"),
        _("Minutes of work against minutes there are, who stands in for whom, and accounts that move with a preview."),
        "team",
        "users-round",
        Capability.LEAD_TEAM,
    ),
    Stop(
        "import",
        _("Bring your own open items"),
        _("Upload a file: columns, dates and number style are detected, and nothing is written before you say so."),
        "imports",
        "upload",
        Capability.IMPORT_FILES,
    ),
)
