"""The nouns of this app, one file each."""

from dunning.models.notice import Notice, NoticeItem
from dunning.models.policy import Policy, PolicyMinimum, PolicyStay, PolicyVersion, Step
from dunning.models.run import DecisionRecord, Run, RunChunk
from dunning.models.template import NoticeTemplate

__all__ = [
    "DecisionRecord",
    "Notice",
    "NoticeItem",
    "NoticeTemplate",
    "Policy",
    "PolicyMinimum",
    "PolicyStay",
    "PolicyVersion",
    "Run",
    "RunChunk",
    "Step",
]
