"""What beat starts in this app. A task finds what is due in the database and calls a service; it decides nothing."""

from celery import shared_task
from django.utils import timezone

from customers.queries.clock import installation_day
from customers.queries.zones import business_days
from invoices.nudge import nudge
from invoices.queries.aging_days import due_snapshots
from invoices.queries.books import check_is_due
from invoices.queries.segment_members import segments_due
from invoices.services.check_books import check_books
from invoices.services.deliver_document_mails import deliver_document_mails
from invoices.services.give_cases import give_cases
from invoices.services.judge_plans import judge_plans
from invoices.services.judge_promises import judge_promises
from invoices.services.judge_segments import judge_segments
from invoices.services.match_waiting_lines import match_waiting_lines
from invoices.services.process_webhooks import process_webhooks
from invoices.services.queue_due_documents import queue_due_documents
from invoices.services.read_queued_bank_files import read_queued_bank_files
from invoices.services.settle_disputes import settle_disputes
from invoices.services.take_aging_snapshot import take_aging_snapshot


@shared_task(name="invoices.tasks.take_due_aging_snapshots")
def take_due_aging_snapshots() -> int:
    """How many rows were stored. Two beats at once store each day once; a day missed is stored by the next beat."""
    return sum(take_aging_snapshot(entity=entity, as_of=day) for entity, day in due_snapshots())


@shared_task(name="invoices.tasks.check_due_books")
def check_due_books() -> int:
    """How many findings there are today; 0 as well when the books were looked at before. Once a day, with the first
    beat after midnight."""
    today = installation_day()
    if not check_is_due(today):
        return 0
    return len(check_books(as_of=today, actor=None, by="nightly check").findings)


@shared_task(name="invoices.tasks.judge_due_promises")
def judge_due_promises() -> int:
    """How many promises were judged; disputes whose invoice is settled are closed on the way, and one that an older
    version opened gets its case. Each zone has its day."""
    give_cases()
    days = business_days()
    judged = sum(judge_promises(on=day, time_zone=zone).total for zone, day in days.items())
    if days:
        settle_disputes(on=min(days.values()))
    return judged


@shared_task(name="invoices.tasks.judge_due_plans")
def judge_due_plans() -> int:
    """How many payment plans ended. Each is judged once a day of its zone, and again when money moved on it since."""
    return sum(judge_plans(on=day, time_zone=zone).ended for zone, day in business_days().items())


@shared_task(name="invoices.tasks.judge_due_segments")
def judge_due_segments() -> int:
    """How many customers came into a segment or left one: once a day each, and again after its rule was saved."""
    today = installation_day()
    due = segments_due(today)
    if not due:
        return 0
    judged = judge_segments(on=today, segment_ids=due)
    return judged.entered + judged.left


@shared_task(name="invoices.tasks.process_waiting_webhooks")
def process_waiting_webhooks() -> int:
    """How many provider events were looked at. Their receipts leave right after."""
    counts = process_webhooks(now=timezone.now())
    if counts.done:
        nudge(deliver_due_document_mails)
    return counts.total


@shared_task(name="invoices.tasks.read_waiting_bank_files")
def read_waiting_bank_files() -> int:
    """How many bank files that were too large for a request were read. Two workers never read the same one."""
    read = read_queued_bank_files()
    if read:
        nudge(match_waiting_bank_lines)
    return read


@shared_task(name="invoices.tasks.match_waiting_bank_lines")
def match_waiting_bank_lines() -> int:
    """How many waiting bank lines were looked at; what is certain was posted. Two workers never take the same ones."""
    return match_waiting_lines(now=timezone.now()).lines


@shared_task(name="invoices.tasks.queue_due_document_mails")
def queue_due_document_mails() -> int:
    """How many invoices, thanks and statements were queued that leave by themselves; each once for its occasion."""
    queued = queue_due_documents(now=timezone.now())
    if queued:
        nudge(deliver_due_document_mails)
    return queued


@shared_task(name="invoices.tasks.deliver_due_document_mails")
def deliver_due_document_mails() -> int:
    """How many invoices, receipts and links were taken in hand; two workers never take the same one."""
    return deliver_document_mails(now=timezone.now).total
