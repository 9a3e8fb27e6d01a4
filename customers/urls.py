"""The URLs of this app."""

from django.urls import URLPattern, URLResolver, path

from customers.views.administration import entity_edit, team_new, user_edit
from customers.views.attachment import attachment
from customers.views.audit import audit
from customers.views.contact import contact_edit, contact_new
from customers.views.customer import customer_edit, customer_new
from customers.views.mail_events import mail_events
from customers.views.merge import customer_merge
from customers.views.settings import clock, settings
from customers.views.terms import terms, terms_edit
from customers.views.tokens import token_new, token_revoke

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/new/", customer_new, name="customer_new"),
    path("accounts/<int:pk>/edit/", customer_edit, name="customer_edit"),
    path("accounts/<int:pk>/merge/", customer_merge, name="customer_merge"),
    path("accounts/<int:pk>/contacts/new/", contact_new, name="contact_new"),
    path("accounts/<int:pk>/contacts/<int:contact_id>/", contact_edit, name="contact_edit"),
    path("accounts/<int:pk>/files/<int:file_id>/", attachment, name="attachment"),
    path("webhooks/mail/<slug:provider>/", mail_events, name="mail_events"),
    path("settings/", settings, name="settings"),
    path("settings/audit/", audit, name="audit"),
    path("settings/clock/", clock, name="settings_clock"),
    path("settings/tokens/", token_new, name="token_new"),
    path("settings/tokens/<int:pk>/revoke/", token_revoke, name="token_revoke"),
    path("settings/entities/new/", entity_edit, name="entity_new"),
    path("settings/entities/<int:pk>/", entity_edit, name="entity_edit"),
    path("settings/users/new/", user_edit, name="user_new"),
    path("settings/users/<int:pk>/", user_edit, name="user_edit"),
    path("settings/teams/new/", team_new, name="team_new"),
    path("settings/terms/", terms, name="terms"),
    path("settings/terms/new/", terms_edit, name="terms_new"),
    path("settings/terms/<int:pk>/", terms_edit, name="terms_edit"),
]
