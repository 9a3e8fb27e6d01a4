"""The URLs of the demo: its mailbox."""

from django.urls import path

from collections_app.demo import views

urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<slug:key>/body/", views.mailbox_body, name="mailbox_body"),
    path("mailbox/<slug:key>/files/<int:position>/", views.mailbox_attachment, name="mailbox_attachment"),
]
