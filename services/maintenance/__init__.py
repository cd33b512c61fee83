"""What is done to an installation as a whole: setting it up, checking it, backup, restore,
redaction, tracing, pruning.

Functions without a command line: they print nothing and ask nothing. What they find out is what
they return; what cannot be done is a MaintenanceError.
"""
