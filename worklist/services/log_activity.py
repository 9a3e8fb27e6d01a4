"""Writes down a call or a note. A call also answers an earlier follow-up and works the customer for today; one that
reached somebody counts in the contact budget. Colleagues who are named in the text are told."""

from collections.abc import Iterable
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from collections_app.accounts.models import User
from collections_app.audit.record import record
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput, Conflict
from customers.changes import announce
from customers.models import Contact, Customer
from customers.services.keep_attachment import keep_attachment
from customers.services.note_contact import note_contact
from worklist.actions import ACTIVITY_LOGGED
from worklist.models import Activity, NoteFile
from worklist.models.notification import Notification
from worklist.queries.colleagues import mentioned
from worklist.queries.contacts import HEARD
from worklist.services.notify import notify


@transaction.atomic
def log_activity(
    *,
    customer: Customer,
    kind: str,
    happened_on: date,
    actor: User,
    outcome: str = "",
    text: str = "",
    contact: Contact | None = None,
    follow_up_on: date | None = None,
    pinned: bool = False,
    attached: Iterable[UploadedFile] = (),
    replaces: Activity | None = None,
) -> Activity:
    """The activity as written, dated `happened_on`; a follow-up is a later day or none. `replaces` is a note that this
    one says better; both stay readable.

    Raises BadInput for a call without outcome, a note without text, a follow-up in the past, or a file that cannot be
    kept, and Conflict when the note was replaced or taken back meanwhile."""
    _check(kind, outcome, text, happened_on, follow_up_on)
    if replaces is not None:
        _check_replaced(replaces)
    activity = Activity.objects.create(
        customer=customer,
        contact=contact,
        kind=kind,
        outcome=outcome,
        text=text.strip(),
        by=actor,
        happened_on=happened_on,
        follow_up_on=follow_up_on,
        pinned=pinned,
        replaces=replaces,
    )
    _keep_files(activity, attached, actor)
    if kind == Activity.Kind.MAIL or (kind == Activity.Kind.CALL and outcome in HEARD):
        source = f"activity:{activity.pk}"
        note_contact(customer=customer, contact=contact, channel=kind, on=happened_on, source=source)
    record(ACTIVITY_LOGGED, activity, actor=actor, kind=kind, outcome=outcome, text=activity.text)
    _tell(activity, actor)
    announce([customer.pk])
    return activity


def _check(kind: str, outcome: str, text: str, happened_on: date, follow_up_on: date | None) -> None:
    if kind == Activity.Kind.CALL and not outcome:
        raise BadInput("Choose how the call went.", code="no_outcome", fields={"outcome": "Choose how the call went."})
    if kind == Activity.Kind.NOTE and not text.strip():
        raise BadInput("Write the note first.", code="no_text", fields={"text": "Write the note first."})
    if follow_up_on is not None and follow_up_on < happened_on:
        sentence = f"A follow-up lies ahead. Choose {format_date(happened_on)} or later."
        raise BadInput(sentence, code="follow_up_in_past", fields={"follow_up_on": sentence})


def _check_replaced(note: Activity) -> None:
    """Locks the note; a second writer waits here and is told."""
    Activity.objects.select_for_update(no_key=True).get(pk=note.pk)
    newer = Activity.objects.filter(replaces=note).select_related("by").first()
    if newer is not None:
        sentence = _("%(who)s wrote this note anew in the meantime: “%(text)s”. Yours is kept below.") % {
            "who": newer.by, "text": newer.text[:200],
        }  # fmt: skip
        raise Conflict(sentence, code="note_replaced")
    if Activity.objects.filter(pk=note.pk, undone_at__isnull=False).exists():
        raise Conflict(_("This note was taken back. Write a new one."), code="note_taken_back")


def _keep_files(activity: Activity, files: Iterable[UploadedFile], actor: User) -> None:
    kept = [
        keep_attachment(
            customer=activity.customer, name=file.name or "", content=file.read(),
            content_type=file.content_type or "", actor=actor,
        )
        for file in files
    ]  # fmt: skip
    NoteFile.objects.bulk_create(NoteFile(activity=activity, attachment=file) for file in kept)


def _tell(activity: Activity, actor: User) -> None:
    """Those named in the text are remembered with it and told, once; nobody tells themselves."""
    people = [user for user in mentioned(activity.text, activity.customer) if user != actor]
    if not people:
        return
    activity.mentioned.set(people)
    notify(
        users=people,
        kind=Notification.Kind.MENTION,
        text=_("%(who)s on %(customer)s: %(text)s")
        % {"who": actor, "customer": activity.customer.name, "text": activity.text},
        url=reverse("account", args=[activity.customer_id]) + "#timeline",
        customer=activity.customer,
        source=f"activity:{activity.pk}",
    )
