"""The nouns of this app, one file each."""

from dunning.models.notice import Notice, NoticeItem
from dunning.models.policy import Policy, Step
from dunning.models.run import Run
from dunning.models.template import NoticeTemplate

__all__ = ["Notice", "NoticeItem", "NoticeTemplate", "Policy", "Run", "Step"]
