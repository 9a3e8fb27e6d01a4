"""Shared furniture of the API under /api/v1/: tokens, rights, errors, paging, amounts, idempotency.

Must not know a customer or an invoice: each app brings its own routes."""
