"""What beat and events start in this app. Tasks find the days and call the service; they decide nothing."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from customers.queries.clock import installation_day
from worklist.queries.due import days_of, due_customers
from worklist.services.check_strategies import check_strategies
from worklist.services.escalate_by_rule import escalate_by_rule
from worklist.services.rescore import rescore
from worklist.services.tell_news import tell_news
from worklist.services.tell_owners import tell_owners

STALE_AFTER = timedelta(minutes=30)


@shared_task(name="worklist.tasks.rescore_due_customers")
def rescore_due_customers() -> int:
    """How many customers were scored because their day changed or their score is old. Running it twice is harmless."""
    due = due_customers(before=timezone.now() - STALE_AFTER)
    return sum(rescore(ids, on=day) for day, ids in due.items())


@shared_task(name="worklist.tasks.rescore_customers", ignore_result=True)
def rescore_customers(customer_ids: list[int]) -> int:
    """How many of these customers were scored, each on the business day of their entity."""
    return sum(rescore(ids, on=day) for day, ids in days_of(frozenset(customer_ids)).items())


@shared_task(name="worklist.tasks.check_waiting_strategies")
def check_waiting_strategies() -> int:
    """How many versions of strategies got their preview and back-test; each is computed once."""
    return check_strategies(on=installation_day(), now=timezone.now())


@shared_task(name="worklist.tasks.tell_owners_of_disputes")
def tell_owners_of_disputes() -> int:
    """How many notifications were made about disputes. Running it twice is harmless."""
    return tell_owners(now=timezone.now(), on=installation_day())


@shared_task(name="worklist.tasks.tell_news_of_accounts")
def tell_news_of_accounts() -> int:
    """How many notifications were made about accounts and requests. Running it twice is harmless."""
    return tell_news(now=timezone.now(), on=installation_day())


@shared_task(name="worklist.tasks.escalate_accounts_by_rule")
def escalate_accounts_by_rule() -> int:
    """How many accounts went to the managers because a strategy says so. Running it twice is harmless."""
    return escalate_by_rule(on=installation_day())
