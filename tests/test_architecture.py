"""The house: imports run down the layers only, each third-party library has its gateway, the environment one reader."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT

LAYERS: tuple[tuple[str, ...], ...] = (
    ("records", "errors", "numerals", "units", "forms"),
    ("figures", "points", "periods", "address", "settings", "prompts", "sentences", "instructions"),
    (
        *("mentions", "aliases", "pronouns", "subjects", "phrases", "measured", "times", "dealt", "claims"),
        *("checks", "relations", "ledger"),
        *(
            "tokens",
            "embed",
            "rerank",
            "stored_form",
            "vector_cache",
            "chroma",
            "archive",
            "lock",
            "store",
            "writing",
            "probe",
        ),
        *("parts", "shared", "served", "served_archive", "lease", "current"),
        *("postings", "lexical", "claim_index"),
        *("download", "packed", "graph", "convert", "models", "unigram", "llm", "spans"),
    ),
    (
        *(
            "thesaurus",
            "asking",
            "asks",
            "question",
            "agreement",
            "pointing",
            "telling",
            "confidence",
            "arithmetic",
            "compute",
            "choosing",
        ),
        *(
            "evidence",
            "centred",
            "followup",
            "reprints",
            "retrieve",
            "compose",
            "verify",
            "caveats",
            "documents",
            "render",
            "reply",
            "runnable",
            "translation",
            "suggestions",
            "check",
        ),
    ),
    ("ask", "listing", "library", "health", "served_health", "doctor", "backup"),
    ("web", "chat", "cli", "proofread", "upkeep"),
)
LAYER = {name: at for at, names in enumerate(LAYERS) for name in names}
# Layers of the assistant that a sibling package may use. evals.run is the one that asks.
SIBLINGS = {"ingest": 2, "evals": 1}
ASKING = {
    "evals.__main__": 4,
    "evals.command": 4,
    "evals.run": 4,
    "evals.systems": 4,
    "evals.stock": 4,
    "evals.given": 4,
    "evals.draft": 4,
    "evals.grading": 2,
    "evals.flags": 4,
    # whose names stand in an answer, and what a page claims: the judge reads as the product does, and is tried by hand
    "evals.about": 2,
    "evals.pages": 2,
    "evals.lint": 2,
    "evals.shelf": 2,
    "evals.retrieval": 3,
    "evals.checking": 3,
    "evals.injection.__main__": 4,
    "evals.benchmarks.cold": 4,
    "evals.benchmarks.growth": 2,
    "evals.benchmarks.latency": 3,
    "evals.benchmarks.served": 4,
    "evals.benchmarks.ingest": 2,
    "evals.benchmarks.crowd": 1,
    "evals.benchmarks.pipelines": 2,
    "evals.peers": 2,
    "evals.pointing": 4,
    "evals.telling": 4,
}
# cli alone hands over to the siblings; they keep their own parsers.
DISPATCHES = {
    ("assistant.cli", "ingest.__main__"),
    ("assistant.cli", "evals.command"),
    ("assistant.proofread", "ingest.sources"),
    ("assistant.upkeep", "ingest.rebuild"),
}

GATEWAYS: dict[str, set[str]] = {
    "chromadb": {"assistant.chroma", "assistant.served"},
    "langchain": {"assistant.ask", "assistant.llm"},
    "langchain_core": {
        "assistant.ask",
        "assistant.documents",
        "assistant.llm",
        "assistant.runnable",
        "evals.peers",
        "evals.stock",
    },
    # the peers that Jushi is measured against
    "langchain_chroma": {"evals.peers", "evals.stock", "evals.benchmarks.pipelines"},
    "langchain_classic": {"evals.peers", "evals.stock"},
    "langchain_community": {"evals.peers", "evals.stock", "evals.benchmarks.pipelines"},
    "llama_index": {"evals.peers", "evals.benchmarks.pipelines"},
    "haystack": {"evals.peers", "evals.benchmarks.pipelines"},
    "haystack_integrations": {"evals.benchmarks.pipelines"},
    "opentelemetry": {"assistant.spans"},
    "langchain_text_splitters": {"evals.stock", "evals.benchmarks.pipelines"},
    "langchain_openai": {"assistant.llm"},
    "openai": {"assistant.llm"},
    "xllamacpp": {"assistant.llm"},
    "sentence_transformers": {"assistant.embed"},
    "torch": {"assistant.embed"},
    "onnxruntime": {"assistant.embed"},
    "onnx": {"assistant.convert", "assistant.graph"},
    "safetensors": {"assistant.convert"},
    "tiktoken": {"assistant.tokens"},
    "zhconv_rs": {"assistant.lexical"},
    "pypinyin": {"assistant.thesaurus"},
    # Chroma's client of a server speaks through it, and raises its errors
    "httpx": {"assistant.download", "assistant.llm", "assistant.models", "assistant.served"},
    "filelock": {"assistant.lock"},
    "ray": {"ingest.spread"},
    "numpy": {
        "assistant.convert",
        "assistant.embed",
        "assistant.graph",
        "assistant.lexical",
        "assistant.packed",
        "assistant.postings",
        "assistant.served_archive",
        "assistant.store",
        "assistant.vector_cache",
        "assistant.writing",
        "evals.benchmarks.growth",
        "evals.benchmarks.latency",
        "evals.pointing",
        "evals.telling",
        "evals.retrieval",
        "evals.shelf",
        "ingest.readers.image",
        "ingest.readers.ocr",
        "ingest.speed",
    },
    "charset_normalizer": {"ingest.readers.text"},
    "pypdfium2": {"ingest.readers.pdf"},
    "selectolax": {"ingest.readers.html"},
    "watchfiles": {"ingest.watch"},
    "rapidocr": {"ingest.readers.ocr"},
    "PIL": {"ingest.readers.image", "ingest.readers.ocr", "ingest.readers.pdf"},
    "rich": {
        "assistant.cli",
        "ingest.__main__",
        "evals.command",
        "evals.progress",
        "evals.report",
        "evals.mutants",
        "evals.agreement",
        "evals.compare",
        "evals.suites",
        "evals.grading",
    },
    "gradio": {"assistant.web"},
    "fastapi": {"assistant.web"},
    "starlette": {"assistant.web"},
    "uvicorn": {"assistant.web"},
}
OWN = {"assistant", "ingest", "evals", "prompts", "seeds"}
# os.environ and its like are read here; a count of cores or a file's permission is no setting.
READS_ENVIRONMENT = {"assistant.settings"}


@dataclass(frozen=True)
class Import:
    module: str
    imported: str
    line: int
    late: bool  # within a function or for type checking only

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.imported}"


def modules() -> dict[str, Path]:
    """Every module of the three packages, by dotted name."""
    found = {}
    for package in ("assistant", "ingest", "evals"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in MODULES.items()}


def imports(module: str) -> Iterator[Import]:
    """What a module imports; ``from assistant import store`` as ``assistant.store``."""

    def walk(node: ast.AST, late: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            inner = late or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                inner = True
            if isinstance(child, ast.Import):
                yield from (Import(module, alias.name, child.lineno, late) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{module}:{child.lineno}: imports are absolute"
                origin = child.module or ""
                for alias in child.names:
                    whole = f"{origin}.{alias.name}"
                    yield Import(module, whole if whole in MODULES else origin, child.lineno, late)
            else:
                yield from walk(child, inner)

    return walk(TREES[module], False)


ALL = [one for module in MODULES for one in imports(module)]


def layer(module: str) -> int:
    return LAYER[module.split(".")[1]]


def within(module: str, allowed: set[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in allowed)


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith("assistant.")])
def test_every_room_has_its_layer(module: str) -> None:
    """A new module of the assistant is put into the table, or it does not belong."""
    assert module.split(".")[1] in LAYER


def test_imports_run_down_the_layers() -> None:
    """A module of the assistant imports its own layer or those below, never one above."""
    wrong = [
        str(one)
        for one in ALL
        if one.module.startswith("assistant.")
        and one.imported.startswith("assistant.")
        and layer(one.imported) > layer(one.module)
    ]
    assert wrong == []


def test_no_two_modules_import_each_other() -> None:
    """Within a layer too the imports have one direction."""
    below: dict[str, set[str]] = {}
    for one in ALL:
        if one.imported in MODULES and one.module != one.imported and "." in one.imported:
            below.setdefault(one.module, set()).add(one.imported)
    state: dict[str, int] = {}
    circles: list[list[str]] = []

    def visit(module: str, path: list[str]) -> None:
        if state.get(module) == 1:
            circles.append([*path[path.index(module) :], module])
        if state.get(module):
            return
        state[module] = 1
        for other in sorted(below.get(module, ())):
            visit(other, [*path, module])
        state[module] = 2

    for module in sorted(below):
        visit(module, [])
    assert circles == []


def test_siblings_use_the_layers_they_may() -> None:
    """Ingest uses 0 to 2, the judging half of evals 0 and 1; only evals.run reaches the chain."""
    wrong = []
    for one in ALL:
        package = one.module.split(".")[0]
        if package in SIBLINGS and one.imported.startswith("assistant."):
            most = ASKING.get(one.module, SIBLINGS[package])
            if layer(one.imported) > most:
                wrong.append(str(one))
    assert wrong == []


def test_ingest_and_evals_never_meet() -> None:
    """Neither sibling knows the other, and the assistant knows neither, but for the commands it hands over."""
    wrong = [
        str(one)
        for one in ALL
        if one.imported.split(".")[0] in SIBLINGS
        and one.imported.split(".")[0] != one.module.split(".")[0]
        and (one.module, one.imported) not in DISPATCHES
    ]
    assert wrong == []


def test_only_ask_and_web_know_the_door() -> None:
    """The page and the command line reach retrieval and models through ``ask`` alone, claims through ``listing``."""
    doors = ("retrieve", "evidence", "compose", "verify", "store", "lexical", "claim_index", "embed", "llm", "prompts")
    wrong = [
        str(one)
        for one in ALL
        if within(one.module, {"assistant.web", "assistant.chat", "assistant.cli"})
        and one.imported.startswith("assistant.")
        and one.imported.split(".")[1] in doors
    ]
    assert wrong == []


def test_each_library_has_its_gateway() -> None:
    """A third-party library is imported in its gateway alone, so that it can be exchanged there."""
    wrong = []
    for one in ALL:
        name = one.imported.split(".")[0]
        if name in OWN or name in sys.stdlib_module_names:
            continue
        if not within(one.module, GATEWAYS.get(name, set())):
            wrong.append(str(one))
    assert wrong == []


HEAVY = set(GATEWAYS) - {"rich", "numpy"}


def test_heavy_libraries_are_imported_when_needed() -> None:
    """No heavy library is loaded by importing a module: each waits within the function that needs it."""
    wrong = [str(one) for one in ALL if one.imported.split(".")[0] in HEAVY and not one.late]
    assert wrong == []


def test_records_and_numerals_need_no_library() -> None:
    """The vocabulary is the standard library's and its own."""
    wrong = [
        str(one)
        for one in ALL
        if one.module.startswith("assistant.")
        and layer(one.module) <= 1
        and one.imported.split(".")[0] not in OWN | set(sys.stdlib_module_names)
    ]
    assert wrong == []


def test_only_settings_reads_the_environment() -> None:
    """Whatever steers the program is a setting, with its flag, its variable and its line in the README."""
    wrong = []
    for module, tree in TREES.items():
        for node in ast.walk(tree):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            imported = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
            if {name, *imported} & {"environ", "getenv", "environb"} and module not in READS_ENVIRONMENT:
                wrong.append(f"{module}:{getattr(node, 'lineno', 0)}")
    assert wrong == []


def test_no_room_is_called_utils() -> None:
    """A name says what is in the room."""
    assert not {"utils", "util", "common", "helpers", "misc"} & {name.split(".")[-1] for name in MODULES}


def test_no_model_and_no_index_is_kept_in_the_repository() -> None:
    """Models and indexes are made or fetched, not committed: nothing that git keeps is larger than a megabyte."""
    git = shutil.which("git")
    listed = git and subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True)
    if not listed or listed.returncode:
        pytest.skip("this is no clone")
    kept = (ROOT / name for name in listed.stdout.split("\0") if name)
    assert [path.name for path in kept if path.is_file() and path.stat().st_size > 1 << 20] == []
