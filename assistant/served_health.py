"""The address of a server in, how it and the index on it are out; what is derived of it here is mended.

Nothing on the server is changed: it is others', too.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from assistant import health, lease, probe
from assistant.address import Address
from assistant.download import bytes_text
from assistant.errors import IndexMissing, JushiError, StoreAway, StoreError
from assistant.health import Finding, Health
from assistant.served import Served
from assistant.settings import Settings
from assistant.store import Store

_SLOW: Final = 0.2  # seconds of a request, of which a question makes about ten


def examine(settings: Settings, address: Address, *, mend: bool) -> Iterator[Finding]:
    """Every finding, in order."""
    part = "服务器"
    try:
        served = Served.shared(address)
    except IndexMissing as error:
        yield Finding(part, Health.NOTE, str(error), "jushi ingest")
        return
    except JushiError as error:
        yield Finding(part, Health.ILL, str(error))
        return
    try:
        began = time.perf_counter()
        served.now()
        took = time.perf_counter() - began
        key = "，已设密钥" if address.key else ""
        said = f"{address} 可达{key}，{1000 * took:.0f} 毫秒"
        yield Finding(
            part, Health.NOTE if took > _SLOW else Health.FINE, said, "换近些的服务器" if took > _SLOW else ""
        )
        if writing := lease.holder(served):
            yield Finding(part, Health.NOTE, f"正由 {writing} 写入")
        yield from _index(settings, address, mend=mend)
    except JushiError as error:
        yield Finding(part, Health.ILL, str(error))
    finally:
        served.release()


def _index(settings: Settings, address: Address, *, mend: bool) -> Iterator[Finding]:
    store = Store.open(Path(settings.data), settings.embedder, address)
    try:
        told = probe.counted(store)
        known = store.archive.generation()
        age = f"，{health.ago(known.time)}写成" if known else ""
        said = f"第 {store.number} 代，{told.pages} 页，{told.passages} 段，嵌入模型 {store.embedder}{age}"
        if told.wrong:
            again = "jushi backup 后换一个数据库 jushi restore，或重新读入有问题的页"
            yield Finding("索引", Health.ILL, f"{said}；{told.wrong}", again)
        else:
            yield Finding("索引", Health.FINE, said)
        if told.unfinished:
            yield Finding("索引", Health.NOTE, f"{told.unfinished} 个文件没有读完", "再运行一次 jushi ingest")
        lost = []
        for key in known.keys if known else ():
            try:
                store.archive.page(key)
            except StoreAway:
                raise  # that tells nothing of the pages
            except StoreError as error:
                lost.append(str(error))
        if lost:
            yield Finding("原文", Health.ILL, f"{len(lost)} 页不全：{lost[0]}", "重新读入这些页")
        elif known:
            yield Finding("原文", Health.FINE, f"{len(known.keys)} 页的原文都在，哈希相符")
        yield from health.vectors(store.folder, mend=mend)
        yield from health.derived(store, mend=mend)
        size = health.size(store.folder)
        yield Finding("文件夹", Health.FINE, f"{store.folder}：{bytes_text(size)}，都可由服务器上的索引重做")
    finally:
        store.close()
