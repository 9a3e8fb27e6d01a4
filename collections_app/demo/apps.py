"""The demo: a deterministic company, a mailbox that catches every mail, and a first-run tour."""

from django.apps import AppConfig

from collections_app.web.frame_facts import provide_frame_facts


class DemoConfig(AppConfig):
    name = "collections_app.demo"
    label = "demo"

    def ready(self) -> None:
        from collections_app.demo.frame import clock_facts  # models must be ready first

        provide_frame_facts(clock_facts)
