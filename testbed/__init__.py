"""One running register to test, measure and break.

Used by the tests, the bench and the chaos run; the product never imports it.
"""
