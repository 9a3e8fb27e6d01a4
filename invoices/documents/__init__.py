"""Documents as PDF, and the bank codes printed on them."""
