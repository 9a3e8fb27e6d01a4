"""Policies to begin with, for three kinds of business, each step with the reason it is there. Data, no decision.

They follow the same advice: a word before the due date, quick and friendly first reminders, a person on the telephone
before anything gets stern, and one last letter with an end. What differs is the tone, the pace and who is asked."""

from collections.abc import Mapping
from typing import NamedTuple


class StarterStep(NamedTuple):
    """One step; `why` is shown beside it before it is installed. `offset_days` from the due date."""

    name: str
    offset_days: int
    channel: str
    stage: str
    days_to_pay: int
    why: str
    recipients: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    fee: str = "none"
    with_interest: bool = False
    needs_approval: bool = False


class Starter(NamedTuple):
    """One kind of business. `words` is the key of its own templates, "" for the standard ones; `min_amount` in the
    entity's currency."""

    name: str
    describes: str
    words: str
    min_amount: str
    min_days_between: int
    days_after_delivery: int
    send_hour: int
    send_until_hour: int
    end_action: str
    steps: tuple[StarterStep, ...]


STARTERS: Mapping[str, Starter] = {
    "wholesale": Starter(
        name="Wholesale and industry",
        describes="Businesses that buy on account, often and in many invoices: an accounts department reads it.",
        words="",
        min_amount="25",
        min_days_between=6,
        days_after_delivery=3,
        send_hour=8,
        send_until_hour=18,
        end_action="agency",
        steps=(
            StarterStep("Before the due date", -3, "email", "preventive", 3,
                        "A missing order number comes up now and not when the invoice is late."),
            StarterStep("First reminder", 3, "email", "early", 7,
                        "Payment runs are weekly; three days let the last one arrive."),
            StarterStep("Second reminder", 10, "email", "early", 7,
                        "The next payment run has passed. The tone stays the same."),
            StarterStep("Third reminder", 21, "email", "late", 7,
                        "Somebody who can release a payment should know of it.", copies=("cfo",)),
            StarterStep("Call", 30, "call_task", "late", 7,
                        "By now there is a reason. A call finds it; a fourth mail does not."),
            StarterStep("Letter", 40, "letter", "late", 10,
                        "Paper reaches people whom mail does not.", recipients=("cfo", "payables")),
            StarterStep("Final letter", 55, "letter", "final", 10,
                        "The last word, with fee and interest where the law knows them; a person approves it.",
                        recipients=("escalation", "cfo"), fee="law", with_interest=True, needs_approval=True),
        ),
    ),
    "services": Starter(
        name="Services and agencies",
        describes="Work done for people one knows: few invoices, each of them large, and a relationship to keep.",
        words="services",
        min_amount="10",
        min_days_between=6,
        days_after_delivery=3,
        send_hour=9,
        send_until_hour=18,
        end_action="decide",
        steps=(
            StarterStep("Before the due date", -5, "email", "preventive", 5,
                        "Approvals take a while; this gives them the days they need.",
                        recipients=("buyer", "payables")),
            StarterStep("First reminder", 2, "email", "early", 7,
                        "It asks whether the work was right: unspoken complaints are the usual reason."),
            StarterStep("Call", 9, "call_task", "early", 7,
                        "With few customers a call is cheap, and kinder than a second mail."),
            StarterStep("Second reminder", 18, "email", "late", 7,
                        "It says what open invoices mean for further work, and offers parts.",
                        recipients=("buyer", "payables"), copies=("cfo",)),
            StarterStep("Second call", 30, "call_task", "late", 7,
                        "An agreed date is worth more than a stern letter."),
            StarterStep("Last reminder", 45, "email", "final", 10,
                        "Work stops; a person decides to send it, and names the interest so far.",
                        recipients=("escalation", "cfo"), with_interest=True, needs_approval=True),
        ),
    ),
    "consumer": Starter(
        name="Consumers and utilities",
        describes="Households and small subscriptions: plain words, more time, instalments early, no surprises.",
        words="consumer",
        min_amount="5",
        min_days_between=10,
        days_after_delivery=5,
        send_hour=9,
        send_until_hour=19,
        end_action="decide",
        steps=(
            StarterStep("Before the due date", -3, "email", "preventive", 3,
                        "People forget. A word in time costs nothing and saves the fee."),
            StarterStep("Friendly reminder", 5, "email", "early", 14,
                        "Fourteen days to pay meet the longest deadline that a country asks for here."),
            StarterStep("Second reminder", 21, "email", "late", 14,
                        "It offers instalments and names help with debts."),
            StarterStep("Letter", 37, "letter", "late", 14,
                        "Some people do not read mail. A fee only where and as far as the law allows one.", fee="law"),
            StarterStep("Last letter", 55, "letter", "final", 14,
                        "Required before anything else may follow; a person looks at the household first.",
                        needs_approval=True),
        ),
    ),
}  # fmt: skip
