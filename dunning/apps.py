"""When and how we remind: policies, steps, notices, runs, channels."""

from django.apps import AppConfig


class DunningConfig(AppConfig):
    name = "dunning"

    def ready(self) -> None:
        """Nothing; afterwards the history of an invoice tells of the notices that named it, every page of what may not
        leave the house, and a segment of the policies that are for it."""
        from collections_app.web.frame_facts import provide_frame_facts
        from customers.queries.segment_uses import provide_segment_uses
        from dunning.frame import outgoing_facts
        from dunning.queries.contacts import provide_manual_contacts
        from dunning.queries.document_events import mails_of, notices_of
        from dunning.queries.own_messages import last_own_messages
        from dunning.queries.portal import portal_messages
        from dunning.queries.segment_uses import policies_of_segments
        from invoices.queries.history import provide_events
        from invoices.queries.payer_messages import provide_payer_messages

        provide_events(notices_of)
        provide_events(mails_of)
        provide_manual_contacts(last_own_messages)
        provide_payer_messages(portal_messages)
        provide_frame_facts(outgoing_facts)
        provide_segment_uses(policies_of_segments)
