"""The web server: two workers that take a request whole before a thread is asked.

So a client that sends or reads slowly, or not at all, holds a connection and never a thread.
Tornado speaks HTTP; how much a connection may hold, and how long, is in `limits`. Why so:
docs/decisions/0013.
"""

from services.serving.limits import Limits
from services.serving.workers import serve

__all__ = ["Limits", "serve"]
