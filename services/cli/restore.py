"""`lessons restore`: what was done, and above all what to do next."""

from pathlib import Path

import click

from services.maintenance import restore as restoring
from services.maintenance.errors import cause_of
from services.maintenance.restore import Restored
from services.maintenance.resume_advice import Advice, Restart
from shared.platform import settings
from shared.platform.messaging.broker import BROKER_ERRORS, Broker
from shared.platform.settings import PEER, SERVICES, Service, Settings

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--intake", "intake_file", type=_file, help="The backup to restore intake from.")
@click.option("--review", "review_file", type=_file, help="The backup to restore review from.")
def restore(intake_file: Path | None, review_file: Path | None) -> None:
    """Put the register back to a backup: both services, or only one. Stop the register before.

    Each backup is read into a new database, checked, and brought to this version; only then does it
    take the place of the present one, which is kept aside. If anything fails before, nothing is
    changed.
    """
    files: dict[Service, Path | None] = {"intake": intake_file, "review": review_file}
    chosen = {service: file for service, file in files.items() if file is not None}
    if not chosen:
        raise click.UsageError("Say what to restore: --intake FILE --review FILE, or one of them.")
    both = {service: settings.read(service) for service in SERVICES}
    restored, advice = restoring.restore(both, chosen, _say_put_back)
    for one in restored:
        kept = restoring.said_of_replaced(one.aside)
        click.echo(f"{one.service} is restored from {one.file}. {kept}")
    _empty_broker(both["intake"])
    said = [line for one in restored for line in _done(one)]
    said += ["", "Next:", *(line for each in advice for line in _next_step(each)), *_NEXT]
    click.echo("\n".join(said))


_NEXT = (
    "  - “lessons mail release” when you have looked around, or “lessons mail release --drop”.",
    (
        "  - Whoever was forgotten or stopped and whichever key was withdrawn since the "
        "backup is back: do that again."
    ),
    "  - Entries withdrawn or narrowed since the backup can be read again: do that again.",
)


def _say_put_back(service: Service) -> None:
    click.echo(f"{service} is as it was before.", err=True)


def _empty_broker(of_service: Settings) -> None:
    """What the queues hold is of another life and would halt the consumers."""
    broker = Broker(of_service.broker_url, of_service.broker_namespace)
    try:
        broker.forget_all()
    except BROKER_ERRORS as error:
        click.echo(f"The broker cannot be emptied: {cause_of(error)}.", err=True)
        click.echo(f"Before you start the register, {broker.emptying()}", err=True)


def _done(one: Restored) -> list[str]:
    life = one.new_life
    numbers = ", ".join(f"{series} after {last}" for series, last in sorted(life.last.items()))
    spare = (
        f" (with {life.margin} to spare: the replaced database cannot tell)" if life.margin else ""
    )
    return [
        f"{one.service}: References go on: {numbers}{spare}.",
        f"{one.service}: {life.held} mails wait, held back; all are signed out.",
    ]


def _next_step(advice: Advice) -> list[str]:
    service = advice.service
    match advice.restart:
        case Restart.NOT_KNOWN:
            line = "Look at “lessons events status”: not both databases can be read now, "
            return [f"  - {line}so {service} may halt."]
        case Restart.BY_ITSELF:
            place = f"position {advice.applied} of {PEER[service]}’s log"
            return [f"  - {service} goes on by itself behind {place}."]
        case Restart.REPEAT_REPLAY:
            line = f"{service} is halted: a replay was under way when its backup was made. "
            return [f"  - {line}Start the register, then repeat it: {_replay(service)}"]
        case Restart.HALTS:
            return _resuming(advice)


def _resuming(advice: Advice) -> list[str]:
    service, lines = advice.service, []
    if advice.halted and not advice.is_replayed:
        lines.append(f"  - {service} was halted before: {advice.halted}")
    if advice.position is None:
        return [
            *lines,
            f"  - {service} will halt; it has applied {advice.applied} events, and "
            "nobody can tell how many of them"
            " the log of the other still has. See “When something is wrong” in docs/operations.md.",
        ]
    command = f"lessons events resume --service {service} --position {advice.position}"
    lines.append(f"  - {service} will halt. Start the register, then: {command}")
    if advice.position < advice.applied:
        gone = f"{advice.position + 1} to {advice.applied}"
        lines.append(f"    What {service} holds of {gone} came from events that no longer exist.")
    if advice.is_replayed:
        lines.append(f"    A replay was under way. Repeat it after that: {_replay(service)}")
    return lines


def _replay(service: Service) -> str:
    return f"lessons events replay --service {service}"
