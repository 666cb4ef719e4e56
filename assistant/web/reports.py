"""The runs of a bench in, their list, a form to start one, and two compared as HTML out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from assistant.web.bench import KINDS, SIZES, Bench
from assistant.web.measured import SYSTEM, VERDICTS, Run
from assistant.web.words import both, button, escaped, hidden, line

NAMES: Final = {
    "correct": ("答对", "right"),
    "partial": ("部分对", "partly"),
    "declined": ("拒答", "declined"),
    "wrong": ("答错", "wrong"),
    "unscored": ("未评", "not judged"),
}
_SHARES: Final = {
    "accuracy": ("答对", "Right"),
    "wrong": ("答出错数", "Wrong figure given"),
    "declined": ("拒答", "Declined"),
}
_SIDES: Final = (("甲", "A"), ("乙", "B"))
_BAR: Final = 200  # width of a picture, in its own units
_CHANGED: Final = 200  # questions shown that two runs did not judge alike
_HEADS: Final = (
    ("", ""),
    ("模型", "Model"),
    ("题", "Questions"),
    ("结果", "Outcome"),
    ("答对", "Right"),
    ("错数", "Wrong figures"),
    ("每题", "Each"),
    ("", ""),
)


def trial_options(models: Sequence[str], sets: Sequence[str]) -> dict[str, str]:
    """The choices of the form, by what stands for them in its frame."""
    kinds = [("", "全部题型", "every kind"), *((name, *told) for name, told in KINDS.items())]
    sizes = [*((str(one), f"{one} 题", f"{one}") for one in SIZES), ("", "全部", "all")]
    own = [("", "据实自带的题", "Jushi's own"), *((name, name, name) for name in sets)]
    return {
        "@models@": model_options(models),
        "@sets@": "".join(_option(*one) for one in own),
        "@kinds@": "".join(_option(*one) for one in kinds),
        "@sizes@": "".join(_option(*one) for one in sizes),
    }


def model_options(models: Sequence[str]) -> str:
    """The models to choose from; the script adds what was measured of each."""
    return "".join(_option(name, *_model(name)) for name in models)


def _option(value: str, chinese: str, english: str) -> str:
    """An option holds words only: the script says them in the reader's language."""
    return f'<option value="{line(value)}" data-zh="{line(chinese)}" data-en="{line(english)}">{line(chinese)}</option>'


def _model(name: str) -> tuple[str, str]:
    return ("不用模型", "no model") if name in ("", "none") else (name, name)


# ------------------------------------------------------------------ the list


def list_html(bench: Bench) -> str:
    """The runs, the newest first, each with a picture of how it came out, to be opened, two of them to be compared."""
    runs = bench.results.runs()
    running = ' data-running="1"' if bench.running is not None else ""
    if not runs:
        told = both(
            "还没有评测过。考一轮，就知道这里答出的数字有几分可信。",
            "Nothing has been measured yet. A run tells how far the figures here can be trusted.",
        )
        return f'<p class="none" role="status"{running}>{told}</p>'
    heads = "".join(f'<th scope="col">{both(*one) if one[0] else hidden("选", "choose")}</th>' for one in _HEADS)
    rows = "".join(_row(one, bench, runs) for one in runs)
    compare = button("对比选中的两轮", "Compare the two chosen", "go", act="compare")
    return (
        f'<div class="legend"{running}>{_legend()}</div>'
        '<div class="scroll" role="region" aria-label="评测 runs" tabindex="0">'
        f'<table class="figures runs"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
        f'<p class="acts pairing">{compare.replace("<button", "<button disabled", 1)} '
        f'<span class="soft">{both("先在左边选两轮", "choose two runs on the left")}</span></p>'
    )


def _legend() -> str:
    marks = "".join(f'<span><i class="mark {name}"></i>{both(*NAMES[name])}</span>' for name in VERDICTS[:-1])
    told = both(
        "错数：给出的数字不是所问的，最要紧；拒答不算错。区间是 95% 的把握。",
        "Wrong figures, which matter most: a figure given that is not the answer. To decline gives none. "
        "Ranges hold at 95 %.",
    )
    return f'<p class="marks">{marks}</p><p class="soft">{told}</p>'


def _row(run: Run, bench: Bench, runs: Sequence[Run]) -> str:
    when = _when(run.date)
    kinds = [KINDS.get(one, (one, one)) for one in str(run.drawn.get("types", "")).split(",") if one]
    kind = both("、".join(one[0] for one in kinds), ", ".join(one[1] for one in kinds)) if kinds else ""
    count = both(f"{run.answers} 题", f"{run.answers} asked")
    if not run.whole:
        running = bench.running is not None and run == runs[0]
        state = ("正在考", "running") if running else ("没考完", "not finished")
        count = f"{both(f'{run.answers}/{run.asked} 题', f'{run.answers} of {run.asked}')} "
        count += f'<span class="guess">{both(*state)}</span>'
    low, high = (round(100 * end) for end in run.interval)
    right = f'<b>{run.right:.0%}</b> <span class="soft">{low}–{high}%</span>' if run.scored else "–"
    wrong = f"<b>{run.wrong:.0%}</b>" if run.answers else "–"
    acts = [button("看报告", "Open", "open", act="report", run=run.name, when=when)] if run.answers else []
    if bench.resumable(run, runs):
        acts.append(button("接着考", "Go on", "open", act="resume", run=run.name))
    label = f'<label><input type="checkbox" name="run" value="{line(run.name)}"><span class="vh">'
    choose = f"{label}{both('选来对比', 'compare')} {when} {line(run.model)}</span></label>" if run.answers else ""
    cells = (
        ("", "", choose),
        ("模型", "Model", f'<b class="model">{_named(run)}</b><span class="soft"> {when}</span>'),
        ("题", "Questions", f'{count} {kind}<span class="soft"> {line(run.gold)}</span>'),
        ("结果", "Outcome", _picture(run.counts)),
        ("答对", "Right", right),
        ("错数", "Wrong figures", wrong),
        ("每题", "Each", f"{_seconds(run.seconds)} {both('秒', 's')}"),
        ("", "", " ".join(acts)),
    )
    return f"<tr>{''.join(_cell(*one) for one in cells)}</tr>"


def _cell(chinese: str, english: str, inner: str) -> str:
    head = f' data-head="{chinese}" data-head-en="{english}"' if chinese else ""
    return f"<td{head}>{inner}</td>"


def _when(date: str) -> str:
    """The time in this machine's zone, to the minute."""
    try:
        return f"{datetime.fromisoformat(date).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return line(date)


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds < 10 else f"{seconds:.0f}"


def _picture(counts: Mapping[str, int]) -> str:
    """A bar of all answers, parted by verdict; a screen reader hears the counts."""
    whole = sum(counts[name] for name in VERDICTS) or 1
    at, parts = 0.0, []
    for name in VERDICTS:
        width = _BAR * counts[name] / whole
        parts.append(f'<rect class="{name}" x="{at:.1f}" y="0" width="{width:.1f}" height="14"></rect>')
        at += width
    told = "".join(
        hidden(f"{NAMES[name][0]} {counts[name]}，", f"{NAMES[name][1]} {counts[name]}, ")
        for name in VERDICTS
        if counts[name]
    )
    return _bar("".join(parts)) + told


def _bar(inner: str) -> str:
    size = f'viewBox="0 0 {_BAR} 14" preserveAspectRatio="none"'
    return f'<svg class="outcome" {size} aria-hidden="true">{inner}</svg>'


# ------------------------------------------------------------------ two compared


def compared_html(told: Mapping[str, Any], first: Run, second: Run) -> str:
    """Two runs over the questions that both asked: what each has that the other has not, then each judged otherwise."""
    asked = [both(f"{one.answers} 题", f"{one.answers} asked") for one in (first, second)]
    names = [
        f'{_named(one)} <span class="soft">{_when(one.date)} · {count}</span>'
        for one, count in zip((first, second), asked, strict=True)
    ]
    rows = "".join(_difference(one) for one in told["differences"])
    named = (*_SIDES, ("差", "Difference"), ("是否可信", "Can it be told?"))
    heads = f'<th scope="col">{hidden("结果", "Outcome")}</th>' + "".join(
        f'<th scope="col">{both(*one)}</th>' for one in named
    )
    changed = told["changed"]
    items = "".join(_changed(one) for one in changed[:_CHANGED])
    head = both(f"两轮都考了的 {told['items']} 题", f"The {told['items']} questions that both were asked")
    many = both(f"判得不同的 {len(changed)} 题", f"{len(changed)} questions judged otherwise")
    rest = len(changed) - _CHANGED
    more = f'<p class="soft">{both(f"另有 {rest} 题没有列出。", f"{rest} more.")}</p>' if rest > 0 else ""
    sides = "".join(f"<span>{both(*side)} {name}</span>" for side, name in zip(_SIDES, names, strict=True))
    return (
        f'<h3 class="head" tabindex="-1">{sides}</h3>'
        f'<p class="count" role="status">{head}</p>'
        f'<div class="scroll" role="region" aria-label="对比 comparison" tabindex="0"><table class="figures shares">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        f'<p class="count">{many}</p><ul class="changed">{items}</ul>{more}'
    )


def _named(run: Run) -> str:
    peer = "" if run.system == SYSTEM else f"{line(run.system)} · "
    return peer + both(*_model(run.model))


def _difference(one: Mapping[str, Any]) -> str:
    low, high = one["interval"]
    told = both("看不出差别", "no difference to be seen") if low <= 0 <= high else both("确有差别", "they differ")
    alone = both(
        f"只有乙 {one['gained']} 题，只有甲 {one['lost']} 题", f"B alone {one['gained']}, A alone {one['lost']}"
    )
    between = f"{100 * low:+.1f} … {100 * high:+.1f}, p = {one['p']:.3f}"
    certain = f'{told} <span class="soft">{between}<br>{alone}</span>'
    cells = (
        ("甲", "A", f"{_share(one['first'])}"),
        ("乙", "B", f"{_share(one['second'])}"),
        ("差", "Difference", f"<b>{100 * one['difference']:+.1f}</b> {both('个百分点', 'points')}"),
        ("是否可信", "Can it be told?", certain),
    )
    return f'<tr><th scope="row">{both(*_SHARES[one["name"]])}</th>{"".join(_cell(*cell) for cell in cells)}</tr>'


def _share(share: float) -> str:
    bar = f'<rect class="share" x="0" y="0" width="{_BAR * share:.1f}" height="14"></rect>'
    return f"{share:.1%}{_bar(bar)}"


def _changed(one: Mapping[str, Any]) -> str:
    before, after = (both(*NAMES.get(verdict, (verdict, verdict))) for verdict in (one["before"], one["after"]))
    sides = "".join(
        f'<div class="side"><p class="soft">{both(*name)} · {verdict}</p><p>{escaped(text)}</p></div>'
        for name, verdict, text in zip(_SIDES, (before, after), one["texts"], strict=True)
    )
    mark = "gained" if one["after"] == "correct" else "lost" if one["before"] == "correct" else ""
    return (
        f'<li><details><summary><span class="turned {mark}">{before} → {after}</span> {line(one["question"])}</summary>'
        f'<div class="pair">{sides}</div></details></li>'
    )
