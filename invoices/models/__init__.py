"""The nouns of this app, one file each."""

from invoices.models.adjustment import Adjustment
from invoices.models.aging_snapshot import AgingSnapshot
from invoices.models.allocation import Allocation
from invoices.models.approval import Approval
from invoices.models.bank import BankAccount, BankFile, BankLine, BankStatement
from invoices.models.credit_note import CreditNote
from invoices.models.currency_rules import CurrencyRules
from invoices.models.displacement import Displacement
from invoices.models.dispute import Dispute
from invoices.models.dispute_case import DisputeCase, DisputeEvent, DisputeFile, DisputeQuestion
from invoices.models.document_mail import DocumentMail
from invoices.models.document_rules import DocumentRules, StatementDay
from invoices.models.exchange import Exchange, ExchangeRate
from invoices.models.instalment import Instalment
from invoices.models.invoice import Invoice
from invoices.models.invoice_hold import InvoiceHold
from invoices.models.late_claim import LateClaim
from invoices.models.late_prediction import LatePrediction
from invoices.models.late_waiver import LateWaiver
from invoices.models.ledger_check import LedgerCheck
from invoices.models.matching import BankPosting, MatchSuggestion, PayerAlias, RemittanceAdvice, RemittanceItem
from invoices.models.pay_link import PayLink
from invoices.models.pay_session import PaySession, PaySessionItem
from invoices.models.payer_request import PayerRequest
from invoices.models.payment import Payment
from invoices.models.payment_plan import PaymentPlan, PlanInstalment, PlanItem
from invoices.models.plan_template import PlanTemplate
from invoices.models.promise import Promise, PromiseItem
from invoices.models.refund import Refund
from invoices.models.statutory_rate import StatutoryRate
from invoices.models.webhook_event import WebhookEvent

__all__ = [
    "Adjustment",
    "AgingSnapshot",
    "Allocation",
    "Approval",
    "BankAccount",
    "BankFile",
    "BankLine",
    "BankPosting",
    "BankStatement",
    "CreditNote",
    "CurrencyRules",
    "Displacement",
    "Dispute",
    "DisputeCase",
    "DisputeEvent",
    "DisputeFile",
    "DisputeQuestion",
    "DocumentMail",
    "DocumentRules",
    "Exchange",
    "ExchangeRate",
    "Instalment",
    "Invoice",
    "InvoiceHold",
    "LateClaim",
    "LatePrediction",
    "LateWaiver",
    "LedgerCheck",
    "MatchSuggestion",
    "PayLink",
    "PaySession",
    "PaySessionItem",
    "PayerAlias",
    "PayerRequest",
    "Payment",
    "PaymentPlan",
    "PlanInstalment",
    "PlanItem",
    "PlanTemplate",
    "Promise",
    "PromiseItem",
    "Refund",
    "RemittanceAdvice",
    "RemittanceItem",
    "StatementDay",
    "StatutoryRate",
    "WebhookEvent",
]
