"""`python -m services.cli`: how the supervisor starts its children."""

from services.cli import main

main()
