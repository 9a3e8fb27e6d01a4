"""The playbooks a new installation begins with, as data. People change them; installing again leaves theirs alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StarterStep:
    """One thing to do; `action` is the code of the key that does it, empty for one ticked by hand."""

    text: str
    action: str = ""
    minutes: int = 2


@dataclass(frozen=True, slots=True)
class StarterPlaybook:
    """One playbook; `do` and `dont` hold a line per advice."""

    code: str
    title: str
    goal: str
    tone: str
    script: str
    do: tuple[str, ...]
    dont: tuple[str, ...]
    steps: tuple[StarterStep, ...]
    stage: str = ""
    occasion: str = ""
    rank: int = 100


STARTERS = (
    StarterPlaybook(
        code="broken-promise",
        title="After a broken promise",
        occasion="broken",
        rank=10,
        goal="A new day that holds, or the real reason why the money did not come.",
        tone="Matter-of-fact. Disappointed is fine, offended is not.",
        script=(
            "Good morning {{contact}}, this is {{me}} from {{company}}. We had agreed on {{promised}} by "
            "{{promised_on}}, "
            "and I cannot find it with us.\n"
            "Did something come in the way, or is the payment already on its way?\n"
            "(Listen. Then:) What can you release today, and which day will the rest be with us?\n"
            "Thank you. I write down: … by …. If that day cannot hold, please call me before it and not after."
        ),
        do=(
            "Ask first whether the payment was sent; have the amount and the reference at hand.",
            "Ask for a part today when the whole is not possible.",
            "Repeat day and amount at the end, and get a yes.",
        ),
        dont=(
            "Do not accept “soon” or “next run” without a date.",
            "Do not take a third promise without asking for a part of the money.",
        ),
        steps=(
            StarterStep("Look whether the money lies in the bank without a match", minutes=1),
            StarterStep("Call and ask what happened", "call", 6),
            StarterStep("Record the new promise, or open a dispute with the reason", "promise", 2),
            StarterStep("After the second broken promise: ask your manager to step in", "escalate", 2),
        ),
    ),
    StarterPlaybook(
        code="open-dispute",
        title="A dispute is open",
        occasion="dispute",
        rank=20,
        goal="An answer within the deadline, and payment of everything that is not disputed.",
        tone="Curious and quick. The customer may be right.",
        script=(
            "Good morning {{contact}}, {{me}} from {{company}}. I look after your complaint myself, so I would like to "
            "understand it properly.\n"
            "What exactly was not as ordered, and what would put it right for you?\n"
            "Until that is settled: everything else, {{overdue}} in all less the disputed amount, is due. May I "
            "count on "
            "it this week?"
        ),
        do=(
            "Separate what is disputed from what is not, and ask for the rest at once.",
            "Ask for a photo or the delivery note and keep it with the dispute.",
            "Name the day by which they hear from us.",
        ),
        dont=(
            "Do not remind them of the disputed amount.",
            "Do not promise a credit note that nobody approved.",
        ),
        steps=(
            StarterStep("Read the dispute with its files", minutes=2),
            StarterStep("Ask the colleague who knows", minutes=3),
            StarterStep("Call for the undisputed part", "call", 6),
            StarterStep("Note what was agreed", "note", 2),
        ),
    ),
    StarterPlaybook(
        code="unreachable",
        title="Nobody can be reached",
        occasion="unreachable",
        rank=30,
        goal="One person who answers, with a number and a mailbox that work.",
        tone="Polite and persistent.",
        script=(
            "Good morning, {{me}} from {{company}}. I would like to reach the person who pays supplier invoices; "
            "the address I have does not answer.\n"
            "Who is that now, and what is the direct number?\n"
            "It is about {{overdue}}, the oldest invoice is {{invoice}} of {{due}}."
        ),
        do=(
            "Try the switchboard, the buyer and our own sales people, in that order.",
            "Call at another time of day than last time.",
            "Write the new contact down at once, and mark the old one.",
        ),
        dont=(
            "Do not leave amounts on a voicemail that others hear.",
            "Do not send a fourth mail into a mailbox that bounced.",
        ),
        steps=(
            StarterStep("Look up the main number on their web site or last letter", minutes=3),
            StarterStep("Call the switchboard or the buyer", "call", 5),
            StarterStep("Add or correct the contact", minutes=2),
            StarterStep("Ask our sales person who they talk to", "note", 3),
        ),
    ),
    StarterPlaybook(
        code="open-promise",
        title="A promise is open",
        occasion="promise",
        rank=40,
        goal="The promised money on the promised day, without a word too many.",
        tone="Trusting. They gave their word; let them keep it.",
        script=(
            "Good morning {{contact}}, {{me}} from {{company}}. Just to be sure that nothing is missing for the "
            "payment of "
            "{{promised}} on {{promised_on}}: do you have all invoices and our bank details?"
        ),
        do=(
            "Snooze until the day after the promise.",
            "For large amounts, ask two days before whether everything is in the payment run.",
        ),
        dont=("Do not remind them of what they promised before the day has passed.",),
        steps=(
            StarterStep("Snooze until after the promise", "snooze", 1),
            StarterStep("Large amount: check two days before", "call", 3),
        ),
    ),
    StarterPlaybook(
        code="first-contact",
        title="The first contact",
        occasion="first",
        stage="early",
        rank=50,
        goal="Learn who pays, how and when; the money follows.",
        tone="Friendly. It is a service call: most late invoices were never in the right hands.",
        script=(
            "Good morning {{contact}}, my name is {{me}}, I look after your account at {{company}}. I would like "
            "to make sure "
            "that invoice {{invoice}} reached the right desk; it was due on {{due}}.\n"
            "Is anything missing to release it? An order number, a delivery note?\n"
            "When are your payment runs, and in which will it be?"
        ),
        do=(
            "Ask for the payment days and write them down as a pinned note.",
            "Offer a copy of the invoice in the same minute.",
        ),
        dont=("Do not mention fees or steps that come later.",),
        steps=(
            StarterStep("Check that mailbox and phone number are right", minutes=1),
            StarterStep("Call and introduce yourself", "call", 5),
            StarterStep("Pin a note with their payment days", "note", 1),
            StarterStep("Record the promise", "promise", 1),
        ),
    ),
    StarterPlaybook(
        code="before-due",
        title="Before it is due",
        stage="preventive",
        rank=60,
        goal="Find what would stop the payment while there is still time.",
        tone="Helpful. Nobody owes anything yet.",
        script=(
            "Good morning {{contact}}, {{me}} from {{company}}. Invoice {{invoice}} falls due on {{due}}. Did it "
            "arrive "
            "complete, and is it approved on your side?"
        ),
        do=(
            "Choose the large invoices and new customers; leave the punctual ones in peace.",
            "Ask about approval, not about payment.",
        ),
        dont=("Do not ask when they will pay: it is not due.",),
        steps=(
            StarterStep("Ask whether the invoice arrived and is approved", "call", 4),
            StarterStep("Send a copy when it is missing", "mail", 2),
            StarterStep("Note what stands in the way", "note", 1),
        ),
    ),
    StarterPlaybook(
        code="early-reminder",
        title="A few days late",
        stage="early",
        rank=70,
        goal="A day and an amount, in one short call.",
        tone="Friendly and brief.",
        script=(
            "Good morning {{contact}}, {{me}} from {{company}}. {{overdue}} is open with us since {{due}}. "
            "In which payment run will it be?\n"
            "Thank you, I write down: … . Is there anything you still need from us?"
        ),
        do=(
            "Send the statement first when several invoices are open.",
            "End every call with a day and an amount.",
        ),
        dont=("Do not argue about one invoice when the rest could be paid today.",),
        steps=(
            StarterStep("Send the statement", "mail", 2),
            StarterStep("Call for a day and an amount", "call", 4),
            StarterStep("Record the promise", "promise", 1),
        ),
    ),
    StarterPlaybook(
        code="late-firm",
        title="Weeks late",
        stage="late",
        rank=80,
        goal="Payment, a plan in writing, or the honest answer that there is no money.",
        tone="Firm and calm. Short sentences, then silence.",
        script=(
            "Good morning {{contact}}, {{me}} from {{company}}. {{overdue}} is overdue, the oldest item for "
            "{{days}} days. "
            "Our reminders had no answer. What keeps you from paying today?\n"
            "(Let them speak.)\n"
            "Then let us agree on what is possible: how much today, and the rest until when? "
            "I send you the agreement right after this call."
        ),
        do=(
            "Ask for the person who decides, not only for the one who books.",
            "Offer instalments when the money is short; first one this week.",
            "Say what happens next, and on which day.",
        ),
        dont=(
            "Do not threaten with what we would not do.",
            "Do not accept more than three instalments without your manager.",
        ),
        steps=(
            StarterStep("Read the last promises and replies", minutes=2),
            StarterStep("Call the one who decides", "call", 8),
            StarterStep("Record the promise or make a plan", "promise", 2),
            StarterStep("Confirm in writing on the same day", "mail", 3),
        ),
    ),
    StarterPlaybook(
        code="final-notice",
        title="Before it is handed over",
        stage="final",
        rank=90,
        goal="One last way to pay, and a file that a lawyer can use.",
        tone="Plain and respectful. Facts, days, amounts.",
        script=(
            "Good morning {{contact}}, {{me}} from {{company}}. This is my last call about {{overdue}}; invoice "
            "{{invoice}} is "
            "{{days}} days late.\n"
            "If no payment and no agreement reaches us within seven days, we give the matter out of our hands, "
            "with costs "
            "for you. I would rather settle it here. What can you offer?"
        ),
        do=(
            "Speak with the management.",
            "Name one last day, in the call and in writing.",
            "Stop further deliveries on credit, with your manager.",
        ),
        dont=(
            "Do not give a second last day.",
            "Do not speak about it with anybody who does not decide.",
        ),
        steps=(
            StarterStep("Check that every invoice and reminder is on file", minutes=3),
            StarterStep("Call the management", "call", 8),
            StarterStep("Send the last letter with its day", "mail", 3),
            StarterStep("Ask your manager about handing over", "escalate", 2),
        ),
    ),
)
