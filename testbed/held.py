"""`python -m testbed.held serve …`: the `lessons` command, which ends when whoever started it is
gone.
"""

from services import cli, lifeline

if __name__ == "__main__":
    lifeline.hold(flagged=True)
    cli.main()
