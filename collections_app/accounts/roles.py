"""Who may do what: one table from role to capabilities. It knows no customer and no page."""

from enum import StrEnum
from types import MappingProxyType


class Capability(StrEnum):
    """One thing a person may be allowed to do. Every view, task button and API route names exactly one."""

    SEE_ACCOUNTS = "see_accounts"  # customers, invoices, payments, timelines, worklists
    WORK_ACCOUNTS = "work_accounts"  # note, call, promise, dispute, snooze, assign, hold
    RECORD_CASH = "record_cash"  # payments, allocations, credit notes, invoices by hand, write-offs up to the limit
    WAIVE_CLAIMS = "waive_claims"  # give up interest and fees, up to the limit of the role
    APPROVE_POSTINGS = "approve_postings"  # a second person's word on write-offs and adjustments over the limit
    IMPORT_FILES = "import_files"
    SEE_INSIGHT = "see_insight"  # aging and other dashboards, exports
    APPROVE_NOTICES = "approve_notices"  # approve, cancel and resolve notices and runs
    EDIT_POLICIES = "edit_policies"  # dunning policies and templates
    LEAD_TEAM = "lead_team"  # portfolios, absences, rebalancing, escalations, an analyst's list as they see it
    SEE_ALL_TEAMS = "see_all_teams"
    SEE_AUDIT = "see_audit"
    ADMINISTER = "administer"  # users, entities, clock, health details


class Role(StrEnum):
    """The part a person plays. A user has exactly one."""

    ANALYST = "analyst"
    MANAGER = "manager"
    ACCOUNTANT = "accountant"
    VIEWER = "viewer"
    ADMINISTRATOR = "administrator"


_READ = frozenset({Capability.SEE_ACCOUNTS, Capability.SEE_INSIGHT})

CAPABILITIES = MappingProxyType(
    {
        Role.VIEWER: _READ,
        Role.ANALYST: _READ | {Capability.WORK_ACCOUNTS, Capability.WAIVE_CLAIMS},
        Role.ACCOUNTANT: _READ | {Capability.RECORD_CASH, Capability.WAIVE_CLAIMS, Capability.IMPORT_FILES},
        Role.MANAGER: _READ
        | {
            Capability.WORK_ACCOUNTS,
            Capability.RECORD_CASH,
            Capability.WAIVE_CLAIMS,
            Capability.IMPORT_FILES,
            Capability.APPROVE_POSTINGS,
            Capability.APPROVE_NOTICES,
            Capability.EDIT_POLICIES,
            Capability.LEAD_TEAM,
            Capability.SEE_AUDIT,
        },
        Role.ADMINISTRATOR: frozenset(Capability),
    }
)

ROLE_CHOICES = tuple((role.value, role.value.capitalize()) for role in Role)
