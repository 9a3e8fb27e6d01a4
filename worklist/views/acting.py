"""What each action does with its checked form: one service, one sentence for the message, one way back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from collections_app.accounts.models import User
from collections_app.lib.errors import NotAllowed
from collections_app.web.writing import amount_text, date_text
from customers.queries.accounts import account_members
from customers.services.place_hold import place_hold
from invoices.models import Invoice
from invoices.services.approve_plan import approve_plan
from invoices.services.make_promise import make_promise
from invoices.services.open_case import open_case
from invoices.services.propose_plan import propose_plan
from worklist.forms import actions as forms
from worklist.forms.dispute import DisputeForm
from worklist.forms.escalate import EscalateForm
from worklist.forms.note import NoteForm
from worklist.forms.pin import PinForm
from worklist.models import Activity, WorklistItem
from worklist.services.assign import assign
from worklist.services.escalate import escalate
from worklist.services.log_activity import log_activity
from worklist.services.pin import pin
from worklist.services.snooze import snooze
from worklist.services.unpin import unpin


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in a sentence, and what an undo needs; target_id 0 means that it cannot be undone."""

    text: str
    target_id: int = 0
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


def call(form: forms.CallForm, actor: User) -> Done:
    """The logged call."""
    return _log(form, actor, Activity.Kind.CALL, "Call with %s logged.")


def note(form: NoteForm, actor: User) -> Done:
    """The written note."""
    return _log(form, actor, Activity.Kind.NOTE, "Note on %s saved.")


def _log(form: forms.ActionForm, actor: User, kind: str, words: str) -> Done:
    about, data = form.about, form.cleaned_data
    activity = log_activity(customer=about.customer, kind=kind, happened_on=about.on, actor=actor, **data)
    return Done(words % about.customer.name, activity.pk, after={"text": activity.text})


def promise(form: forms.PromiseForm, actor: User) -> Done:
    """The recorded promise."""
    if form.cleaned_data.get("parts"):
        return _plan(form, actor)
    about, shares = form.about, form.shares()
    invoices = Invoice.objects.filter(customer__in=account_members(about.customer.pk)).in_bulk([pk for pk, _ in shares])
    made = make_promise(
        customer=about.customer,
        items=[(invoices[pk], amount) for pk, amount in shares if pk in invoices],
        promised_on=form.cleaned_data["day"],
        made_on=about.on,
        note=form.cleaned_data["note"],
        actor=actor,
    )
    words = f"{amount_text(made.amount, made.currency)} promised by {date_text(made.promised_on, on=about.on)}."
    return Done(f"{about.customer.name}: {words}", made.pk)


def _plan(form: forms.PromiseForm, actor: User) -> Done:
    """The plan that was agreed on the phone; one that exceeds the limits waits for a second person."""
    about, parts, shares = form.about, form.cleaned_data["parts"], form.shares()
    invoices = Invoice.objects.filter(customer__in=account_members(about.customer.pk)).in_bulk([pk for pk, _ in shares])
    plan = propose_plan(
        customer=about.customer,
        items=[(invoices[pk], amount) for pk, amount in shares if pk in invoices],
        parts=parts,
        on=about.on,
        reminds=True,
        note=form.cleaned_data["note"],
        actor=actor,
    )
    told = {"customer": about.customer.name, "count": len(parts), "day": date_text(parts[0].due_on, on=about.on)}
    try:
        plan = approve_plan(plan=plan, on=about.on, actor=actor)
        words = _("%(customer)s: a plan in %(count)s parts is agreed, the first by %(day)s.") % told
    except NotAllowed:
        words = _("%(customer)s: a plan in %(count)s parts waits for a second person.") % told
    return Done(words, plan.pk, after={"plan": True})


def dispute(form: DisputeForm, actor: User) -> Done:
    """The opened dispute."""
    about, data = form.about, form.cleaned_data
    chosen = Invoice.objects.filter(customer__in=account_members(about.customer.pk)).in_bulk(
        [pk for pk, _ in data["invoices"]]
    )
    opened = open_case(
        customer=about.customer,
        items=[(chosen[pk], amount) for pk, amount in data["invoices"] if pk in chosen],
        reason=data["reason"],
        text=data["text"],
        opened_on=about.on,
        actor=actor,
    )
    numbers = ", ".join(invoice.number for invoice in chosen.values())
    return Done(f"Dispute {opened.reference} on {numbers[:80]} opened.", opened.pk)


def snooze_state(item: WorklistItem | None) -> dict[str, Any]:
    """How a customer is snoozed, as an undo restores it."""
    return {
        "until": item.snoozed_until.isoformat() if item and item.snoozed_until else None,
        "reason": item.snooze_reason if item else "",
        "by": item.snoozed_by_id if item else None,
    }


def pin_state(item: WorklistItem | None) -> dict[str, Any]:
    """How a customer is pinned, as an undo restores and checks it."""
    return {
        "pinned": bool(item and item.pinned),
        "until": item.pinned_until.isoformat() if item and item.pinned_until else None,
        "reason": item.pin_reason if item else "",
        "by": item.pinned_by_id if item else None,
    }


def snooze_customer(form: forms.SnoozeForm, actor: User) -> Done:
    """The snoozed customer."""
    about, day, reason = form.about, form.cleaned_data["day"], form.cleaned_data["reason"]
    item = WorklistItem.objects.filter(pk=about.customer.pk).first()
    before = snooze_state(item)
    activity = snooze(customer=about.customer, until=day, reason=reason, on=about.on, actor=actor)
    words = f"{about.customer.name} is off the list until {date_text(day, on=about.on)}."
    return Done(words, activity.pk, before, {"until": day.isoformat(), "reason": reason})


def pin_customer(form: PinForm, actor: User) -> Done:
    """The pinned customer, or the one that is not pinned any more."""
    about, data = form.about, form.cleaned_data
    item = WorklistItem.objects.filter(pk=about.customer.pk).first()
    before = pin_state(item) | {"snooze": snooze_state(item)}
    if data["off"]:
        activity = unpin(customer=about.customer, on=about.on, actor=actor)
        words = _("%(name)s is not pinned any more.") % {"name": about.customer.name}
    else:
        activity = pin(customer=about.customer, until=data["day"], reason=data["reason"], on=about.on, actor=actor)
        named = {"name": about.customer.name, "day": date_text(data["day"], on=about.on)}
        words = _("%(name)s stands on top of the list until %(day)s.") % named
    return Done(words, activity.pk, before, pin_state(WorklistItem.objects.get(pk=about.customer.pk)))


def assign_customer(form: forms.AssignForm, actor: User) -> Done:
    """The assigned customer."""
    about, to = form.about, form.cleaned_data["collector"]
    before = {"collector": about.customer.collector_id}
    activity = assign(customer=about.customer, to=to, on=about.on, actor=actor)
    words = f"{about.customer.name} is now {to}'s." if to else f"{about.customer.name} is nobody's now."
    return Done(words, activity.pk, before, {"collector": to.pk if to else None})


def escalate_customer(form: EscalateForm, actor: User) -> Done:
    """The raised escalation."""
    about, data = form.about, form.cleaned_data
    raised = escalate(customer=about.customer, reason=data["reason"], to=data["to"], on=about.on, actor=actor)
    named = {"name": about.customer.name, "to": raised.to or _("the managers")}
    return Done(_("%(name)s was handed to %(to)s.") % named, raised.pk)


def hold(form: forms.HoldForm, actor: User) -> Done:
    """The placed hold; it is released on the account, not undone."""
    about, data = form.about, form.cleaned_data
    placed = place_hold(customer=about.customer, actor=actor, **data)
    who = placed.contact.name if placed.contact else about.customer.name
    return Done(f"{who} is on hold until {date_text(placed.ends_on, on=about.on)}.")


@dataclass(frozen=True, slots=True)
class Act:
    """One action: its words, form and deed; `completes` takes the customer off today's list, and `reads_account` gives
    the form what is open and promised there."""

    code: str
    title: str
    submit: str
    form: type[forms.ActionForm]
    perform: Callable[[Any, User], Done]
    completes: bool
    reads_account: bool = False


ACTS = {
    act.code: act
    for act in (
        Act("call", "Log a call", "Save call", forms.CallForm, call, completes=True),
        Act("note", "Write a note", "Save note", NoteForm, note, completes=False),
        Act(
            "promise",
            "Record a promise",
            "Save promise",
            forms.PromiseForm,
            promise,
            completes=True,
            reads_account=True,
        ),
        Act("dispute", "Open a dispute", "Open dispute", DisputeForm, dispute, completes=True, reads_account=True),
        Act("snooze", "Snooze", "Snooze", forms.SnoozeForm, snooze_customer, completes=True, reads_account=True),
        Act("pin", "Pin to the top", "Save pin", PinForm, pin_customer, completes=False),
        Act("assign", "Assign", "Assign", forms.AssignForm, assign_customer, completes=False),
        Act("escalate", "Escalate to a manager", "Escalate", EscalateForm, escalate_customer, completes=True),
        Act("hold", "Place on hold", "Place on hold", forms.HoldForm, hold, completes=True),
    )
}
