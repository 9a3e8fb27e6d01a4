"""The audit action codes of this app."""

from collections_app.audit.actions import register

POLICY_INSTALLED = register("policy.installed", "Dunning policy installed")
POLICY_CHANGED = register("policy.changed", "Dunning policy changed")
TEMPLATE_SAVED = register("template.saved", "Notice template saved")
RUN_PREPARED = register("run.prepared", "Dunning run prepared")
NOTICE_APPROVED = register("notice.approved", "Notice approved")
NOTICE_CANCELLED = register("notice.cancelled", "Notice cancelled")
NOTICE_RESOLVED = register("notice.resolved", "Unknown delivery resolved")
HANDOVER_PROPOSED = register("handover.proposed", "End of the ladder: decision proposed")
HANDOVER_APPROVED = register("handover.approved", "End of the ladder: decision approved")
HANDED_OVER = register("handover.handed_over", "Debts handed over")
HANDOVER_RETURNED = register("handover.returned", "Debts taken back")
HANDOVER_CLOSED = register("handover.closed", "Handover closed")
BUNDLE_MADE = register("handover.bundle_made", "Evidence bundle put together")
REHEARSAL_ASKED = register("rehearsal.asked", "Rehearsal asked for")
NOTICE_EDITED = register("notice.edited", "Words of one notice changed by a person")
APPROVAL_UNDONE = register("notice.approval_undone", "Approval of a notice undone")
NOTICE_RECALLED = register("notice.recalled", "Sent notice recalled")
POLICY_REHEARSED = register("policy.rehearsed", "First run of a dunning policy approved")
