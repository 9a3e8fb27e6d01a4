"""The settings of plan templates: the list, and the form of one."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collections_app.accounts.access import requires, signed_in
from collections_app.accounts.roles import Capability
from collections_app.lib.errors import Refusal
from collections_app.web.fragments import toast
from customers.forms.refusals import take_refusal
from invoices.forms.plan_template import PlanTemplateForm
from invoices.models import PlanTemplate
from invoices.services.save_plan_template import save_plan_template


@require_safe
@requires(Capability.EDIT_POLICIES)
def plan_templates(request: HttpRequest) -> HttpResponse:
    """All plan templates, in the order in which they are tried."""
    context = {
        "templates": PlanTemplate.objects.select_related("entity", "segment").order_by("currency", "rank", "name"),
        "crumbs": [(_("Settings"), reverse("settings")), (_("Plan templates"), "")],
    }
    return render(request, "invoices/plan_templates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Capability.EDIT_POLICIES)
def plan_template_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The form of one template, a new one without `pk`."""
    found = get_object_or_404(PlanTemplate, pk=pk) if pk else PlanTemplate()
    title = found.name if pk else _("New plan template")
    form = PlanTemplateForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        try:
            save_plan_template(template=form.save(commit=False), actor=signed_in(request))
            return toast(request, HttpResponseRedirect(reverse("plan_templates")), _("Template saved."))
        except Refusal as refusal:
            take_refusal(form, refusal)
    back = reverse("plan_templates")
    context = {
        "form": form,
        "title": title,
        "back_url": back,
        "has_errors": form.is_bound,
        "crumbs": [(_("Settings"), reverse("settings")), (_("Plan templates"), back), (title, "")],
    }
    return render(request, "customers/administration.html", context, status=422 if form.is_bound else 200)
