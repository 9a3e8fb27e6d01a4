"""The addresses of the playbooks, and of the one beside an account."""

from django.urls import URLPattern, URLResolver, path

from worklist.views import playbook, playbooks

urlpatterns: list[URLPattern | URLResolver] = [
    path("playbooks/", playbooks.playbooks, name="playbooks"),
    path("playbooks/new/", playbooks.playbook_edit, name="playbook_new"),
    path("playbooks/starters/", playbooks.playbook_starters, name="playbook_starters"),
    path("playbooks/<int:pk>/", playbooks.playbook, name="playbook"),
    path("playbooks/<int:pk>/edit/", playbooks.playbook_edit, name="playbook_edit"),
    path("accounts/<int:pk>/playbook/", playbook.account_playbook, name="account_playbook"),
    path("accounts/<int:pk>/playbook/<int:step_id>/", playbook.playbook_tick, name="playbook_tick"),
]
