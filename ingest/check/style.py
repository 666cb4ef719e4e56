"""The check's style: nothing here is fetched, fonts included; light and dark follow the reader's system."""

from typing import Final

CSS: Final = """
:root { color-scheme: light dark;
  --ink: #1d2530; --soft: #565f6b; --rule: #dfdbd1; --paper: #faf8f3; --sheet: #ffffff; --sunk: #f3f0e8;
  --accent: #8c2f24; --mark: #fdf0bf; --mark-line: #b98a00; --bad: #a52a1d; --bad-sheet: #fbe9e6;
  --good: #23664a; --join: #1f5c91; --join-sheet: #e6f0fa; --light: 38%; --tint: 94%; }
@media (prefers-color-scheme: dark) { :root {
  --ink: #e6e3dc; --soft: #aeb2b8; --rule: #3a3e44; --paper: #15171a; --sheet: #1e2124; --sunk: #191c1f;
  --accent: #eb9a8c; --mark: #47390c; --mark-line: #d0a62c; --bad: #f4a095; --bad-sheet: #3a211e;
  --good: #86d0a8; --join: #94c1f0; --join-sheet: #1c2c3d; --light: 66%; --tint: 17%; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 12px; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 16px/1.75 "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Source Han Sans SC", "Noto Sans CJK SC",
    sans-serif; }
a { color: inherit; text-underline-offset: 3px; text-decoration-color: var(--soft); }
a:hover { color: var(--accent); text-decoration-color: currentColor; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
h1, h2, h4 { font-family: "Songti SC", STSong, "Source Han Serif SC", "Noto Serif CJK SC", SimSun, serif;
  line-height: 1.4; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: var(--sheet); padding: 6px 12px; z-index: 9; }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.wrap { max-width: 1360px; margin: 0 auto; padding: 0 clamp(14px, 3vw, 32px) 64px; }
header.top { padding: 30px 0 16px; border-bottom: 3px double var(--rule); }
h1 { margin: 0; font-size: clamp(26px, 4vw, 36px); letter-spacing: .12em; }
h1 .en { letter-spacing: .02em; }
header.top p { margin: 6px 0 0; color: var(--soft); max-width: 64em; }
h2 { font-size: clamp(20px, 2.6vw, 26px); margin: 44px 0 12px; }
h3 { font-size: 15px; margin: 0; color: var(--soft); font-weight: 600; letter-spacing: .08em; }
h4 { font-size: 20px; margin: 8px 0 4px; }
html:has(#english:checked) .zh, html:not(:has(#english:checked)) .en { display: none; }
.tongue { position: absolute; right: clamp(14px, 3vw, 32px); top: 12px; font-size: 14px; cursor: pointer;
  color: var(--accent); padding: 4px 0; }
.tongue input { position: absolute; inset: 0; opacity: 0; width: 100%; height: 100%; margin: 0; cursor: pointer; }
.tongue:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
ul, ol { padding: 0; margin: 0; list-style: none; }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(104px, 1fr)); gap: 10px; margin: 22px 0 0; }
.tiles div { background: var(--sheet); border: 1px solid var(--rule); border-radius: 10px; padding: 10px 14px 8px; }
.tiles dt { color: var(--soft); font-size: 14px; }
.tiles dd { margin: 0; font-size: 28px; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; }
.tiles .bad dd { color: var(--bad); }

.table { overflow-x: auto; border: 1px solid var(--rule); border-radius: 10px; background: var(--sheet); }
table { border-collapse: collapse; width: 100%; font-size: 15px; line-height: 1.55; }
th, td { text-align: left; padding: 8px 12px; border-top: 1px solid var(--rule); vertical-align: top; }
thead th { border-top: 0; color: var(--soft); font-weight: 600; font-size: 14px; white-space: nowrap; }
tbody th { font-weight: 600; min-width: 9em; }
td { min-width: 4.5em; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.n b { color: var(--bad); }

.doubts > li, .unreadable > li { background: var(--sheet); border: 1px solid var(--rule);
  border-left: 4px solid var(--bad);
  border-radius: 8px; padding: 12px 16px; margin: 10px 0; }
.doubts p, .unreadable p { margin: 4px 0 0; }
.doubts .what { font-weight: 600; margin: 0; }
.doubts .sum { font-variant-numeric: tabular-nums; }
.doubts q { color: var(--soft); font-size: 15px; quotes: none; }
.tag { display: inline-block; font-size: 13px; line-height: 1.5; padding: 0 7px; border-radius: 4px;
  border: 1px solid var(--rule);
  color: var(--soft); font-weight: 500; white-space: nowrap; }
.tag.bad { color: var(--bad); border-color: currentColor; background: var(--bad-sheet); }
.tag.good { color: var(--good); border-color: currentColor; }

.page { margin-top: 52px; border-top: 3px double var(--rule); content-visibility: auto;
  contain-intrinsic-size: auto 3000px; }
.page > h2 { margin-top: 22px; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 22px; color: var(--soft); font-size: 15px; margin: 0 0 14px; }
.facts div { display: flex; gap: 6px; }
.facts dt { white-space: nowrap; }
.facts dt .zh::after { content: "："; } .facts dt .en::after { content: ":"; }
.facts dd { margin: 0; color: var(--ink); }
.both { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 24px; align-items: start; }

.printed { background: var(--sunk); border: 1px solid var(--rule); border-radius: 10px; position: sticky; top: 10px;
  max-height: calc(100vh - 20px); overflow: auto; scroll-padding-top: 80px; }
.printed summary, .told > h3 { padding: 10px 16px; }
.printed summary { cursor: pointer; position: sticky; top: 0; background: var(--sunk);
  border-bottom: 1px solid var(--rule); z-index: 1; }
.printed summary h3 { display: inline; }
.lines li { display: grid; grid-template-columns: 3.4em 1fr; gap: 0 10px; padding: 5px 14px 5px 0;
  font-size: 15px; line-height: 1.7;
  border-left: 4px solid transparent; }
.lines li.in { border-left-color: hsl(var(--h) 55% var(--light)); }
.lines .no { color: var(--soft); font-size: 12px; text-align: right; padding-top: .25em;
  font-variant-numeric: tabular-nums; }
.lines .no a { text-decoration: none; }
.lines .mk { color: var(--soft); }
.lines li.repeat .t, .lines li.aside .t { color: var(--soft); }
.lines li.repeat .t { text-decoration: line-through; text-decoration-color: var(--rule); }
.lines li.heading .t { font-weight: 650; }
.lines li.unsure .t { text-decoration: underline wavy var(--bad) 1px; text-underline-offset: 4px; }
.lines .why { grid-column: 2; font-size: 13px; color: var(--soft); line-height: 1.6; }
.why .join, .why .cut { color: var(--join); }
.why .lost, .why .unsure { color: var(--bad); }
li:target, article:target, tr:target { outline: 3px solid var(--mark-line); outline-offset: -1px;
  background: var(--mark); }

.told > h3 { padding-left: 0; }
article { background: var(--sheet); border: 1px solid var(--rule);
  border-left: 5px solid hsl(var(--h) 55% var(--light));
  border-radius: 10px; padding: 14px 20px 16px; margin: 0 0 16px; }
article > .tags { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; font-size: 14px;
  color: var(--soft); }
.tag.kind { background: hsl(var(--h) 45% var(--tint)); color: var(--ink);
  border-color: hsl(var(--h) 45% var(--light)); }
article h4.none { color: var(--soft); font-weight: 500; }
.by { color: var(--soft); font-size: 15px; margin: 0 0 6px; }
.body { font-size: 16.5px; line-height: 1.95; }
.body p { margin: 8px 0; display: grid; grid-template-columns: 2.6em 1fr; gap: 8px; }
.body h5 { margin: 14px 0 2px calc(2.6em + 8px); font-size: 16px; }
.body .at { font-size: 12px; color: var(--soft); text-align: right; padding-top: .55em; line-height: 1.4;
  font-variant-numeric: tabular-nums; }
.body .at a { text-decoration: none; display: block; }
.seam { color: var(--join); background: var(--join-sheet); text-decoration: none; border-radius: 3px;
  font-size: 12px; padding: 1px 4px;
  margin: 0 2px; white-space: nowrap; vertical-align: .1em; }
.lost { color: var(--bad); font-size: 14px; }
.set { border-top: 1px dashed var(--rule); margin-top: 12px; padding-top: 10px; font-size: 15px;
  color: var(--soft); }
.set b { font-weight: 600; }
.set li { margin: 3px 0; color: var(--ink); }
mark, .fig { background: var(--mark); color: inherit; border: 0; border-bottom: 2px solid var(--mark-line);
  border-radius: 2px 2px 0 0;
  font: inherit; font-weight: 600; padding: 0 1px; margin: 0; font-variant-numeric: tabular-nums;
    line-height: 1.5; display: inline; text-align: inherit; }
.lines mark { font-weight: inherit; }
.fig { cursor: pointer; }
.fig:hover { border-bottom-color: var(--accent); }
.fig.guess, mark.guess { border-bottom-style: dashed; }
.fig.doubt, mark.doubt { background: var(--bad-sheet); border-bottom: 2px solid var(--bad); color: var(--bad); }
[popover] { border: 1px solid var(--rule); border-radius: 12px; padding: 16px 20px;
  max-width: min(30em, calc(100vw - 28px)); background: var(--sheet);
  color: var(--ink); box-shadow: 0 12px 40px rgb(0 0 0 / .28); font-size: 15px; }
[popover]::backdrop { background: rgb(0 0 0 / .12); }
[popover] strong { font-size: 20px; }
[popover] .shut { float: right; font: inherit; color: var(--soft); background: none; border: 1px solid var(--rule);
  border-radius: 6px; padding: 2px 10px; margin-left: 12px; cursor: pointer; }
[popover] dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 14px; margin: 10px 0 0; }
[popover] dt { color: var(--soft); }
[popover] dd { margin: 0; }
[popover] .doubts > li { margin: 12px 0 0; }
details.claims { margin-top: 12px; border-top: 1px dashed var(--rule); padding-top: 8px; }
details.claims summary { cursor: pointer; font-size: 15px; color: var(--soft); }
details.claims .table { margin-top: 8px; }
details.claims table { font-size: 14px; min-width: 720px; }
details.claims th, details.claims td { padding: 6px 9px; min-width: 0; }
details.claims td:nth-child(6) { white-space: nowrap; }
details.claims td:nth-child(4) { min-width: 8em; }
details.claims td:nth-child(5), details.claims td:nth-child(6) { min-width: 7em; }
.ctl { color: var(--bad); font-size: .75em; font-weight: 600; font-family: ui-monospace, monospace; }
.key { display: flex; flex-wrap: wrap; gap: 6px 20px; font-size: 14px; color: var(--soft); margin: 16px 0 0;
  padding: 0; }
footer { margin-top: 56px; color: var(--soft); font-size: 14px; border-top: 1px solid var(--rule);
  padding-top: 14px; }
@media (max-width: 820px) {
  .both { grid-template-columns: minmax(0, 1fr); }
  .printed { position: static; max-height: none; order: 2; }
  .printed summary { position: static; }
  article { padding: 12px 14px; }
  .body p { display: block; }
  .body .at { padding: 0; }
  .body .at a { display: inline; margin-right: .5em; padding: 4px 2px; }
  .body h5 { margin-left: 0; }
  .wide { display: none; }
}
@media print { .printed { position: static; max-height: none; } .page { content-visibility: visible;
  } [popover] { display: none; } }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
"""
