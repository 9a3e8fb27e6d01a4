"""The settings of segments: the list, the form with a preview of who moves, and the members of one."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import page_or_fragment, toast
from collections_app.web.pagination import keyset_page
from customers.access import visible_customers, visible_entities
from customers.models import Segment, SegmentMember
from customers.queries.clock import installation_day
from customers.queries.segment_uses import SegmentUse, segment_uses
from customers.rules.segments import read_rule, sentence
from invoices.forms.segment import SegmentForm
from invoices.nudge import nudge
from invoices.queries.segment_members import Preview, moves_by_day, preview, segments_of, segments_with_counts
from invoices.services.save_segment import save_segment
from invoices.tasks import judge_due_segments


@require_safe
@requires(Capability.EDIT_POLICIES)
def segments(request: HttpRequest) -> HttpResponse:
    """All segments by rank, each with its rule in words and how many customers of the person's teams are in it."""
    rows = list(segments_with_counts(visible_customers(signed_in(request))))
    uses = segment_uses([row.pk for row in rows])
    context = {
        "rows": [(row, words_of(row), sum(use.in_force for use in uses.get(row.pk, ()))) for row in rows],
        "crumbs": [(_("Settings"), reverse("settings")), (_("Segments"), "")],
    }
    return render(request, "invoices/segments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.EDIT_POLICIES)
def segment_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The form of a segment, a new one without `pk`. One button adds a line, one shows who would move, one saves."""
    found = get_object_or_404(Segment, pk=pk) if pk else Segment()
    form = SegmentForm(request.POST if request.method == "POST" else None, instance=found)
    seen: Preview | None = None
    adds = "more" in request.POST
    if form.is_bound and not adds and form.is_valid():
        if "preview" in request.POST:
            seen = _preview(request, found, form)
        elif _saved(request, form):
            return toast(request, HttpResponseRedirect(reverse("segments")), _("Saved. Its members are found now."))
    wrong = form.is_bound and not adds and bool(form.errors)
    title = found.name if pk else _("New segment")
    context = {
        "form": form, "segment": found, "title": title, "preview": seen, "more": adds, "has_errors": wrong,
        "uses": _uses(request, found),
        "crumbs": _crumbs(title),
    }  # fmt: skip
    return render(request, "invoices/segment.html", context, status=422 if wrong else 200)


@require_safe
@requires(Capability.EDIT_POLICIES)
def segment_members(request: HttpRequest, pk: int) -> HttpResponse:
    """Who of the person's teams is in the segment, newest first; with `?show=left` who left it, and when; with
    `?show=days` how many came and left day by day."""
    found = get_object_or_404(Segment, pk=pk)
    mine, show = visible_customers(signed_in(request)), request.GET.get("show", "")
    show = show if show in ("left", "days") else ""
    context: dict[str, Any] = {"segment": found, "words": words_of(found), "crumbs": _crumbs(found.name), "show": show}
    if show == "days":
        context["days"] = moves_by_day(found, mine)
    else:
        rows = SegmentMember.objects.filter(segment=found, customer__in=mine, until__isnull=show != "left")
        context["page"] = keyset_page(rows.select_related("customer"), request.GET, order=("-since", "-id"))
    context |= {"left": show == "left", "uses": _uses(request, found)}
    return page_or_fragment(
        request, "invoices/segment_members.html", context, fragment="invoices/_segment_members.html"
    )


@require_safe
@requires(Capability.SEE_ACCOUNTS)
def account_segments(request: HttpRequest, pk: int) -> HttpResponse:
    """Which segments one account is in, and which it was in and when; a panel of the account page."""
    customer = get_object_or_404(visible_customers(signed_in(request)).select_related("entity"), pk=pk)
    context = {"customer": customer, "rows": [(row, words_of(row.segment)) for row in segments_of(customer)]}
    return page_or_fragment(
        request, "invoices/account_segments.html", context, fragment="invoices/_account_segments.html"
    )


def _uses(request: HttpRequest, segment: Segment) -> list[SegmentUse]:
    """What asks for the segment; of what belongs to other teams only the kind is told."""
    if not segment.pk:
        return []
    mine = set(visible_entities(signed_in(request)).values_list("pk", flat=True))
    told = segment_uses([segment.pk]).get(segment.pk, [])
    return [
        use if use.entity_id is None or use.entity_id in mine else replace(use, name=_("of another team"), url="")
        for use in told
    ]


def words_of(segment: Segment) -> str:
    """The rule in words, or why it is none."""
    try:
        return sentence(read_rule(segment.rule))
    except Refusal as refusal:
        return refusal.sentence


def _crumbs(title: str) -> list[tuple[str, str]]:
    return [(_("Settings"), reverse("settings")), (_("Segments"), reverse("segments")), (title, "")]


def _preview(request: HttpRequest, found: Segment, form: SegmentForm) -> Preview:
    rule = read_rule(form.cleaned_data["rule"]) if form.cleaned_data["is_active"] else None
    mine = visible_customers(signed_in(request))
    return preview(rule, segment_id=found.pk, on=installation_day(), visible=mine)


def _saved(request: HttpRequest, form: SegmentForm) -> Any:
    try:
        kept = save_segment(segment=form.save(commit=False), rule=form.cleaned_data["rule"], actor=signed_in(request))
    except Refusal as refusal:
        form.take(refusal)
        return None
    nudge(judge_due_segments)
    return kept
