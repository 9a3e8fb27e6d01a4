"""The URLs of what was agreed about paying: payment plans, and holds on invoices; `invoices.urls` takes them in."""

from django.urls import URLPattern, URLResolver, path

from invoices.views import holds, plan_templates, plans

urlpatterns: list[URLPattern | URLResolver] = [
    path("plans/", plans.plans, name="plans"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/agree/", plans.plan_approve, name="plan_approve"),
    path("plans/<int:pk>/end/", plans.plan_end, name="plan_end"),
    path("settings/plan-templates/", plan_templates.plan_templates, name="plan_templates"),
    path("settings/plan-templates/new/", plan_templates.plan_template_edit, name="plan_template_new"),
    path("settings/plan-templates/<int:pk>/", plan_templates.plan_template_edit, name="plan_template"),
    path("holds/", holds.holds, name="holds"),
    path("accounts/<int:pk>/holds/", holds.account_holds, name="account_holds"),
    path("invoices/<int:pk>/hold/", holds.invoice_hold_new, name="invoice_hold_new"),
    path("holds/invoices/<int:pk>/release/", holds.invoice_hold_release, name="invoice_hold_release"),
    path("settings/pauses/", holds.pauses, name="pauses"),
    path("settings/pauses/<int:pk>/release/", holds.pause_release, name="pause_release"),
    path("accounts/<int:pk>/plans/", plans.account_plans, name="account_plans"),
    path("accounts/<int:pk>/plans/new/", plans.plan_new, name="plan_new"),
]
