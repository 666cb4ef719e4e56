"""Question in, checked Answer out: the chain. ``ask()``, ``aask()``, ``stream()``, or an ``Assistant`` kept open.

    from assistant import ask
    print(ask("台江经开区2024年规上工业总产值是多少？").text)

The chain is made of LangChain runnables, so its tracing callbacks see every step: understand, retrieve, select, answer.
"""

import asyncio
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import (
    caveats,
    compose,
    compute,
    documents,
    embed,
    evidence,
    followup,
    instructions,
    llm,
    question,
    render,
    rerank,
    retrieve,
    runnable,
    spans,
    thesaurus,
    verify,
)
from assistant import settings as settings_module
from assistant.check.answering import Asked, Objection
from assistant.check.indexed import indexed
from assistant.choosing import choose_model, model_name
from assistant.claim_index import ClaimIndex
from assistant.current import Current
from assistant.errors import JushiError, ModelError, SettingError
from assistant.lexical import Lexical
from assistant.records import (
    Answer,
    Caveat,
    CaveatKind,
    Checked,
    Citation,
    Event,
    Evidence,
    EvidenceFound,
    Fault,
    FigureCheck,
    Final,
    Hit,
    Intent,
    Passage,
    Query,
    Retrieved,
    Source,
    Token,
    Verdict,
)
from assistant.settings import Settings
from assistant.store import Store

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

History = Sequence[tuple[str, str]]
Checks = tuple[FigureCheck, ...]
LONGEST_QUESTION = 2000  # characters; a longer one is no question, and would crowd out the evidence
EXAMPLE_PAGE = "000_fe3afa8c08b86c37"  # the page that the first example is answered by
EXAMPLES = (  # in Chinese and in English
    (
        "台江经开区2024年规上工业总产值是多少？",
        "What was the industrial output value above designated size of Taijiang Economic Development Zone in 2024?",
    ),
    (
        "正安经开区吉他年产销多少把？",
        "How many guitars does Zheng'an Economic Development Zone make and sell a year?",
    ),
    ("莹月帆集团2025年产值是多少？", "What was the output value of 莹月帆集团 in 2025?"),
)
_PIECE = 8  # characters of verified text sent to the screen at a time


@dataclass(frozen=True, slots=True)
class Opened:
    """One generation of the index with what is derived from it: a question is answered from one, whatever comes."""

    store: Store
    lexical: Lexical
    claims: ClaimIndex
    words: thesaurus.Thesaurus


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one question has gathered so far on its way through the chain."""

    question: str
    history: tuple[tuple[str, str], ...]
    over: Opened = field(repr=False)
    query: Query | None = None
    hits: tuple[Hit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    answer: Answer | None = None
    usage: Mapping[str, int] = field(default_factory=dict)


_Step = Callable[[_Turn], _Turn]
stoppable = llm.stoppable  # for whoever reads a stream in a thread of its own, as the page does


class Assistant:
    """One open index with one model; safe to use from several threads."""

    def __init__(
        self, settings: Settings, store: Store, embedder: embed.Embedder, chat: Callable[[], llm.Chat | None]
    ) -> None:
        """``chat`` is called at the first question that needs a model."""
        self._settings = settings
        self._store = store
        self._embedder = embedder
        self._reranker = rerank.load(settings.reranker, settings.threads)
        self._make_chat = chat
        self._chat: llm.Chat | None = None
        self._lock = threading.Lock()
        self._current = Current(store, self._derived)

    @classmethod
    def open(cls, settings: Settings) -> "Assistant":
        """The assistant of these settings. Raises IndexMissing, IndexMismatch, EmbedderError or ModelMissing."""
        choose = choose_model(settings)
        store = Store.open(Path(settings.data), settings.embedder, settings.server)
        return cls(settings, store, embed.load(settings.embedder, settings.threads, Path(settings.models)), choose)

    def close(self) -> None:
        """Lets go of the index."""
        self._store.close()

    def with_model(self, name: str) -> "Assistant":
        """One more assistant of this index, with another model. Raises ModelMissing and SettingError."""
        chosen = replace(self._settings, model=name)
        choose = choose_model(chosen)
        return Assistant(chosen, Store.open(Path(chosen.data), chosen.embedder, chosen.server), self._embedder, choose)

    @property
    def model(self) -> str:
        """The model's name, or ``none``."""
        return model_name(self._settings)

    @property
    def examples(self) -> tuple[tuple[str, str], ...]:
        """Questions to begin with, in Chinese and in English, where the index holds the pages that come with Jushi."""
        return EXAMPLES if any(file.startswith(EXAMPLE_PAGE) for file in self._store.pages()) else ()

    def warm(self) -> None:
        """Loads the model now instead of at the first question."""
        self._model()

    def ask(self, text: str, history: History = (), stop: threading.Event | None = None) -> Answer:
        """The checked answer. Raises SettingError for an empty or overlong question, Stopped once ``stop`` is set."""
        for event in self.stream(text, history, stop=stop):
            if isinstance(event, Final):
                return event.answer
        raise JushiError("The chain ended without an answer.")

    async def aask(self, text: str, history: History = ()) -> Answer:
        """``ask`` for asynchronous callers; the work is done in a thread, and ends when the task is cancelled."""
        stop = threading.Event()
        try:
            return await asyncio.to_thread(self.ask, text, history, stop)
        except asyncio.CancelledError:
            stop.set()
            raise

    def stream(
        self, text: str, history: History = (), config: Any = None, stop: threading.Event | None = None
    ) -> Iterator[Event]:
        """The events of one question: Retrieved, EvidenceFound, Token for each verified piece of text, Final.

        Setting ``stop``, from any thread, takes the question back: the model is free at once, and Stopped is raised.
        """
        text = text.strip()
        if not text:
            raise SettingError("The question is empty.")
        if len(text) > LONGEST_QUESTION:
            raise SettingError(
                f"The question has {len(text)} characters; at most {LONGEST_QUESTION} are read. Shorten it."
            )
        over = self._current.now()
        began = time.perf_counter()
        turn = _Turn(text, tuple(history), over)
        timings: dict[str, float] = {}
        # Where nobody traces, the steps are called as they are: LangChain takes half a second to load.
        traced = config is not None or bool(self._settings.base_url) or "langchain_core" in sys.modules
        steps: dict[str, _Step] = (
            {name: partial(step.invoke, config=config) for name, step in self.steps().items()}
            if traced
            else self._named_steps()
        )
        span = spans.Span("ask", model=self.model)
        try:
            for name, step in steps.items():
                started = time.perf_counter()
                with span.part(name), llm.stoppable(stop):
                    llm.check()
                    turn = step(turn)
                timings[name] = round(time.perf_counter() - started, 4)
                if name == "retrieve":
                    yield Retrieved(turn.hits)
                elif name == "select":
                    yield EvidenceFound(turn.evidence)
            if turn.answer is None:
                raise JushiError("The chain ended without an answer.")
            answer = replace(turn.answer, timings={**timings, "total": round(time.perf_counter() - began, 4)})
            span.tell(**_counted(turn, answer))
        except BaseException as error:
            span.end(error)
            raise
        span.end()
        for at in range(0, len(answer.text), _PIECE):
            yield Token(answer.text[at : at + _PIECE])
        yield Final(answer)

    def search(
        self, text: str, k: int = 0, history: History = (), *, source: str = "", date: str = ""
    ) -> tuple[Hit, ...]:
        """The ``k`` best passages, or as many as the settings say, each with its score and the parts of it.

        ``source`` (part of a paper's or file's name) and ``date`` (2025, 2025-09) are filters, and hold in place of
        those that the question types.
        """
        over = self._current.now()
        query = question.understand(text.strip(), tuple(history), over.words)
        query = replace(query, source=source or query.source, date=date or query.date)
        return self._hits(over, query, k or self._settings.hits)

    @property
    def words(self) -> thesaurus.Thesaurus:
        """The words and names by which questions to this index are read."""
        return self._current.now().words

    @property
    def lexical(self) -> Lexical:
        """The index's word index."""
        return self._current.now().lexical

    def objection(self, query: Query, one: Evidence, hits: Sequence[Hit]) -> Objection | None:
        """What speaks against answering the query with the figure that the sentence points at; None where nothing."""
        return self._asked(self._current.now(), query, (one,), hits).against(one.pointed.text) if one.pointed else None

    def retriever(self, k: int = 0, *, source: str = "", date: str = "") -> "BaseRetriever":
        """The pages as a retriever of LangChain, for anyone's chain; filters as in ``search``."""
        return documents.retriever(partial(self.search, source=source, date=date), k or self._settings.hits)

    def chain(self) -> "Runnable[Any, Any]":
        """Questions or messages in, messages out, as a Runnable of LangChain: see ``assistant.runnable``."""
        return runnable.runnable(self.stream)

    def check(self, text: str, *, date: str = "") -> Checked:
        """``assistant.check`` against the index: each sentence's nearest passages by its words, with their suspicions.

        ``date`` is the text's own. Raises SettingError like ``check``, and where nothing of the index is near.
        """
        over = self._current.now()
        with spans.span("check") as span:
            checked = indexed(text, over.store, over.lexical, over.claims, date)
            span.tell(numbers=len(checked.numbers), unsupported=len(checked.unsupported))
        return checked

    def steps(self) -> "dict[str, Runnable[_Turn, _Turn]]":
        """The chain's runnables by name, in order."""
        from langchain_core.runnables import RunnableLambda

        return {name: RunnableLambda(step, name=name) for name, step in self._named_steps().items()}

    def _named_steps(self) -> dict[str, _Step]:
        return {
            "understand": self._understand,
            "retrieve": self._retrieve,
            "select": self._select,
            "answer": self._answer,
        }

    # ------------------------------------------------------------------ steps

    def _understand(self, turn: _Turn) -> _Turn:
        # what a question orders instead of asking is not put to anyone
        asked = instructions.without(turn.question) or turn.question
        query = question.understand(asked, turn.history, turn.over.words)
        if not followup.unsure(query):
            return replace(turn, query=query)
        try:
            query, usage = followup.completed(query, self._model(), turn.over.words)
        except ModelError:
            usage = {}  # the rule's question is asked; the answer's step meets the same trouble, and tells it
        return replace(turn, query=query, usage=usage)

    def _retrieve(self, turn: _Turn) -> _Turn:
        asks = bool(instructions.without(turn.question))
        return replace(turn, hits=self._hits(turn.over, _query(turn), self._settings.hits) if asks else ())

    def _hits(self, over: Opened, query: Query, k: int) -> tuple[Hit, ...]:
        return retrieve.retrieve(
            query, over.store, self._embedder, over.lexical, k, claims=over.claims, reranker=self._reranker
        )

    def _select(self, turn: _Turn) -> _Turn:
        most, budget = self._settings.evidence, self._settings.evidence_tokens
        found = evidence.select(_query(turn), turn.hits, turn.over.lexical, most=most, budget=budget)
        # a sentence that gives orders to whoever answers by it tells nothing of the world
        return replace(turn, evidence=tuple(one for one in found if not instructions.spoken_to_a_model(one.text)))

    def _answer(self, turn: _Turn) -> _Turn:
        query, found = _query(turn), turn.evidence
        if (worked := self._worked(turn)) is not None:
            return worked
        trouble: list[Caveat] = []
        usage = {}
        try:
            chat = self._model()
            with llm.counted() as spent:
                draft = compose.compose(query, found, chat)
            if chat:
                usage = {"read": spent.read, "written": spent.written}
        except ModelError as error:
            chat = None
            draft = compose.compose(query, found, None)
            trouble.append(Caveat(CaveatKind.DEGRADED, f"模型没有用上，答案由程序直接摘录。{error}"))
        asked = self._asked(turn.over, query, draft.used, turn.hits)
        checks = verify.check(draft.text, draft.used, asked=asked)
        worded = chat is not None and bool(draft.used) and not draft.declined
        if worded and (_unsupported(checks) or verify.own_words(draft.text, query, draft.used)):
            # What the model worded does not stand on its evidence: the evidence itself takes its place.
            draft = compose.quote(query, draft.used[0])
            checks = verify.check(draft.text, draft.used, asked=asked)
        if not draft.declined and _unsupported(checks):
            draft, checks, wrong = self._mended(turn.over, query, draft, checks, asked, found)
            trouble += wrong
        return self._told(turn, replace(draft, caveats=(*trouble, *draft.caveats)), checks, usage)

    def _told(self, turn: _Turn, draft: compose.Draft, checks: Checks, usage: Mapping[str, int] | None = None) -> _Turn:
        """The turn with its answer: the draft as it was checked, and what is to be warned of."""
        over = turn.over
        whole = turn.query is not None and turn.query.intent is Intent.CONFLICT
        doubts, more = (
            ((), ()) if draft.declined else caveats.find(checks, draft.used, over.claims, over.store.get, whole=whole)
        )
        answer = Answer(
            question=turn.question,
            text=draft.text,
            citations=tuple(_citation(sentence) for sentence in (*draft.used, *more)),
            checks=checks,
            caveats=(*draft.caveats, *doubts),
            declined=draft.declined,
            evidence=turn.evidence,
            model=self.model,
            usage=dict(Counter(turn.usage) + Counter(usage or {})),
            formulas=draft.formulas,
        )
        return replace(turn, answer=answer)

    def _worked(self, turn: _Turn) -> _Turn | None:
        """The turn with its answer where the question asks for a reckoning that stands the check; otherwise None."""
        query, over = _query(turn), turn.over

        def find(text: str) -> Sequence[Passage]:
            asked = replace(question.understand(text, words=over.words), source=query.source, date=query.date)
            return [hit.passage for hit in self._hits(over, asked, self._settings.hits)]

        passages = tuple(hit.passage for hit in turn.hits)
        lexicon = compute.Lexicon(over.claims.aliases, over.lexical.weight, over.words.same)
        draft = compute.answer(query, passages, find, lexicon)
        if draft is None or compose.prints_share(query, turn.evidence, draft):
            return None
        checks = verify.check(draft.text, draft.used, draft.formulas)
        if _unsupported(checks):
            return None  # what the check does not bear is not told: the passages answer in their own words
        return self._told(turn, draft, checks)

    def _asked(self, over: Opened, query: Query, used: Sequence[Evidence], hits: Sequence[Hit]) -> Asked:
        """The question, to be held against the evidence and what else was found of its stories."""
        stories = {sentence.passage.story_id for sentence in used}
        near = [hit.passage for hit in hits if hit.passage.story_id in stories]
        passages = {passage.id: passage for passage in [*(sentence.passage for sentence in used), *near]}
        asks = tuple(one.text for one in query.asks)
        return Asked(query.text, tuple(passages.values()), over.claims.aliases, asks)

    def _mended(
        self,
        over: Opened,
        query: Query,
        draft: compose.Draft,
        checks: Checks,
        asked: Asked,
        found: Sequence[Evidence],
    ) -> tuple[compose.Draft, Checks, list[Caveat]]:
        """The one repair: the figure that the check found in its place, or what the program would have quoted.

        Otherwise the refusal, with whose figure it is.
        """
        stated = next(check for check in checks if check.verdict is Verdict.UNSUPPORTED)
        wrong = asked.against(stated.figure.text)
        if wrong and wrong.instead:
            for sentence in found:
                if sentence.passage.id == wrong.passage_id and wrong.instead in sentence.figures:
                    if wrong.fault is Fault.METRIC and sentence.pointed and sentence.pointed.text == stated.figure.text:
                        # words alone speak for the neighbour; by all signs the question asks for this one
                        return draft, verify.check(draft.text, draft.used), []
                    mended = compose.quote(query, replace(sentence, pointed=wrong.instead))
                    again = verify.check(mended.text, mended.used, asked=asked)
                    if not _unsupported(again):
                        return mended, again, []
        own = compose.compose(query, found, None)
        again = verify.check(own.text, own.used, asked=self._asked(over, query, own.used, ()))
        if not own.declined and own.used != draft.used and not _unsupported(again):
            return own, again, []
        declined = compose.decline(query, draft.used[0])
        told = []
        if wrong:
            kind = CaveatKind.PERIOD if wrong.fault is Fault.PERIOD else CaveatKind.SCOPE
            told.append(Caveat(kind, f"“{stated.figure.text}”：{wrong.reason}。", (draft.used[0].key,)))
        return declined, verify.check(declined.text, declined.used), told

    # ------------------------------------------------------------------ what is opened late or anew

    def _model(self) -> llm.Chat | None:
        with self._lock:
            if self._chat is None:
                self._chat = self._make_chat()
            return self._chat

    def _derived(self, view: Store) -> Opened:
        """The store's generation with what is derived from it: word index, claims, names."""
        claims = ClaimIndex.of(view)
        return Opened(view, Lexical.of(view), claims, thesaurus.load(view.home, claims.aliases))


def ask(text: str, *, history: History = (), **settings: Any) -> Answer:
    """The answer to one question over the index; settings as keywords: ``ask(question, data=…, model="none")``."""
    return _opened(settings_module.load(settings)).ask(text, history)


async def aask(text: str, *, history: History = (), **settings: Any) -> Answer:
    """``ask`` for asynchronous callers."""
    return await asyncio.to_thread(lambda: ask(text, history=history, **settings))


def stream(text: str, *, history: History = (), **settings: Any) -> Iterator[Event]:
    """The events of one question as they happen."""
    return _opened(settings_module.load(settings)).stream(text, history)


def retriever(*, k: int = 0, source: str = "", date: str = "", **settings: Any) -> "BaseRetriever":
    """The pages of an index as a retriever of LangChain: ``retriever(data=…, k=4, date="2025-09")``."""
    return _opened(settings_module.load(settings)).retriever(k, source=source, date=date)


def chain(**settings: Any) -> "Runnable[Any, Any]":
    """The assistant of these settings as a Runnable of LangChain: ``chain(data=…, model="none").invoke(question)``."""
    return _opened(settings_module.load(settings)).chain()


def _counted(turn: _Turn, answer: Answer) -> dict[str, int | bool]:
    """What a span tells of an answer: counts, no words."""
    return {
        "hits": len(turn.hits),
        "evidence": len(turn.evidence),
        "declined": answer.declined,
        "figures": len(render.audited(answer)),
        "caveats": len(answer.caveats),
        "tokens.read": answer.usage.get("read", 0),
        "tokens.written": answer.usage.get("written", 0),
    }


def _unsupported(checks: Checks) -> bool:
    return any(check.verdict is Verdict.UNSUPPORTED for check in checks)


@lru_cache(maxsize=4)
def _opened(settings: Settings) -> Assistant:
    return Assistant.open(settings)


def _query(turn: _Turn) -> Query:
    if turn.query is None:
        raise JushiError("The chain's first step did not read the question.")
    return turn.query


def _citation(sentence: Evidence) -> Citation:
    """The sentence as a citation; its offsets run from its first to its last character in the file."""
    passage = sentence.passage
    inside = [
        (span.start + max(sentence.start - span.at, 0), span.start + min(sentence.end - span.at, span.end - span.start))
        for span in passage.spans
        if span.at < sentence.end and span.at + span.end - span.start > sentence.start
    ]
    source: Source = passage.source
    return Citation(sentence.key, passage.id, source, sentence.text, inside[0][0], inside[-1][1])
