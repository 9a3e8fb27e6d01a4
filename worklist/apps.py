"""What a collector does next: items, scores, activities, notes, the account page."""

from django.apps import AppConfig


class WorklistConfig(AppConfig):
    name = "worklist"

    def ready(self) -> None:
        """Nothing; afterwards this app hears of changed facts, dunning of contacts and notes made by hand,
        and segments of what asks for them here."""
        from collections_app.web.frame_facts import provide_frame_facts
        from customers.changes import facts_changed
        from customers.queries.segment_uses import provide_segment_uses
        from dunning.queries.contacts import provide_manual_contacts
        from dunning.queries.evidence import provide_evidence
        from dunning.starter_companions import provide_starter_companion
        from worklist.frame import worklist_facts
        from worklist.listening import rescore_soon
        from worklist.queries.contacts import last_contacts_by_hand
        from worklist.queries.evidence import activity_evidence
        from worklist.queries.segment_uses import worklist_uses_of
        from worklist.services.install_playbooks import install_playbooks

        provide_manual_contacts(last_contacts_by_hand)
        provide_frame_facts(worklist_facts)
        provide_evidence(activity_evidence)
        provide_segment_uses(worklist_uses_of)
        provide_starter_companion(install_playbooks)
        facts_changed.connect(rescore_soon, dispatch_uid="worklist.rescore_soon")
