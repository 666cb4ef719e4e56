"""Settings in, findings out: what is installed, configured, reachable, how big, how old; what can be mended is.

    for finding in examine(settings): print(finding.health, finding.part, finding.text)

Nothing that it mends can be lost: indexes that are derived, what a stopped process left. The index itself is made again
only when asked (``jushi doctor --rebuild``). No key, question or text of a page is in what it says.
"""

import os
import platform
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Final

from assistant import archive, embed, health, llm, models, probe, rerank, served_health
from assistant.archive import Generation
from assistant.choosing import model_name
from assistant.download import bytes_text
from assistant.errors import EmbedderError, JushiError, StoreBusy, StoreError
from assistant.health import Finding, Health, ago, size
from assistant.lock import HOLDER, Lock, holder
from assistant.probe import Probed
from assistant.settings import FILE, NONE, Settings
from assistant.store import Store

# What it is run by, and what each is for; the others come with these
_LIBRARIES: Final = ("chromadb", "onnxruntime", "langchain", "langchain-openai", "xllamacpp", "gradio", "numpy")
_EXTRA: Final = {"rapidocr": "扫描件的文字识别（jushi[ocr]）", "sentence-transformers": "其他嵌入模型"}
_PARTS: Final = ("chroma", "vectors.sqlite", "claims", "lexical", "sources", "readings")
_LITTLE_ROOM: Final = 1 << 30  # bytes; a commit writes the claims and the word index beside the former ones
_CLOCK_SLACK: Final = timedelta(hours=26)  # two machines in different zones, whose clocks were set as if in one
_REACH_SECONDS: Final = 10.0
_LOOKED_UP: Final = 20  # passages that the word index is asked for
_FOUND: Final = 0.5  # share of them that it finds by their own words, unless it is damaged


def examine(settings: Settings, *, mend: bool = True) -> Iterator[Finding]:
    """Every finding, in order, as it is made. With ``mend``, what is derived and ill is made again."""
    folder = Path(settings.data)
    yield from _installed()
    yield from _configured(settings)
    yield from _embedder(settings)
    yield from _reranker(settings)
    yield from _model(settings)
    if settings.server:
        yield from served_health.examine(settings, settings.server, mend=mend)
        return
    yield from _folder(folder, mend=mend)
    if folder.is_dir():
        kept = archive.generation(folder)
        yield from _clock(folder, kept)
        probed = probe.probe(folder) if (folder / "chroma").is_dir() or kept else None
        yield from _index(folder, settings, kept, probed)
        yield from _sources(folder, kept)
        yield from health.vectors(folder, mend=mend)
        if probed and not probed.wrong:
            yield from _derived(folder, str(probed.state["embedder"]), mend=mend)


def _installed() -> Iterator[Finding]:
    there, missing = [], []
    for name in _LIBRARIES:
        try:
            there.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    try:
        own = metadata.version("jushi")
    except metadata.PackageNotFoundError:  # run from its folder
        own = "（源码）"
    told = f"据实 {own}，Python {platform.python_version()}，{platform.system()} {platform.machine()}，{_cores()} 核"
    yield Finding("程序", Health.FINE, f"{told}；{'，'.join(there)}")
    if missing:
        yield Finding("程序", Health.ILL, f"缺少 {'、'.join(missing)}", "pip install --upgrade jushi")
    for name, use in _EXTRA.items():
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Finding("程序", Health.NOTE, f"没有装 {name}：{use}用不上")


def _cores() -> int:
    return os.cpu_count() or 1


def _configured(settings: Settings) -> Iterator[Finding]:
    file = "jushi.toml 在当前文件夹" if Path(FILE).is_file() else "没有 jushi.toml"
    key = "，已设密钥" if settings.api_key else ""
    url = f"，服务地址 {llm.shown(settings.base_url)}{key}" if settings.base_url else ""
    told = f"{file}；索引 {settings.where}，嵌入模型 {settings.embedder}，对话模型 {settings.model}{url}"
    yield Finding("设置", Health.FINE, told)


def _embedder(settings: Settings) -> Iterator[Finding]:
    part = "嵌入模型"
    try:
        began = time.perf_counter()
        embedder = embed.load(settings.embedder, settings.threads, Path(settings.models))
        loaded = time.perf_counter() - began
        began = time.perf_counter()
        vector = embedder.question("据实")
        asked = time.perf_counter() - began
    except EmbedderError as error:
        yield Finding(part, Health.ILL, str(error), "jushi models pull")
        return
    said = f"{settings.embedder}：{len(vector)} 维，载入 {loaded:.2f} 秒，一问 {1000 * asked:.0f} 毫秒"
    yield Finding(part, Health.FINE, said)


def _reranker(settings: Settings) -> Iterator[Finding]:
    if not settings.reranker:
        return
    part = "重排模型"
    try:
        began = time.perf_counter()
        rerank.CrossEncoder(settings.reranker, settings.threads).scores("据实", ["据实"])
        said = f"{settings.reranker}：载入并读一段 {time.perf_counter() - began:.2f} 秒"
        yield Finding(part, Health.FINE, said)
    except EmbedderError as error:
        yield Finding(part, Health.ILL, str(error))


def _model(settings: Settings) -> Iterator[Finding]:
    part = "对话模型"
    try:
        name = model_name(settings)
        if name == NONE:
            yield Finding(part, Health.NOTE, "没有用模型：答案由程序照录原文。", "jushi models pull（要用模型时）")
            return
        if settings.base_url:
            began = time.perf_counter()
            known = llm.reach(settings.base_url, settings.api_key, min(settings.timeout, _REACH_SECONDS))
            took = time.perf_counter() - began
            said = f"{llm.shown(settings.base_url)} 可达，{1000 * took:.0f} 毫秒"
            if known and name not in known:
                yield Finding(part, Health.ILL, f"{said}，但没有列出模型 {name}", "改 JUSHI_MODEL 为它列出的名字")
            else:
                yield Finding(part, Health.FINE, f"{said}，模型 {name}")
            return
        path = models.path(name, Path(settings.models), models.CHAT)
        size = path.stat().st_size
        if reason := llm.too_big(path):
            yield Finding(part, Health.ILL, reason, "jushi models list（换一个小些的）")
        else:
            yield Finding(part, Health.FINE, f"{name}：{path}，{bytes_text(size)}，已核对")
    except JushiError as error:
        yield Finding(part, Health.ILL, str(error))


def _folder(folder: Path, *, mend: bool) -> Iterator[Finding]:
    part = "文件夹"
    if not folder.is_dir():
        yield Finding(part, Health.NOTE, f"{folder} 还没有索引", "jushi ingest")
        return
    sizes = {name: size(folder / name) for name in _PARTS}
    told = "，".join(f"{name} {bytes_text(size)}" for name, size in sizes.items() if size)
    free = shutil.disk_usage(folder).free
    room = f"{folder}：{bytes_text(sum(sizes.values()))}（{told}），磁盘余 {bytes_text(free)}"
    little = free < _LITTLE_ROOM
    yield Finding(part, Health.ILL if little else Health.FINE, room, "腾出空间" if little else "")
    said = holder(folder)
    try:
        with Lock(folder):
            if said:  # it has the lock no more: it was killed
                yield _mended(part, f"{said} 写到一半就没了，留下 {HOLDER}", mend=mend)
            yield from _leftovers(folder, mend=mend)
    except StoreBusy:
        yield Finding(part, Health.NOTE, f"正由 {said or '另一个进程'} 写入")
    except StoreError as error:
        yield Finding(part, Health.ILL, str(error), "换一个可写的文件夹（--data），或恢复写权限")


def _leftovers(folder: Path, *, mend: bool) -> Iterator[Finding]:
    """What a killed process left half written; nobody writes now."""
    left = [
        *folder.glob("*.new"),
        *(folder / archive.SOURCES).glob("*.new"),
        *(folder / "readings").glob("*.part"),
        *(path for name in ("claims", "lexical") for path in (folder / name).glob(".*")),
    ]
    if left:
        if mend:
            for path in left:
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        yield _mended("文件夹", f"{len(left)} 个没写完的文件", mend=mend)


def _mended(part: str, text: str, *, mend: bool) -> Finding:
    return Finding(part, Health.MENDED, f"{text}：已清除") if mend else Finding(part, Health.NOTE, text, "jushi doctor")


def _clock(folder: Path, kept: Generation | None) -> Iterator[Finding]:
    """Nothing but messages depends on the clock; still, one that is wrong is told of."""
    now = datetime.now(UTC)
    written = datetime.fromtimestamp((folder / archive.GENERATION).stat().st_mtime, UTC) if kept else now
    told = datetime.fromisoformat(kept.time) if kept else now
    latest = max(written, told)
    if latest - now > _CLOCK_SLACK:
        text = f"本机时钟是 {now:%Y-%m-%d %H:%M}（UTC），索引却写于 {latest:%Y-%m-%d %H:%M}"
        yield Finding("时钟", Health.NOTE, f"{text}：答案不受影响，“今天”会算错", "校准时钟")


def _index(folder: Path, settings: Settings, kept: Generation | None, probed: Probed | None) -> Iterator[Finding]:
    part, again = "索引", "jushi doctor --rebuild"
    if probed is None:
        yield Finding(part, Health.NOTE, f"{folder} 还没有索引", "jushi ingest")
        return
    if probed.wrong:
        yield Finding(part, Health.ILL, f"Chroma 损坏：{probed.wrong}", again)
        return
    state = probed.state
    age = f"，{ago(kept.time)}写成" if kept else ""
    said = f"第 {state['number']} 代，{probed.pages} 页，{probed.passages} 段，嵌入模型 {state['embedder']}{age}"
    if state["embedder"] != settings.embedder:
        step = f"--embedder {state['embedder']}，或 {again}（按 {settings.embedder} 重做）"
        yield Finding(part, Health.ILL, f"{said}，与设置的 {settings.embedder} 不同", step)
    else:
        yield Finding(part, Health.FINE, said)
    if probed.unfinished:
        yield Finding(part, Health.NOTE, f"{probed.unfinished} 个文件没有读完：上次中途停了", "再运行一次 jushi ingest")


def _sources(folder: Path, kept: Generation | None) -> Iterator[Finding]:
    """Whether the index could be made again: each page's text is there, and is the one that was kept."""
    part = "原文"
    if kept is None:
        if (folder / "chroma").is_dir():
            step = "再运行一次 jushi ingest"
            yield Finding(part, Health.ILL, f"{archive.GENERATION} 不在或已损坏，索引坏了就无法重做", step)
        return
    lost = []
    for key in kept.keys:
        try:
            archive.page(folder, key)
        except StoreError as error:
            lost.append(str(error))
    if lost:
        yield Finding(part, Health.ILL, f"{len(kept.keys)} 页中 {len(lost)} 页不全：{lost[0]}", "重新读入这些页")
    elif kept.keys:
        yield Finding(part, Health.FINE, f"{len(kept.keys)} 页的原文都在，哈希相符")


def _derived(folder: Path, embedder: str, *, mend: bool) -> Iterator[Finding]:
    try:
        store = Store.open(folder, embedder)
    except JushiError as error:
        yield Finding("索引", Health.ILL, str(error))
        return
    try:
        yield from health.derived(store, mend=mend)
    finally:
        store.close()
