"""Pages of this app. They translate: parse, gate, call one query or service, render."""
