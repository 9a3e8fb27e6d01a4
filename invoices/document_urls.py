"""The URLs of the rules about documents that leave by themselves; `invoices.urls` takes them in."""

from django.urls import URLPattern, URLResolver, path

from invoices.views import document_rules as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/documents/", views.document_rules, name="document_rules"),
    path("settings/documents/<int:entity_id>/", views.document_rules_save, name="document_rules_save"),
    path("accounts/<int:pk>/statement-day/", views.statement_day, name="statement_day"),
]
