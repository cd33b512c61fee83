"""A note's content: its parts with all their fields, declared once."""
