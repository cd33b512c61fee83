"""The web server, with the register's settings of it."""

from granian.constants import Interfaces
from granian.server import Server


def serve(target: str, host: str, port: int) -> None:
    """Serve the application that `target` (module:function) makes, until this process is told to stop."""
    Server(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=2,
        blocking_threads=2,  # its default of hundreds would empty the pool of database connections
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        log_access=False,
        backlog=1024,
    ).serve()
