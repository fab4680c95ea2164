"""Connects the containers of `sam local` to the emulator, which listens on loopback only.

A forwarder listens on the address that Docker's bridge gives this machine, which no other machine can
reach. It runs from `dev env` until `dev down`.
"""

import asyncio
import errno
import ipaddress
import json
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from dev.errors import DevError
from dev.local_aws.daemon import Daemon


@dataclass(frozen=True)
class ContainerBridge:
    """The forwarder of one stack."""

    home: Path

    @property
    def _daemon(self) -> Daemon:
        return Daemon("bridge", self.home)

    def start(self, port: int) -> str:
        """Forward `port` of Docker's bridge to the same port of loopback. Return the address for containers."""
        host = docker_host_address()
        if not self._daemon.is_running():
            require_bindable(host, port)
            self._daemon.start([sys.executable, "-m", "dev.local_aws.containers", host, str(port)])
        return f"http://{host}:{port}"

    def stop(self) -> bool:
        return self._daemon.stop()


def docker_host_address() -> str:
    """Return this machine's address on Docker's default bridge. Raises DevError without a Docker engine."""
    if shutil.which("docker") is None:
        raise DevError("`sam local` needs Docker, which is missing. Install Docker Engine, see docs/local-stack.md.")
    done = subprocess.run(["docker", "network", "inspect", "bridge"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DevError(f"`sam local` needs a running Docker engine: {done.stderr.strip()}")
    config = json.loads(done.stdout)[0]["IPAM"]["Config"][0]
    return config.get("Gateway") or str(next(ipaddress.ip_network(config["Subnet"]).hosts()))


def require_bindable(host: str, port: int) -> None:
    with socket.socket() as listener:
        # As the forwarder does: connections that were closed do not count.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            remedy = (
                "`sam local` needs Docker Engine on Linux, not Docker Desktop."
                if error.errno == errno.EADDRNOTAVAIL
                else "Stop the program that uses this port."
            )
            raise DevError(f"Cannot listen on Docker's bridge at {host}:{port}: {error}. {remedy}") from error


async def _forward(host: str, port: int) -> None:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_copy(reader, upstream_writer), _copy(upstream_reader, writer), return_exceptions=True)

    server = await asyncio.start_server(connect, host, port)
    await server.serve_forever()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


if __name__ == "__main__":
    asyncio.run(_forward(sys.argv[1], int(sys.argv[2])))
