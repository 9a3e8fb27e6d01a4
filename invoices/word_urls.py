"""The URLs of what was agreed about paying: payment plans, and holds on invoices; `invoices.urls` takes them in."""

from django.urls import URLPattern, URLResolver, path

from invoices.views import plans

urlpatterns: list[URLPattern | URLResolver] = [
    path("plans/", plans.plans, name="plans"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/agree/", plans.plan_approve, name="plan_approve"),
    path("plans/<int:pk>/end/", plans.plan_end, name="plan_end"),
    path("accounts/<int:pk>/plans/", plans.account_plans, name="account_plans"),
    path("accounts/<int:pk>/plans/new/", plans.plan_new, name="plan_new"),
]
