"""What beat starts in this app. A task finds what is due in the database and calls a service; it decides nothing."""

from celery import shared_task
from django.utils import timezone

from customers.services.follow_mail_events import follow_mail_events


@shared_task(name="customers.tasks.follow_waiting_mail_events")
def follow_waiting_mail_events() -> int:
    """How many events of mail providers were acted on."""
    return follow_mail_events(now=timezone.now()).seen
