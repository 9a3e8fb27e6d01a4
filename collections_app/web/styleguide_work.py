"""Sample data for the style guide's second half: the worklist, the account, disputes, mails and the team.

Every state. Nothing here is real and nothing is read; links lead nowhere. The shapes are those that the pages' own
fragments expect."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms

from collections_app.web.pagination import KeysetPage

ON = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, 41, 7, tzinfo=UTC)
_MEYER = SimpleNamespace(pk=0, name="Meyer Anlagenbau GmbH")
_NORTHWIND = SimpleNamespace(pk=0, name="Northwind Ltd")
Sample = SimpleNamespace


class AnywayForm(forms.Form):
    """The tick that says: I have read what speaks against it."""

    anyway = forms.BooleanField(label="Send it all the same", required=False)


class ViewForm(forms.Form):
    """What is asked about a view before it is kept."""

    view_name = forms.CharField(label="Name", max_length=60)
    default = forms.BooleanField(label="Open this view by itself", required=False)


class BulkForm(forms.Form):
    """What is asked before many customers are snoozed."""

    until = forms.DateField(label="Until", widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(label="Reason", required=False)


class CaseForm(forms.Form):
    """Two fields of a dispute that somebody else changed meanwhile."""

    owner = forms.ChoiceField(choices=[("ada", "Ada Analyst"), ("ben", "Ben Berger")])
    answer_by = forms.DateField(label="Answer by", widget=forms.DateInput(attrs={"type": "date"}))


def work_context() -> dict[str, Any]:
    """Everything `web/_work_styleguide.html` shows, as one value."""
    return {
        "rows": _rows(),
        "progress": _progress(done=12, left=33),
        "over": _progress(done=45, left=0),
        "fresh": _progress(done=0, left=0),
        "narrowed": Sample(narrowed=True, who="mine", show="today"),
        "wide": Sample(narrowed=False, who="all", show="today"),
        "page": KeysetPage([], "", "b"),
        "since": NOW,
        "now": NOW,
        "customer": _MEYER,
        "asked": Sample(
            back="#work", do=Sample(value="snooze"), filters=Sample(query=""), everything=False, picks=[1, 2, 3]
        ),
        "bulk_form": BulkForm(auto_id="bulk_%s"),
        "effect": _effect(),
        "written": _written(),
        "anyway": AnywayForm(auto_id="mail_%s"),
        "playbook": _playbook(),
        "bells": [Sample(notifications_url="#bell", bell_url="#bell", unread=count) for count in (0, 3, 250)],
        "groups": _groups(),
        "read": KeysetPage([_told("Kruse Logistik promised €500.00 for 25 Nov", "A promise", 30)], "", ""),
        "kinds": [("mention", "A colleague mentions you", True), ("promise", "A promise breaks", False)],
        "board": _board(),
        "board_choices": [("open", "Open"), ("mine", "Mine"), ("closed", "Ended")],
        "reasons": [("price", "Price differs"), ("goods", "Goods missing")],
        "no_words": Sample(words="", reason=""),
        "case": Sample(pk=0),
        "case_act": Sample(title="Change the dispute", code="change", submit="Save"),
        "case_form": CaseForm({"owner": "ben", "answer_by": "2026-12-04"}, auto_id="case_%s"),
        "differences": [("Owner", "Ada Analyst", "Ben Berger"), ("Answer by", "1 Dec 2026", "4 Dec 2026")],
        "loads": _loads(),
        "views": _views(),
        "view_form": ViewForm(auto_id="view_%s"),
        "timeline": Sample(events=_events(), older=None),
        "nothing": Sample(events=[], older=None),
        "done": _done(),
        "tomorrow": _tomorrow(),
    }


def _rows() -> list[SimpleNamespace]:
    """One row per state: chosen, selected, taken by a colleague, pinned, escalated, snoozed, plain."""

    def row(name: str, amount: str, why: str, badges: list[tuple[str, str]], **more: Any) -> SimpleNamespace:
        plain = {"chosen": False, "picked": False, "taken": False, "contact": "", "next": "Call · 34 days"}
        return Sample(**(plain | {"name": name, "amount": Decimal(amount), "why": why, "badges": badges} | more))

    return [
        row("Meyer Anlagenbau GmbH", "31400", "promise broken 2 Nov · €31k is 34 days late", [], chosen=True),
        row("Northwind Ltd", "18920", "no reaction for 10 days", [("late", "Promise broken")], picked=True),
        row("Kruse Logistik", "9310.50", "first call · 12 days late", [("held work-here", "Anna")], taken=True),
        row("Lumière & Fils", "7400", "asked for on Tuesday", [("attention", "Pinned")], next="E-mail · 9 days"),
        row("Bauer Söhne KG", "5120", "waits for an answer", [("critical", "Escalated")], contact="call 18 Nov"),
        row("Óptica Sur", "4100", "back on Monday", [("held truncate", "until Mon · on holiday")], next="Wait"),
        row("Zeta Components with a long name that is cut", "0", "nothing is overdue", [], next="Nothing to do"),
    ]


def _progress(*, done: int, left: int) -> SimpleNamespace:
    return Sample(
        done=done,
        all=done + left,
        left=left,
        touched=["€84,120"] if done else [],
        open=["€198,400"] if left else [],
        done_time="1 h 50" if done else "",
        left_time="4 h 10" if left else "",
        shown=45,
        shown_money=["€282,520"],
    )


def _effect() -> SimpleNamespace:
    skipped = [Sample(words="Somebody else is on it", names=["Kruse Logistik"], more=0)]
    names = ["Meyer Anlagenbau GmbH", "Northwind Ltd"]
    return Sample(count=11, money=["€84,120"], days=["24 Nov"], names=names, more=9, skipped=skipped, left_out=1)


def _written() -> SimpleNamespace:
    """A mail that lacks a word, and everything that can speak against sending one."""
    sentences = (
        ("blocks", "All outgoing mail is stopped. An administrator can start it again."),
        ("asks", "They promised €500.00 for 25 Nov, and that day has not come."),
        ("asks", "A mail went to this address today already."),
        ("tells", "It is 23:10 where they are."),
    )
    return Sample(
        findings=[Sample(weight=weight, sentence=sentence) for weight, sentence in sentences],
        problems=[Sample(line=2, sentence="There is no word “customer.nmae”. Did you mean “customer.name”?")],
        problem="Fill in what is marked before you send.",
        marked="Dear …, your invoice 2026-0431 is 34 days late.",
        words=Sample(subject="Invoice 2026-0431", text="Dear Ms Meyer,\nyour invoice 2026-0431 is 34 days late."),
        message=Sample(to_address="accounts@meyer.example", copies_to=["boss@meyer.example"], language="en"),
        files=["2026-0431.pdf", "Statement.pdf"],
    )


def _playbook() -> dict[str, Any]:
    def step(number: int, text: str, *, done: bool = False) -> SimpleNamespace:
        return Sample(step=Sample(pk=number, text=text, minutes=number), done=done, before=None)

    ask = Sample(url="#composer", icon="phone", word="Log call")
    book = Sample(
        pk=0, title="First call", goal="A day and an amount", tone="Friendly, short.",
        do="Ask for the day\nRepeat the amount", dont="Threaten\nArgue about goods",
    )  # fmt: skip
    return {
        "book": Sample(playbook=book, done=1, steps=[1, 2, 3]),
        "steps": [
            (step(1, "Look at the last three calls", done=True), None),
            (step(2, "Call the payer"), ask),
            (step(3, "Write down the promise"), None),
        ],
        "script": [
            [Sample(text="Good morning, this is ", missing=False), Sample(text="your name", missing=True)],
            [Sample(text="I am calling about invoice 2026-0431 over €12,480.00.", missing=False)],
        ],
        "caller": Sample(name="Eva Meyer", phone="+49 30 1234567", mobile=""),
    }


def _told(text: str, kind: str, hours: int) -> SimpleNamespace:
    at = NOW - timedelta(hours=hours)
    return Sample(pk=0, text=text, get_kind_display=kind, customer=_MEYER, at=at, url="")


def _groups() -> list[SimpleNamespace]:
    newest = _told("A mail to Meyer Anlagenbau GmbH did not arrive", "A mail does not arrive", 1)
    alone = _told("Ben mentions you: can you take this one?", "A colleague mentions you", 3)
    older = [_told("A mail to Northwind Ltd did not arrive", "A mail does not arrive", 2)]
    return [Sample(newest=newest, older=older), Sample(newest=alone, older=[])]


def _board() -> list[tuple[SimpleNamespace, list[tuple[str, str]]]]:
    def card(customer: SimpleNamespace, number: int, days: int, urgency: str) -> SimpleNamespace:
        return Sample(
            pk=0,
            customer=customer,
            amount=Decimal(1200 * number),
            currency="EUR",
            get_reason_display="Goods missing",
            reference=f"D-2026-{number:04}",
            owner="Ada Analyst" if number != 2 else "",
            answer_by=ON + timedelta(days=days),
            urgency=urgency,
        )

    targets = [("colleague", "With a colleague"), ("customer", "With the customer")]
    opened = [card(_MEYER, 1, -2, "late"), card(_NORTHWIND, 2, 1, "soon"), card(_MEYER, 3, 12, "")]
    totals = [("EUR", Decimal(7200))]
    return [
        (Sample(stage="open", label="New", count=8, totals=totals, cards=opened, more=5), targets),
        (Sample(stage="approval", label="Waits for approval", count=0, totals=[], cards=[], more=0), []),
    ]


def _loads() -> list[SimpleNamespace]:
    def load(user: str, minutes: int, capacity: int, over: int = 0) -> SimpleNamespace:
        return Sample(user=user, minutes=minutes, capacity=capacity, over=over)

    return [load("Ada Analyst", 214, 360), load("Ben Berger", 402, 360, 42), load("Chiara Conti", 35, 0, 35)]


def _views() -> list[tuple[SimpleNamespace, str, bool]]:
    def view(name: str, **more: Any) -> SimpleNamespace:
        return Sample(**({"pk": 0, "name": name, "owner": "Ben", "team": "", "is_default": False} | more))

    return [
        (view("Mine over 10,000", is_default=True), "#view", True),
        (view("Broken promises", is_pinned=True), "#view", True),
        (view("New this week", team="Key accounts"), "#view", True),
        (view("Northern accounts"), "#view", False),
    ]


def _events() -> list[SimpleNamespace]:
    def event(text: str, icon: str, hour: int, **more: Any) -> SimpleNamespace:
        plain = {"state": "", "url": "", "note": "", "who": "", "note_id": None, "pinned": False, "detail": ""}
        at = datetime(2026, 11, 20, hour, 2, 11, tzinfo=UTC)
        return Sample(**(plain | {"text": text, "icon": icon, "at": at, "day": None, "files": []} | more))

    return [
        event("Escalated to a manager", "circle-arrow-up", 16, who="Ada", detail="No reaction for 15 days."),
        event("Note", "notebook-pen", 15, who="Ben", note_id=1, detail="Ask for Ms Meyer.", files=[("plan.pdf", "#f")]),
        event("Payment of €1,200.00", "banknote", 14, state="ok", day=ON),
        event("Reminder opened", "mail-open", 12, note="may be automatic", url="#mail"),
        event("Mail came back: no such mailbox", "mail-x", 11, state="critical"),
        event("Promise of €500.00 broken", "calendar-x", 9, state="late"),
        event("Promise of €500.00 for 25 Nov", "calendar-check", 9, state="promised", who="Ada"),
        event("Dispute D-2026-0001 opened", "message-square-warning", 8, state="disputed", url="#case"),
    ]


def _done() -> SimpleNamespace:
    promises = [("EUR", 3, Decimal(4100))]
    return Sample(customers=12, calls=9, reached=5, mails=4, promises=promises, disputes=1, notes=2, snoozes=1)


def _tomorrow() -> SimpleNamespace:
    def awaited(count: int, words: str) -> SimpleNamespace:
        first = [Sample(customer_id=0, name=_MEYER.name, words=words, amount=Decimal(500), currency="EUR")]
        return Sample(count=count, first=first if count else [], more=max(count - 1, 0))

    return Sample(
        day=ON + timedelta(days=2),
        promises=awaited(3, "by bank transfer"),
        snoozes=awaited(1, ""),
        follow_ups=awaited(0, ""),
    )
