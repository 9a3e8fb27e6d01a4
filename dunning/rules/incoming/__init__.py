"""What a mail that came in is made of: its parts, its text, what is new in it, and whether a person wrote it. Pure."""
