"""The languages in which the register speaks: its pages, mails, labels and feeds."""

LANGUAGES = ("en", "fr", "es", "ar")
