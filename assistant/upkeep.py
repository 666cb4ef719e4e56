"""Arguments in, one command of upkeep run: ``jushi doctor | backup | restore``."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import settings
from assistant.errors import StoreError

if TYPE_CHECKING:
    from assistant.backup import Saved
    from ingest.rebuild import Rebuilt

ILL = 1  # exit code of "jushi doctor" where something stays ill
_MARKS = {"fine": "✓", "note": "·", "mended": "✚", "ill": "✗"}

Described = Callable[..., argparse.ArgumentParser]


def add(commands: Any, described: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the three commands; ``described`` makes a parser with its description and examples."""
    doctor = described(
        commands.add_parser,
        "Tell what is installed, configured, reachable, how big and how old, and mend what can be mended.",
        "examples:\n  jushi doctor\n  jushi doctor --look --json\n  jushi doctor --rebuild\n",
        name="doctor",
        help="examine and mend",
    )
    doctor.add_argument("--look", action="store_true", help="mend nothing")
    doctor.add_argument(
        "--rebuild", action="store_true", help="make the index again from the pages kept with it, then examine it"
    )
    doctor.add_argument("--wait", action="store_true", help="of --rebuild: wait for another process that is writing")
    doctor.add_argument("--json", action="store_true", help="print the findings as JSON")
    names = ("data", "chroma", "model", "base_url", "api_key", "embedder", "models", "threads", "timeout")
    settings.add_flags(doctor, *names)
    doctor.set_defaults(command=_doctor)

    backup = described(
        commands.add_parser,
        "Save the index into one file, with the hash of each of its parts.",
        "examples:\n  jushi backup ~/jushi.zip\n  jushi backup ~/jushi.zip --data ~/index --wait\n",
        name="backup",
        help="save the index into a file",
    )
    backup.add_argument("file", type=Path, help="the file to be written")
    backup.add_argument("--wait", action="store_true", help="wait for another process that is writing the index")
    settings.add_flags(backup, "data", "chroma", "embedder")
    backup.set_defaults(command=_backup)

    restore = described(
        commands.add_parser,
        "Make the index again from a file that backup wrote; nothing is restored unless every hash is right.",
        "examples:\n  jushi restore ~/jushi.zip\n  jushi restore ~/jushi.zip --data ~/index\n",
        name="restore",
        help="make the index again from a backup",
    )
    restore.add_argument("file", type=Path, help="the file that backup wrote")
    settings.add_flags(restore, "data", "chroma", "embedder", "models", "threads")
    restore.set_defaults(command=_restore)


def _doctor(given: argparse.Namespace) -> int:
    from assistant import doctor
    from assistant.health import Health

    chosen = settings.from_flags(given)
    lost = _rebuild(chosen, wait=given.wait) if given.rebuild else 0
    findings = []
    for finding in doctor.examine(chosen, mend=not given.look):
        findings.append(finding)
        if not given.json:
            step = f"  → {finding.step}" if finding.step else ""
            print(f"{_MARKS[finding.health]} {finding.part}：{finding.text}{step}", flush=True)
    if given.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    return ILL if lost or any(finding.health is Health.ILL for finding in findings) else 0


def _rebuild(chosen: settings.Settings, *, wait: bool) -> int:
    """Makes the index again, tells of it on stderr, and returns how many pages were lost."""
    from ingest.rebuild import rebuild

    if chosen.server:
        raise StoreError(
            f'An index on a server is made again in another database: "jushi backup FILE", then name that database '
            f'({chosen.server.server}/{chosen.server.tenant}/ANOTHER) in JUSHI_CHROMA and "jushi restore FILE".'
        )
    return _made_again(rebuild(Path(chosen.data), chosen.embedder, _embedder(chosen), wait=wait))


def _embedder(chosen: settings.Settings) -> Callable[[], Any]:
    from assistant import embed

    return lambda: embed.load(chosen.embedder, chosen.threads, Path(chosen.models))


def _made_again(done: "Rebuilt") -> int:
    """Tells on stderr what was made again, and returns how many pages were lost."""
    import sys

    for reason in done.lost:
        print(f"没有恢复：{reason}", file=sys.stderr)
    told = done.summary
    print(
        f"已从保存的原文重做索引：{told.files - len(done.lost)} 页，{told.passages} 段（重算向量 {told.embedded}），"
        f"用时 {told.seconds['total']:.1f} 秒。开着的页面请重启。",
        file=sys.stderr,
    )
    return len(done.lost)


def _backup(given: argparse.Namespace) -> int:
    from assistant import backup

    chosen = settings.from_flags(given)
    if not chosen.server:
        _tell("已保存", backup.backup(Path(chosen.data), given.file, wait=given.wait))
        return 0
    from assistant.store import Store

    store = Store.open(Path(chosen.data), chosen.embedder, chosen.server)
    try:
        _tell("已保存", backup.backup_served(store, given.file, wait=given.wait))
    finally:
        store.close()
    return 0


def _restore(given: argparse.Namespace) -> int:
    from assistant import backup

    chosen = settings.from_flags(given)
    if not chosen.server:
        folder = Path(chosen.data)
        _tell(f"已恢复到 {folder}，逐个文件核对了哈希", backup.restore(given.file, folder))
        # what was saved of a server is what the index is made of
        return ILL if not (folder / "chroma").is_dir() and _rebuild(chosen, wait=False) else 0
    from tempfile import TemporaryDirectory

    from assistant.store import Store
    from ingest.rebuild import fill

    with TemporaryDirectory() as scratch:
        saved = backup.restore(given.file, Path(scratch) / "index")
        store = Store.create(Path(chosen.data), chosen.embedder, chosen.server)
        try:
            lost = _made_again(fill(store, Path(scratch) / "index", _embedder(chosen)))
        finally:
            store.close()
    _tell(f"已恢复到 {chosen.server}，逐个文件核对了哈希", saved)
    return ILL if lost else 0


def _tell(done: str, saved: "Saved") -> None:
    from assistant.download import bytes_text

    state = saved.state
    of = f"第 {state['number']} 代，{state['pages']} 页，{state['passages']} 段，" if state else ""
    print(f"{done}：{of}{saved.files} 个文件，{bytes_text(saved.bytes)} → {saved.path}")
    print(f"SHA-256 {saved.sha256}")
