"""`lessons check`: what is wrong with an installation, all at once."""

import click

from services.maintenance import checks


@click.command()
def check() -> None:
    """Check configuration, databases, migrations, broker, mail and clock, and name at once all that
    is wrong.
    """
    faults, waiting = checks.find_faults(), checks.find_waiting()
    for service, address in checks.databases().items():
        click.echo(f"{service}: {address}")
    for said in dict.fromkeys([*faults, *waiting]):
        click.echo(f"  - {said}", err=True)
    if faults:
        raise click.ClickException("This needs mending before the register can run.")
    if waiting:
        raise click.ClickException("The register can run, and this waits for a person.")
    click.echo("All is well.")
