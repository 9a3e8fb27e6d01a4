"""The URLs of this app."""

from django.urls import URLPattern, URLResolver, include, path

from worklist.views import account, act, drafts, mail, upkeep, worklist
from worklist.views.acting import ACTS
from worklist.views.once import saved_once

ACT = saved_once(act.act)
urlpatterns: list[URLPattern | URLResolver] = [
    path("", worklist.home, name="home"),
    path("worklist/", worklist.worklist, name="worklist"),
    path("", include("worklist.team_urls")),
    path("", include("worklist.triage_urls")),
    path("", include("worklist.strategy_urls")),
    path("drafts/", drafts.drafts, name="drafts"),
    path("", include("worklist.workspace_urls")),
    path("undo/<uuid:token>/", act.undo, name="undo"),
    path("accounts/", account.accounts, name="accounts"),
    path("accounts/<int:pk>/", account.account, name="account"),
    path("accounts/<int:pk>/timeline/", account.account_timeline, name="account_timeline"),
    *(path(f"accounts/<int:pk>/{code}/", ACT, {"action": code}, name=f"account_{code}") for code in ACTS),
    path("accounts/<int:pk>/mail/", mail.mail, name="account_mail"),
    path("accounts/<int:pk>/mail/shown/", mail.mail_shown, name="account_mail_shown"),
    path("notes/<int:pk>/pin/", upkeep.note_pin, name="note_pin"),
    path("promises/<int:pk>/withdraw/", upkeep.promise_withdraw, name="promise_withdraw"),
    path("holds/<int:pk>/release/", upkeep.hold_release, name="hold_release"),
    path("", include("worklist.dispute_urls")),
]
