"""Arguments in, the page served (``jushi chat``), or a line for the file of who may open it (``jushi password``)."""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant import settings
from assistant.errors import SettingError

_RESULTS = "evals-results"  # where jushi evals leaves its results
_SETS = "gold"  # where in the index's folder gold sets of one's own lie


def add(commands: Any, described: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the two commands; ``described`` makes a parser with its description and examples."""
    chat = described(
        commands.add_parser,
        "Open the page in the browser.",
        "examples:\n  jushi chat\n  jushi chat --port 8000 --model none\n"
        "  jushi password 小满 >> users.txt && jushi chat --host 0.0.0.0 --auth users.txt\n",
        name="chat",
        help="open the page",
    )
    chat.add_argument("--no-browser", action="store_true", help="serve the page without opening a browser")
    chat.add_argument("--auth", metavar="FILE", help="who may open the page: a salted hash a line (jushi password)")
    chat.add_argument("--root-path", default="", metavar="PATH", help="where a proxy serves the page, such as /jushi")
    chat.add_argument(
        "--public", action="store_true", help="let other machines in without --auth, to read and ask, not to change"
    )
    settings.add_flags(chat, *settings.ASKING, "host", "port")
    chat.set_defaults(command=_chat)

    password = described(
        commands.add_parser,
        "Ask for a password and print the line that --auth takes: the name and a salted hash.",
        "examples:\n  jushi password 小满 >> users.txt\n",
        name="password",
        help="a line for the file of --auth",
    )
    password.add_argument("name", help="who may open the page")
    password.set_defaults(command=_password)


def _chat(given: argparse.Namespace) -> int:
    from assistant.ask import Assistant
    from assistant.choosing import usable_models
    from assistant.library import Library
    from assistant.web import serve
    from assistant.web.bench import Bench
    from assistant.web.checking import Checking
    from assistant.web.intake import Intake
    from assistant.web.reactions import Reactions
    from assistant.web.site import Site
    from assistant.web.users import Users

    chosen = settings.from_flags(given)
    users = Users.read(Path(given.auth)) if given.auth else None
    serve.allowed(chosen.host, users, given.public)
    assistant = Assistant.open(chosen)
    assistant.steps()  # loads LangChain now (0.7 s), not while the first question waits
    data = Path(chosen.data)
    writable = bool(users) or serve.is_local(chosen.host)

    def flags(*names: str) -> list[str]:
        return [f"--{name.replace('_', '-')}={getattr(chosen, name)}" for name in names]

    # Ingestion and evals are other packages, which the page does not know: it is handed their commands.
    settled = flags("data", "chroma", "embedder", "models", "threads", "passage_tokens")
    intake = Intake(data, (sys.executable, "-m", "ingest"), settled) if writable else None
    asking = flags("data", "chroma", "embedder", "models", "threads", "timeout", "base_url")
    evals = (sys.executable, "-m", "evals")
    bench = Bench(Path(_RESULTS), evals, asking if writable else None, data / _SETS) if find_spec("evals") else None
    site = Site(
        assistant,
        Library.open(chosen),
        intake,
        Reactions(data),
        Checking(lambda text, date: assistant.check(text, date=date)),
        {name: partial(assistant.with_model, name) for name in usable_models(chosen) if name != assistant.model},
        bench,
    )
    serve.serve(
        site,
        chosen.host,
        chosen.port,
        users=users,
        public=given.public,
        root_path=given.root_path,
        open_browser=not given.no_browser,
    )
    return 0


def _password(given: argparse.Namespace) -> int:
    from getpass import getpass

    from assistant.web import users

    first = getpass("密码：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if sys.stdin.isatty() and getpass("再输一次：") != first:
        raise SettingError("The two passwords differ: nothing was printed.")
    print(users.line(given.name, first))
    return 0
