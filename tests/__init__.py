"""The tests mirror the code: one directory per room, one file per file."""
