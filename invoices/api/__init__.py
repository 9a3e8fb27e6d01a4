"""The API of invoices, credit notes, payments, allocations and balances."""
