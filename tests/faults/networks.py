"""Hosts of a test's own made of network namespaces: each with an address, all on one bridge, gone
afterwards.

Cutting a host's link off tells nobody: no connection is closed, packets only stop coming.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

# nothing is routed out of it; another run of the tests has another
NETWORK = f"10.213.{os.getpid() % 254}"


@dataclass(frozen=True)
class Link:
    """A host's place in the network.

    `inside` are the words before a command that shall run there.
    """

    namespace: str
    port: str
    address: str

    @property
    def inside(self) -> tuple[str, ...]:
        """What to put before a command."""
        return "ip", "netns", "exec", self.namespace

    def cut(self) -> None:
        """Nothing comes through any more, in either direction."""
        _ip("link", "set", self.port, "down")

    def mend(self) -> None:
        """Let it through again."""
        _ip("link", "set", self.port, "up")


@contextmanager
def network(*names: str) -> Iterator[list[Link]]:
    """A link for each name, on a bridge of our own."""
    bridge = f"lr{os.getpid()}"
    links = [
        Link(f"lessons-{os.getpid()}-{name}", f"{bridge}{name}", f"{NETWORK}.{number}")
        for number, name in enumerate(names, start=2)
    ]
    try:
        _ip("link", "add", bridge, "type", "bridge")
        _ip("address", "add", f"{NETWORK}.1/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        for link in links:
            _join(link, bridge)
        yield links
    finally:
        for link in links:
            with suppress(subprocess.CalledProcessError):  # as far as they were made
                _ip("netns", "delete", link.namespace)
        with suppress(subprocess.CalledProcessError):
            _ip("link", "delete", bridge)


def _join(link: Link, bridge: str) -> None:
    _ip("netns", "add", link.namespace)
    _ip("link", "add", link.port, "type", "veth", "peer", "name", "eth0", "netns", link.namespace)
    _ip("link", "set", link.port, "master", bridge, "up")
    _ip("-netns", link.namespace, "address", "add", f"{link.address}/24", "dev", "eth0")
    for device in ("lo", "eth0"):
        _ip("-netns", link.namespace, "link", "set", device, "up")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=10)
