"""The nouns of this app, one file each."""

from worklist.models.activity import Activity, NoteFile
from worklist.models.item import WorklistItem
from worklist.models.notification import Notification
from worklist.models.playbook import Playbook, PlaybookCheck, PlaybookStep
from worklist.models.presence import Draft, Presence
from worklist.models.saved_view import SavedView
from worklist.models.strategy import Strategy, StrategyVersion
from worklist.models.team import Absence, Capacity, Escalation, Portfolio
from worklist.models.undo import Undo

__all__ = [
    "Absence",
    "Activity",
    "Capacity",
    "Draft",
    "Escalation",
    "NoteFile",
    "Notification",
    "Playbook",
    "PlaybookCheck",
    "PlaybookStep",
    "Portfolio",
    "Presence",
    "SavedView",
    "Strategy",
    "StrategyVersion",
    "Undo",
    "WorklistItem",
]
