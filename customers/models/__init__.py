"""The nouns of this app, one file each."""

from customers.models.clock import BusinessClock
from customers.models.contact import Contact
from customers.models.customer import Customer
from customers.models.delivery import Delivery, DeliveryState
from customers.models.entity import LegalEntity
from customers.models.hold import Hold
from customers.models.import_batch import ImportBatch
from customers.models.merge import CustomerMerge
from customers.models.terms import PaymentTerms

__all__ = [
    "BusinessClock",
    "Contact",
    "Customer",
    "CustomerMerge",
    "Delivery",
    "DeliveryState",
    "Hold",
    "ImportBatch",
    "LegalEntity",
    "PaymentTerms",
]
