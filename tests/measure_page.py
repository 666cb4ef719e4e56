"""A page that is served in, what its readers wait for out: run by hand, not by pytest.

    jushi chat --model none --no-browser --port 7860
    python tests/measure_page.py http://127.0.0.1:7860/ none

Loads the page with an empty cache, asks its own questions one after the other in chromium with the model named, then
asks through ``gradio_client`` from twenty threads at once.
"""

import statistics
import sys
import threading
import time
from typing import Any

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PEOPLE, ROUNDS = 20, 3
QUESTIONS = 8
WATCH = """() => {
  window.marks = {};
  const began = () => { window.began = performance.now(); };
  const typed = (event) => { if (event.key === 'Enter') began(); };
  document.getElementById('asked').addEventListener('keydown', typed, true);
  new MutationObserver(() => {
    const turn = document.querySelector('#live .turn');
    if (!turn) return;
    const asked = turn.querySelector('.words').textContent;
    const mark = window.marks[asked] = window.marks[asked] || {};
    if (!mark.evidence && turn.querySelector('.card')) mark.evidence = performance.now() - window.began;
    if (!mark.over && turn.dataset.state === 'over') mark.over = performance.now() - window.began;
  }).observe(document.body, {childList: true, subtree: true});
}"""


def in_the_browser(url: str, model: str) -> list[str]:
    """Print load and waiting times; return the questions that the page suggests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        tab = browser.new_page()
        weight: list[int] = []
        network = tab.context.new_cdp_session(tab)
        network.send("Network.enable")
        network.on("Network.loadingFinished", lambda event: weight.append(int(event["encodedDataLength"])))
        began = time.perf_counter()
        tab.goto(url)
        tab.wait_for_selector("body.ready")
        loaded = time.perf_counter() - began
        tab.wait_for_timeout(500)
        print(f"load {loaded:.2f} s, {sum(weight):,} bytes, {len(weight)} requests")
        questions = tab.evaluate(
            "[...document.querySelectorAll('#welcome .offers:not(.en) .offer')].map((one) => one.dataset.question)"
        )
        tab.select_option("#model", model)
        tab.evaluate(WATCH)
        marks: list[dict[str, float]] = []
        for question in questions[:QUESTIONS]:
            tab.fill("#asked", question)
            tab.press("#asked", "Enter")
            done = "(asked) => window.marks[asked] && window.marks[asked].over"
            tab.wait_for_function(done, arg=question, timeout=300_000)
            marks.append(tab.evaluate("(asked) => window.marks[asked]", question))
            tab.wait_for_selector("#send")
        browser.close()
    for name in ("evidence", "over"):
        times = [mark[name] / 1000 for mark in marks if name in mark]
        print(f"{model}: {name} after {statistics.median(times):.2f} s (median), {max(times):.2f} s at most")
    return [str(question) for question in questions]


def at_once(url: str, questions: list[str], model: str) -> None:
    """Print how long people wait who ask at the same time, and whether each got the answer to their own question."""
    from gradio_client import Client

    clients = [Client(url, verbose=False) for _ in range(PEOPLE)]
    alone = {question: clients[0].predict(question, model, api_name="/ask")["text"] for question in questions}
    told: list[tuple[float, bool]] = []

    def ask(at: int) -> None:
        for turn in range(ROUNDS):
            question = questions[(at + turn) % len(questions)]
            began = time.perf_counter()
            answer: Any = clients[at].predict(question, model, api_name="/ask")
            own = answer["question"] == question and answer["text"] == alone[question]
            told.append((time.perf_counter() - began, own))

    threads = [threading.Thread(target=ask, args=(at,)) for at in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = sorted(seconds for seconds, _ in told)
    own = sum(right for _, right in told)
    late = times[int(0.95 * len(times))]
    print(f"{PEOPLE} at once, {ROUNDS} each: {own} of {PEOPLE * ROUNDS} got their own answer, p95 {late:.2f} s")


if __name__ == "__main__":
    address, name = sys.argv[1], sys.argv[2]
    suggested = in_the_browser(address, name)
    if name == "none":
        at_once(address, suggested, name)
