"""The nouns of this app, one file each."""

from customers.models.attachment import Attachment
from customers.models.circuit import ProviderCircuit
from customers.models.clock import BusinessClock
from customers.models.contact import Contact
from customers.models.credit_stop import CreditStop
from customers.models.customer import Customer
from customers.models.delivery import Delivery, DeliveryState, releases_touch
from customers.models.entity import LegalEntity
from customers.models.hold import EntityPause, Hold
from customers.models.import_batch import ImportBatch
from customers.models.merge import CustomerMerge
from customers.models.outgoing import ContactTouch, OutgoingRules
from customers.models.segment import Segment, SegmentMember
from customers.models.terms import PaymentTerms
from customers.models.tracking import TrackingEvent

__all__ = [
    "Attachment",
    "BusinessClock",
    "Contact",
    "ContactTouch",
    "CreditStop",
    "Customer",
    "CustomerMerge",
    "Delivery",
    "DeliveryState",
    "EntityPause",
    "Hold",
    "ImportBatch",
    "LegalEntity",
    "OutgoingRules",
    "PaymentTerms",
    "ProviderCircuit",
    "Segment",
    "SegmentMember",
    "TrackingEvent",
    "releases_touch",
]
