"""Every output of the demonstration, of two versions, compared: what did a change really change?

`python -m tests.outputs REVISION [REVISION]` (or `make outputs BASE=REVISION`); the second is the
working tree if it is not given. It knows the register only from outside, by its command and over
HTTP, so that modules may move.
"""
