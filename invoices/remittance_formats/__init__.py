"""Readers of remittance advices: tables, PDFs and plain text. `read_advice` is the only way in."""

from invoices.remittance_formats.registry import MAX_FILE, read_advice

__all__ = ["MAX_FILE", "read_advice"]
