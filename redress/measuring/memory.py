"""What the product's processes use: memory, shared pages counted once (PSS), and processor time."""

import os
from collections.abc import Iterator
from pathlib import Path

from redress.measuring.figures import Figure

_PROC = Path("/proc")


def figures(processes: dict[str, int], postgres_data: Path) -> list[Figure]:
    """One line for each process, PostgreSQL's together, and the sum. Linux only."""
    if not _PROC.is_dir():
        return [Figure("memory", "not measured: only Linux tells")]
    groups = _groups(processes, postgres_data)
    sizes = {name: (sum(map(_pss, pids)), sum(map(_rss, pids))) for name, pids in groups.items() if pids}
    lines = [Figure(f"memory, {name}", f"{pss:7.0f} MB   RSS {rss:7.0f} MB") for name, (pss, rss) in sizes.items()]
    total = sum(pss for pss, _ in sizes.values())
    return [*lines, Figure("memory, all processes", f"{total:7.0f} MB", "under 1,200 MB")]


def processor_seconds(processes: dict[str, int], postgres_data: Path) -> dict[str, float]:
    """Processor time that each has used since it began: other work on the machine does not show in it."""
    if not _PROC.is_dir():
        return {}
    groups = _groups(processes, postgres_data)
    return {name: sum(map(_used, pids)) for name, pids in groups.items() if pids}


def _groups(processes: dict[str, int], postgres_data: Path) -> dict[str, list[int]]:
    return {**{name: [pid] for name, pid in processes.items()}, "postgres": _postgres(postgres_data)}


def _used(pid: int) -> float:
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _postgres(data: Path) -> list[int]:
    try:
        server = int((data / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return []  # a database of one's own is measured by whoever runs it
    return [server, *_children(server)]


def _children(parent: int) -> Iterator[int]:
    for folder in _PROC.glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            yield int(folder.name)


def _pss(pid: int) -> float:
    return _kilobytes(_PROC / str(pid) / "smaps_rollup", "Pss:") / 1000


def _rss(pid: int) -> float:
    return _kilobytes(_PROC / str(pid) / "status", "VmRSS:") / 1000


def _kilobytes(path: Path, name: str) -> float:
    try:
        line = next(line for line in path.read_text().splitlines() if line.startswith(name))
    except (OSError, StopIteration):
        return 0.0
    return float(line.split()[1])
