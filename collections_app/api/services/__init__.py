"""What this app writes, one verb per file."""
