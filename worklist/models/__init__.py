"""The nouns of this app, one file each."""

from worklist.models.activity import Activity
from worklist.models.item import WorklistItem
from worklist.models.undo import Undo

__all__ = ["Activity", "Undo", "WorklistItem"]
