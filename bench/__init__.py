"""Measurements of the running register. Ratios within one run; never a timed test."""
