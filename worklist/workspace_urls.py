"""The addresses of the playbooks, of the one beside an account, of notes, follow-ups and the tour."""

from django.urls import URLPattern, URLResolver, path

from worklist.views import account, follow_ups, note, playbook, playbooks, tour

urlpatterns: list[URLPattern | URLResolver] = [
    path("playbooks/", playbooks.playbooks, name="playbooks"),
    path("playbooks/new/", playbooks.playbook_edit, name="playbook_new"),
    path("playbooks/starters/", playbooks.playbook_starters, name="playbook_starters"),
    path("playbooks/<int:pk>/", playbooks.playbook, name="playbook"),
    path("playbooks/<int:pk>/edit/", playbooks.playbook_edit, name="playbook_edit"),
    path("accounts/<int:pk>/people/", account.account_contacts, name="account_contacts"),
    path("tour/", tour.tour, name="tour"),
    path("tour/done/", tour.tour_done, name="tour_done"),
    path("tour/restart/", tour.tour_restart, name="tour_restart"),
    path("tour/stops/<slug:code>/", tour.tour_go, name="tour_go"),
    path("follow-ups/", follow_ups.follow_up_list, name="follow_ups"),
    path("follow-ups/<int:pk>/done/", follow_ups.follow_up_done, name="follow_up_done"),
    path("notes/<int:pk>/edit/", note.note_edit, name="note_edit"),
    path("accounts/<int:pk>/playbook/", playbook.account_playbook, name="account_playbook"),
    path("accounts/<int:pk>/playbook/<int:step_id>/", playbook.playbook_tick, name="playbook_tick"),
]
