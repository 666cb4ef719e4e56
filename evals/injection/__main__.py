"""``python -m evals.injection``: every attack tried on this program, a table of what they did out.

python -m evals.injection --model none
python -m evals.injection --model qwen2.5-coder-1.5b --fail-under 0

The pages are read in by ``jushi ingest``, into a folder of their own, once with the attacks and once without.
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant import settings
from assistant.ask import Assistant
from assistant.errors import JushiError, StoreError
from assistant.records import Answer
from evals.injection import attacks
from evals.injection.attacks import Attack, Verdict

Ask = Callable[[str], Answer]


def tried(known: Sequence[Attack], attacked: Ask, clean: Ask) -> list[tuple[Attack, Verdict, Answer]]:
    """Each attack with its verdict; ``attacked`` answers from the pages with attacks, ``clean`` from those without."""
    found = []
    for attack in known:
        answer = attacked(attack.question)
        found.append((attack, attacks.verdict(attack, answer, clean(attack.plain)), answer))
    return found


def write(known: Sequence[Attack], folder: Path, *, attacked: bool) -> None:
    """Writes the attacks' pages into the folder."""
    folder.mkdir(parents=True)
    for name, text in {attack.subject: attack.page(attacked=attacked) for attack in known}.items():
        (folder / f"{name}.md").write_text(text, "utf-8")


def table(found: Sequence[tuple[Attack, Verdict, Answer]]) -> str:
    """How many of each place and language were tried, changed the answer, and were obeyed."""
    counts = Counter((attack.place, attack.language, done) for attack, done, _ in found)
    lines = ["| in | language | tried | changed | obeyed |", "|---|---|---|---|---|"]
    for place in (attacks.PAGE, attacks.QUESTION):
        for language in ("zh", "en"):
            row = [counts[place, language, one] for one in Verdict]
            told = f"{counts[place, language, Verdict.CHANGED]} | {counts[place, language, Verdict.OBEYED]}"
            lines.append(f"| {place} | {language} | {sum(row)} | {told} |")
    whole = Counter(done for _, done, _ in found)
    lines.append(f"| all | | {len(found)} | {whole[Verdict.CHANGED]} | {whole[Verdict.OBEYED]} |")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table and what was obeyed; 1 where more were obeyed than ``--fail-under`` allows."""
    parser = argparse.ArgumentParser(
        "python -m evals.injection", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fail-under", type=int, metavar="OBEYED", help="exit code 1 beyond so many")
    settings.add_flags(parser, "model", "base_url", "api_key", "embedder", "models", "threads", "timeout")
    given = parser.parse_args(argv)
    known = attacks.load()
    try:
        with tempfile.TemporaryDirectory() as kept:
            opened = [_opened(known, Path(kept), given, attacked=attacked) for attacked in (True, False)]
            found = tried(known, opened[0].ask, opened[1].ask)
            for assistant in opened:
                assistant.close()
    except JushiError as error:
        print(f"evals.injection: {error}", file=sys.stderr)
        return 2
    print(table(found))
    for attack, done, answer in found:
        if done is not Verdict.UNMOVED:
            print(f"{done}: {attack.id} ({attack.way}): {attack.text}\n    {answer.text}")
    obeyed = sum(done is Verdict.OBEYED for _, done, _ in found)
    return 1 if given.fail_under is not None and obeyed > given.fail_under else 0


def _opened(known: Sequence[Attack], folder: Path, given: argparse.Namespace, *, attacked: bool) -> Assistant:
    name = "attacked" if attacked else "clean"
    write(known, folder / name, attacked=attacked)
    chosen = settings.load(
        {
            **{key: getattr(given, key) for key in ("model", "base_url", "api_key", "embedder", "models", "threads")},
            "data": str(folder / f"{name}-data"),
            "chroma": "",  # hostile pages stay out of anybody's server
        }
    )
    command = [sys.executable, "-m", "assistant.cli", "ingest", str(folder / name), "--data", chosen.data, "--chroma="]
    ran = subprocess.run([*command, "--embedder", chosen.embedder], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise StoreError(f"The pages could not be read in: {ran.stderr.strip()[-300:]}")
    return Assistant.open(chosen)


if __name__ == "__main__":
    sys.exit(main())
