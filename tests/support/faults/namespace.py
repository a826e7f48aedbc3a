"""A process on a network of its own, with one link to this machine that can be cut as a cable is.

The processes in the namespace use the same addresses as everybody: a forwarder in it listens on its loopback, sends
over the link, and a second one on this side hands on to this machine's loopback. While the link is down packets
vanish without a report: no reset, no refusal, no host unreachable.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager

from tests.support.command import ROOT
from tests.support.faults.forwarder import forwarding

LOOPBACK = "127.0.0.1"
START_SECONDS = 20.0


class NotAllowed(Exception):
    """No namespace can be made here: the system has no `ip`, or the user may not."""


class Namespace:
    """`name` is the namespace's, and that of the link's end on this side.

    The link has a network of four addresses out of 198.18.0.0/15, which RFC 2544 keeps for tests.
    """

    def __init__(self, number: int) -> None:
        self.name = f"bf{number}"  # a link's name has 15 letters at the most
        self.inner_link = f"{self.name}i"
        network = f"198.18.{number // 64 % 256}.{number % 64 * 4}".rpartition(".")
        self.outer, self.inner = (f"{network[0]}.{int(network[2]) + host}" for host in (1, 2))

    @property
    def prefix(self) -> tuple[str, ...]:
        """What to put before a command so that it runs in the namespace (as the same process, by exec)."""
        return (_program(), "netns", "exec", self.name)

    async def cut(self) -> None:
        """From now on nothing gets through."""
        await _ip("link", "set", self.name, "down")

    async def restore(self) -> None:
        """The link is there again."""
        await _ip("link", "set", self.name, "up")

    async def add(self) -> None:
        """Make the namespace and its link. Raises `NotAllowed`."""
        await _ip("netns", "add", self.name)
        await _ip("link", "add", self.name, "type", "veth", "peer", "name", self.inner_link, "netns", self.name)
        await _ip("address", "add", f"{self.outer}/30", "dev", self.name)
        await _ip("link", "set", self.name, "up")
        await self._inside("link", "set", "lo", "up")
        await self._inside("address", "add", f"{self.inner}/30", "dev", self.inner_link)
        await self._inside("link", "set", self.inner_link, "up")
        await self._know_neighbour()

    async def remove(self) -> None:
        """Take both away, as far as they are there."""
        await _call("link", "delete", self.name)
        await _call("netns", "delete", self.name)

    async def _know_neighbour(self) -> None:
        """Else a cut would be reported: without an answer to ARP connections fail with 'no route to host'."""
        address = (await _ip("-brief", "link", "show", self.name)).split()[2]
        words = ("neighbour", "replace", self.outer, "lladdr", address, "dev", self.inner_link, "nud", "permanent")
        await self._inside(*words)

    async def _inside(self, *words: str) -> None:
        await _ip("-netns", self.name, *words)


@asynccontextmanager
async def namespace() -> AsyncIterator[Namespace]:
    """A namespace of this process, with its link up; gone at the end. Raises `NotAllowed`."""
    space = Namespace(os.getpid())
    try:
        await space.add()
        yield space
    finally:
        await space.remove()


@asynccontextmanager
async def joined(space: Namespace, ports: Collection[int]) -> AsyncIterator[None]:
    """While the body runs, `ports` of this machine's loopback are reached by the same addresses from `space`."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(forwarding(space.outer, LOOPBACK, ports))
        await stack.enter_async_context(_forwarding_inside(space, ports))
        yield


@asynccontextmanager
async def _forwarding_inside(space: Namespace, ports: Collection[int]) -> AsyncIterator[None]:
    module = (sys.executable, "-m", "tests.support.faults.forwarder")
    words = (*space.prefix, *module, LOOPBACK, space.outer, *map(str, ports))
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
        assert line, "the forwarder ended at its start; its error is above"
        yield
    finally:
        process.stdin.close()
        await _ended(process)


async def _ended(process: asyncio.subprocess.Process) -> None:
    try:
        await asyncio.wait_for(process.wait(), START_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


async def _ip(*words: str) -> str:
    """What ``ip`` answers. Raises `NotAllowed`."""
    code, output, error = await _call(*words)
    if code != 0:
        raise NotAllowed(f"ip {' '.join(words)}: {error.strip()}")
    return output


async def _call(*words: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(_program(), *words, stdout=PIPE, stderr=PIPE)
    output, error = await process.communicate()
    return process.returncode or 0, output.decode(), error.decode()


def _program() -> str:
    """iproute2's program, which is not on every user's path."""
    found = shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise NotAllowed("there is no program 'ip' (iproute2)")
    return found
