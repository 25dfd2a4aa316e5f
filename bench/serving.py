"""The real server, as `make run` starts it, on a port of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
# As in the Makefile. Threads keep a connection alive between requests, which synchronous workers never do.
OPTIONS = ["--workers", str(WORKERS), "--worker-class", "gthread", "--threads", "4", "--timeout", "60",
           "--keep-alive", "30", "--preload", "--no-control-socket", "--log-level", "warning"]  # fmt: skip


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def _workers(self) -> list[str]:
        return Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()

    def memory(self) -> list[float]:
        """Resident MB of each worker."""
        return [_resident(int(worker)) for worker in self._workers()]

    def cpu(self) -> float:
        """Seconds of processor time that the workers have used: others on the machine do not change it much."""
        fields = [
            Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split() for worker in self._workers()
        ]
        return sum(int(stat[11]) + int(stat[12]) for stat in fields) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(application: str, ready: str, **environment: str) -> Iterator[Server]:
    """gunicorn with the application until the end of the block; `ready` is an address that answers when it is up."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *OPTIONS]
    log = Path(os.environ.get("BENCH_LOG", os.devnull)).open("ab")  # noqa: SIM115  closed below, with the process
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log, start_new_session=True
    )
    try:
        _wait(port, ready, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _wait(port: int, ready: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if process.poll() is not None:
            sys.exit(f"the server ended at once with {process.returncode}; set BENCH_LOG=file to see why")
        with contextlib.suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", ready)
            if connection.getresponse().status < 500:
                connection.close()
                return
        time.sleep(0.1)
    sys.exit("the server did not answer within 90 seconds")
