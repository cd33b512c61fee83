"""`make chaos`: virtual users work with a register while it is being broken; then it is counted
what was lost or doubled.
"""
