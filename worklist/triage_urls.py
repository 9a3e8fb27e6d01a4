"""The addresses of triage beside the list: filters, columns, views, many at once, who is where, the day's end."""

from django.urls import URLPattern, URLResolver, path

from worklist.views import bulk, columns, day, filters, presence, saved_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("worklist/filter/", filters.worklist_filter, name="worklist_filter"),
    path("worklist/columns/", columns.worklist_columns, name="worklist_columns"),
    path("worklist/day/", day.day, name="day"),
    path("worklist/bulk/", bulk.bulk, name="bulk"),
    path("views/", saved_views.views, name="views"),
    path("views/<int:pk>/", saved_views.view_change, name="view_change"),
    path("views/<int:pk>/delete/", saved_views.view_delete, name="view_delete"),
    path("accounts/<int:pk>/here/", presence.here, name="account_here"),
]
