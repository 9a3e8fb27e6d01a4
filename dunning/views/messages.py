"""The messages page: what customers wrote on the left, one message with its proposals on the right. Reads only;
`message_acts` acts."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from collections_app.web.fragments import page_or_fragment, wants_fragment
from collections_app.web.pagination import keyset_page
from customers.access import visible_customers
from customers.queries.clock import business_day
from dunning.access import visible_messages
from dunning.models import InboundMessage, Mailbox, MessageProposal
from dunning.queries.message_items import meant_invoices, offered_invoices
from dunning.queries.messages import Messages, listed_messages, of_tab, pieces_of, read_messages, waiting_counts

TABS = (
    ("waiting", gettext_lazy("Waiting")),
    ("unassigned", gettext_lazy("Nobody's")),
    ("done", gettext_lazy("Done")),
)


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def messages(request: HttpRequest) -> HttpResponse:
    """The page; for htmx the panel of one message (target "panel"), or list and panel."""
    asked, at = read_messages(request.GET), _message_asked(request)
    if wants_fragment(request) and request.headers.get("HX-Target") == "panel" and at:
        shown = panel_context(request, message_in_scope(request, at), asked)
        return render(request, "dunning/_message_panel.html", shown)
    context = list_context(request, asked, at)
    return page_or_fragment(
        request, "dunning/messages.html", context, fragment="dunning/_messages_split.html", announce=context["summary"]
    )


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def customer_messages(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The messages of one account, newest first, the waiting ones marked."""
    customer = get_object_or_404(visible_customers(signed_in(request)), pk=customer_id)
    rows = visible_messages(signed_in(request)).filter(customer=customer).defer("raw", "text")
    page = keyset_page(rows, request.GET, order=("-received_at", "-id"), size=20)
    context = {"customer": customer, "page": page}
    return page_or_fragment(
        request, "dunning/customer_messages.html", context, fragment="dunning/_customer_messages.html"
    )


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def message_file(request: HttpRequest, pk: int, file_id: int) -> FileResponse:
    """A file that came with a message, always as a download: nothing a stranger sends is shown in our pages."""
    found = get_object_or_404(message_in_scope(request, pk).files, pk=file_id)
    if not found.content:
        raise Http404
    return FileResponse(
        found.content.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def message_original(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail as it was received, with its headers, as a download."""
    message = message_in_scope(request, pk)
    response = HttpResponse(bytes(message.raw), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="message-{message.pk}.eml"'
    return response


def message_in_scope(request: HttpRequest, pk: int) -> InboundMessage:
    """The message with its customer, contact and what it answers; 404 for a stranger's."""
    rows = visible_messages(signed_in(request)).select_related(
        "customer__entity", "contact", "notice", "document_mail", "own_message", "settled_by"
    )
    return get_object_or_404(rows, pk=pk)


def list_context(request: HttpRequest, asked: Messages, at: int | None) -> dict[str, Any]:
    """List, tabs and filter, and the message that is asked for, else the first of the list."""
    user = signed_in(request)
    page = keyset_page(listed_messages(user, asked), request.GET, order=asked.order)
    counts = waiting_counts(user)
    current = at or (page.rows[0].pk if page.rows else None)
    context = {
        "asked": asked,
        "page": page,
        "rows": [(row, f"?{asked.query(at=row.pk)}", row.pk == current) for row in page.rows],
        "current": current,
        "opened": at is not None,
        "tabs": tabs(asked, counts),
        "problems": list(Mailbox.objects.exclude(problem="").order_by("account")),
        "summary": _("%(n)s messages wait") % {"n": counts["waiting"]},
    }
    return context | (panel_context(request, message_in_scope(request, current), asked) if current else {})


def panel_context(request: HttpRequest, message: InboundMessage, asked: Messages) -> dict[str, Any]:
    """Everything about one message."""
    proposals = list(message.proposals.select_related("decided_by").order_by("starts_at", "pk"))
    undecided = [row for row in proposals if row.state == MessageProposal.State.OPEN]
    may_work = signed_in(request).may(Capability.WORK_ACCOUNTS)
    return {
        "message": message,
        "asked": asked,
        "back": asked.query(at=message.pk),
        "pieces": pieces_of(message, proposals),
        "proposals": list(enumerate(proposals, start=1)),
        "first_open": undecided[0].pk if undecided else None,
        "about": _about(message) if undecided else [],
        "files": list(message.files.order_by("position")),
        "answers_sent": list(message.answers.exclude(reason="withdrawn").select_related("written_by").order_by("pk")),
        "may_work": may_work,
        "may_confirm": may_work and message.customer_id is not None,
        "rest": message.text if message.text.strip() != message.said.strip() else "",
        "spoken": ", ".join(filter(None, [message.from_name or message.from_address, message.subject])),
    }


def _about(message: InboundMessage) -> list[str]:
    """The numbers of the open invoices that confirming would be about."""
    if message.customer is None:
        return []
    offered = offered_invoices(message, on=business_day(message.customer.entity))
    return [row.number for row in meant_invoices(message, offered)]


def tabs(asked: Messages, counts: dict[str, int]) -> list[tuple[object, str, int | None, bool]]:
    """Words, address, count and whether it is the one shown."""
    here = reverse("dunning_messages")
    return [
        (words, f"{here}?{of_tab(asked, show).query()}", counts.get(show), show == asked.show) for show, words in TABS
    ]


def fresh_tabs(user: User, asked: Messages) -> list[tuple[object, str, int | None, bool]]:
    """The tabs with fresh counts, after something was done."""
    return tabs(asked, waiting_counts(user))


def _message_asked(request: HttpRequest) -> int | None:
    at = request.GET.get("at", "")
    return int(at) if at.isascii() and at.isdigit() and len(at) < 18 else None
