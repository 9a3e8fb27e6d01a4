"""Long searches for inputs that break a reader, run by `make fuzz`."""
