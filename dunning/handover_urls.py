"""The URLs of what follows the last reminder, and of rehearsals; `dunning.urls` includes them."""

from django.urls import URLPattern, URLResolver, path

from dunning.views import handover, handover_new, handovers, rehearsals

urlpatterns: list[URLPattern | URLResolver] = [
    path("dunning/handovers/", handovers.handovers, name="dunning_handovers"),
    path("dunning/handovers/<int:handover_id>/", handover.handover, name="dunning_handover"),
    path("dunning/handovers/<int:handover_id>/approve/", handover.handover_approve, name="dunning_handover_approve"),
    path("dunning/handovers/<int:handover_id>/give/", handover.handover_give, name="dunning_handover_give"),
    path("dunning/handovers/<int:handover_id>/end/", handover.handover_end, name="dunning_handover_end"),
    path("dunning/handovers/<int:handover_id>/bundle/", handover.handover_bundle, name="dunning_handover_bundle"),
    path(
        "dunning/handovers/<int:handover_id>/bundles/<int:bundle_id>/",
        handover.handover_file,
        name="dunning_handover_file",
    ),
    path("dunning/customer/<int:customer_id>/end/", handovers.customer_end, name="dunning_customer_end"),
    path("dunning/customer/<int:customer_id>/end/new/", handover_new.handover_new, name="dunning_handover_new"),
    path("dunning/customer/<int:customer_id>/credit/", handover_new.credit, name="dunning_credit"),
    path("dunning/rehearsal/", rehearsals.rehearsals, name="dunning_rehearsal"),
    path("dunning/rehearsal/<int:rehearsal_id>/", rehearsals.rehearsal, name="dunning_rehearsed"),
]
