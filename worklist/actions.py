"""The audit action codes of this app."""

from collections_app.audit.actions import register

ACTIVITY_LOGGED = register("activity.logged", "Activity logged", personal=("text",))
ACTIVITY_PINNED = register("activity.pinned", "Note pinned or unpinned")
SNOOZED = register("worklist.snoozed", "Snoozed", personal=("reason",))
PINNED = register("worklist.pinned", "Pinned to the top of the list", personal=("reason",))
UNPINNED = register("worklist.unpinned", "Not pinned any more")
ASSIGNED = register("customer.assigned", "Collector assigned")
TAKEN_BACK = register("worklist.taken_back", "Action taken back")
PLAYBOOK_SAVED = register("playbook.saved", "Playbook saved")
VIEW_SAVED = register("view.saved", "View saved")
VIEW_DELETED = register("view.deleted", "View deleted")
BULK_APPLIED = register("worklist.bulk", "Done for many customers at once", personal=("text",))
STRATEGY_SAVED = register("strategy.saved", "Draft of a strategy saved")
STRATEGY_CHECK_ASKED = register("strategy.check_asked", "Preview and back-test of a strategy asked for")
STRATEGY_ACTIVATED = register("strategy.activated", "Strategy activated")
STRATEGY_SWITCHED_OFF = register("strategy.switched_off", "Strategy switched off")
STRATEGY_DISCARDED = register("strategy.discarded", "Draft of a strategy thrown away")
FOLLOW_UP_DONE = register("activity.follow_up_done", "Follow-up done, or open again")
