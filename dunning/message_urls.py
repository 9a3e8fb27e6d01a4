"""The URLs of what customers write, and of what is written to them by hand; `dunning.urls` includes them."""

from django.urls import URLPattern, URLResolver, path

from dunning.views import inbound, message_acts, messages, own_message

urlpatterns: list[URLPattern | URLResolver] = [
    path("dunning/messages/", messages.messages, name="dunning_messages"),
    path("dunning/messages/<int:pk>/original.eml", messages.message_original, name="dunning_message_original"),
    path("dunning/messages/<int:pk>/files/<int:file_id>/", messages.message_file, name="dunning_message_file"),
    path(
        "dunning/messages/<int:pk>/confirm/<int:proposal_id>/",
        message_acts.message_confirm,
        name="dunning_message_confirm",
    ),
    path(
        "dunning/messages/<int:pk>/dismiss/<int:proposal_id>/",
        message_acts.message_dismiss,
        name="dunning_message_dismiss",
    ),
    path("dunning/messages/<int:pk>/assign/", message_acts.message_assign, name="dunning_message_assign"),
    path("dunning/messages/<int:pk>/settle/", message_acts.message_settle, name="dunning_message_settle"),
    path("dunning/messages/<int:pk>/reopen/", message_acts.message_reopen, name="dunning_message_reopen"),
    path("dunning/mails/<int:pk>/", own_message.own_message, name="dunning_own_message"),
    path("dunning/mails/<int:pk>/mail/", own_message.own_message_mail, name="dunning_own_message_mail"),
    path("dunning/mails/<int:pk>/withdraw/", own_message.own_message_withdraw, name="dunning_own_message_withdraw"),
    path("dunning/mails/<int:pk>/resolve/", own_message.own_message_resolve, name="dunning_own_message_resolve"),
    path("webhooks/mail/<slug:provider>/inbound/", inbound.inbound_mail, name="inbound_mail"),
    path("dunning/customer/<int:customer_id>/messages/", messages.customer_messages, name="dunning_messages_panel"),
]
