"""Which documents a person may see: those of the customers they may see."""

from django.db.models import Q, QuerySet

from collections_app.accounts.models import User
from collections_app.accounts.roles import Capability
from customers.access import entity_ids, visible_customers
from invoices.models import (
    Adjustment,
    Approval,
    BankAccount,
    BankFile,
    BankLine,
    BankStatement,
    CreditNote,
    Dispute,
    DisputeCase,
    Invoice,
    Payment,
    PaymentPlan,
    Promise,
    Refund,
    RemittanceAdvice,
)


def visible_invoices(user: User) -> QuerySet[Invoice]:
    """Invoices and debit notes of visible customers."""
    return Invoice.objects.filter(customer__in=visible_customers(user))


def visible_credit_notes(user: User) -> QuerySet[CreditNote]:
    """Credit notes of visible customers."""
    return CreditNote.objects.filter(customer__in=visible_customers(user))


def visible_payments(user: User) -> QuerySet[Payment]:
    """Payments of visible customers."""
    return Payment.objects.filter(customer__in=visible_customers(user))


def visible_disputes(user: User) -> QuerySet[Dispute]:
    """Disputes of visible customers."""
    return Dispute.objects.filter(customer__in=visible_customers(user))


def visible_cases(user: User) -> QuerySet[DisputeCase]:
    """Dispute cases of visible customers."""
    return DisputeCase.objects.filter(customer__in=visible_customers(user))


def visible_promises(user: User) -> QuerySet[Promise]:
    """Promises of visible customers."""
    return Promise.objects.filter(customer__in=visible_customers(user))


def visible_plans(user: User) -> QuerySet[PaymentPlan]:
    """Payment plans of visible customers."""
    return PaymentPlan.objects.filter(customer__in=visible_customers(user))


def visible_adjustments(user: User) -> QuerySet[Adjustment]:
    """Adjustments of visible customers."""
    return Adjustment.objects.filter(customer__in=visible_customers(user))


def visible_refunds(user: User) -> QuerySet[Refund]:
    """Refunds of visible customers."""
    return Refund.objects.filter(customer__in=visible_customers(user))


def visible_bank_accounts(user: User) -> QuerySet[BankAccount]:
    """The bank accounts of the person's legal entities."""
    rows = BankAccount.objects.all()
    return rows if user.may(Capability.SEE_ALL_TEAMS) else rows.filter(entity_id__in=entity_ids(user))


def visible_bank_lines(user: User) -> QuerySet[BankLine]:
    """The lines of visible bank accounts."""
    rows = BankLine.objects.all()
    return rows if user.may(Capability.SEE_ALL_TEAMS) else rows.filter(account__entity_id__in=entity_ids(user))


def visible_bank_files(user: User) -> QuerySet[BankFile]:
    """The files with a statement of a visible account, and those that the person uploaded."""
    rows = BankFile.objects.all()
    if user.may(Capability.SEE_ALL_TEAMS):
        return rows
    theirs = BankStatement.objects.filter(account__entity_id__in=entity_ids(user)).values("file_id")
    return rows.filter(Q(uploaded_by=user) | Q(pk__in=theirs))


def visible_approvals(user: User) -> QuerySet[Approval]:
    """Requests about visible customers."""
    return Approval.objects.filter(customer__in=visible_customers(user))


def awaiting_decision_of(user: User) -> QuerySet[Approval]:
    """Requests about visible customers that this person may decide: the waiting ones of others. None without the
    right."""
    rows = visible_approvals(user).filter(state=Approval.State.REQUESTED).exclude(requested_by=user)
    return rows if user.may(Capability.APPROVE_POSTINGS) else rows.none()


def visible_advices(user: User) -> QuerySet[RemittanceAdvice]:
    """The remittance advices of visible customers, and those without one that a colleague took in."""
    rows = RemittanceAdvice.objects.all()
    if user.may(Capability.SEE_ALL_TEAMS):
        return rows
    ours = Q(customer__isnull=True, uploaded_by__in=User.objects.filter(teams__in=user.teams.all()))
    return rows.filter(Q(customer__in=visible_customers(user)) | Q(uploaded_by=user) | ours)
