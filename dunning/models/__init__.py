"""The nouns of this app, one file each."""

from dunning.models.handover import EvidenceBundle, Handover, HandoverItem
from dunning.models.inbound import InboundFile, InboundMessage, Mailbox, MessageProposal
from dunning.models.notice import Notice, NoticeItem
from dunning.models.own_message import OwnMessage, OwnMessageItem
from dunning.models.policy import Policy, PolicyMinimum, PolicyStay, PolicyVersion, Step
from dunning.models.rehearsal import Rehearsal
from dunning.models.run import DecisionRecord, Run, RunChunk
from dunning.models.template import AddressMode, NoticeTemplate

__all__ = [
    "AddressMode",
    "DecisionRecord",
    "EvidenceBundle",
    "Handover",
    "HandoverItem",
    "InboundFile",
    "InboundMessage",
    "Mailbox",
    "MessageProposal",
    "Notice",
    "NoticeItem",
    "NoticeTemplate",
    "OwnMessage",
    "OwnMessageItem",
    "Policy",
    "PolicyMinimum",
    "PolicyStay",
    "PolicyVersion",
    "Rehearsal",
    "Run",
    "RunChunk",
    "Step",
]
