"""The audit action codes of this app."""

from collections_app.audit.actions import register

POLICY_INSTALLED = register("policy.installed", "Dunning policy installed")
POLICY_CHANGED = register("policy.changed", "Dunning policy changed")
TEMPLATE_SAVED = register("template.saved", "Notice template saved")
RUN_PREPARED = register("run.prepared", "Dunning run prepared")
NOTICE_APPROVED = register("notice.approved", "Notice approved")
NOTICE_CANCELLED = register("notice.cancelled", "Notice cancelled")
NOTICE_RESOLVED = register("notice.resolved", "Unknown delivery resolved")
