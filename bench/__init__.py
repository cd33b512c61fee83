"""`make bench`: how fast the register is beside the straightest code that does the same, measured
in one run.

Every part starts registers of its own, in databases, queues and folders that are gone afterwards. A
ratio is made from two slices that ran one after the other, because a machine's speed drifts over
minutes. Nothing here is a timed test.
"""
