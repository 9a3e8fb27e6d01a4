"""The URLs of documents by hand, adjustments and their approval; `invoices.urls` takes them in."""

from django.urls import URLPattern, URLResolver, path

from invoices.views import approvals, segments
from invoices.views.adjusting import adjustment_undo, invoice_adjust
from invoices.views.currency_rules import currency_rules, currency_rules_edit
from invoices.views.issuing import credit_note_new, invoice_new
from invoices.views.late_rates import late_rates

urlpatterns: list[URLPattern | URLResolver] = [
    path("invoices/new/", invoice_new, name="invoice_new"),
    path("invoices/credit-notes/new/", credit_note_new, name="credit_note_new"),
    path("invoices/<int:pk>/adjust/", invoice_adjust, name="invoice_adjust"),
    path("invoices/adjustments/<int:pk>/undo/", adjustment_undo, name="adjustment_undo"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:pk>/approve/", approvals.approval_approve, name="approval_approve"),
    path("approvals/<int:pk>/reject/", approvals.approval_reject, name="approval_reject"),
    path("approvals/<int:pk>/withdraw/", approvals.approval_withdraw, name="approval_withdraw"),
    path("approvals/<int:pk>/edit/", approvals.approval_edit, name="approval_edit"),
    path("settings/segments/", segments.segments, name="segments"),
    path("settings/segments/new/", segments.segment_edit, name="segment_new"),
    path("settings/segments/<int:pk>/", segments.segment_edit, name="segment_edit"),
    path("settings/segments/<int:pk>/members/", segments.segment_members, name="segment_members"),
    path("accounts/<int:pk>/segments/", segments.account_segments, name="account_segments"),
    path("settings/late-rates/", late_rates, name="late_rates"),
    path("settings/currencies/", currency_rules, name="currency_rules"),
    path("settings/currencies/new/", currency_rules_edit, name="currency_rules_new"),
    path("settings/currencies/<int:pk>/", currency_rules_edit, name="currency_rules_edit"),
]
