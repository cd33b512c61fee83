"""`lessons run`, `lessons healthcheck`: one process of the register."""

import errno

import click

from services import lifeline, processes
from services.processes import LOOPS, PROCESSES, WEB
from shared.platform import logs

port_option = click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Where it listens.",
)


@click.command()
@click.argument("process", type=click.Choice(PROCESSES))
@port_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(lifeline.FLAG, "is_child", is_flag=True, hidden=True)
def run(process: str, port: int, host: str, is_child: bool) -> None:
    """Run one process of the register: what a container or a unit of systemd starts."""
    lifeline.hold(is_child)
    logs.configure(process)
    if faults := processes.demonstration_data(process):
        raise click.ClickException(
            "It cannot start:\n" + "\n".join(f"  - {fault}" for fault in faults)
        )
    if process not in WEB:
        processes.run_loop(process)
        return
    if not is_child:  # one whose supervisor starts it anew may find its last workers still ending
        require_free(port, host)  # the server would share the port with another one, without a word
    processes.serve_web(process, host, port, is_child=is_child)


@click.command()
@click.argument("target", default="http://localhost:8080/healthz")
def healthcheck(target: str) -> None:
    """Exit with 0 when an address answers 200, or when a process without one (intake-relay, …)
    shows signs of life; say what was found.
    """
    if target not in LOOPS and "://" not in target:
        raise click.UsageError(
            f"{target} is neither an address (http://…) nor one of {', '.join(LOOPS)}."
        )
    is_well, said = processes.look_at(target)
    if not is_well:
        raise click.ClickException(said)
    click.echo(said)


def require_free(port: int, host: str = "127.0.0.1") -> None:
    """Raises ClickException when nothing can listen there."""
    try:
        processes.listen_once(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise click.ClickException(
                f"Port {port} is taken. Choose another: --port, or PORT= for make."
            ) from None
        raise click.ClickException(
            f"Nothing can listen at {host}, port {port}: {error.strerror}."
        ) from None
