"""The page's style: nothing here is fetched, fonts included; light and dark follow the reader's system."""

SANS = ("PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Source Han Sans SC", "Noto Sans CJK SC", "Noto Sans SC")
SERIF = '"Songti SC", "STSong", "Source Han Serif SC", "Noto Serif CJK SC", "Noto Serif SC", SimSun, serif'

CSS = """
.gradio-container {
  --ink: #1d2530; --soft: #5d6673; --faint: #8b929c; --rule: #e3e0d8; --paper: #faf8f3; --sheet: #ffffff;
  --accent: #8c2f24; --mark: #fdeaa7; --mark-line: #d9a400; --good: #23664a; --good-sheet: #e8f3ec;
  --calc: #2a5487; --calc-sheet: #e8eff8; --bad: #a52a1d; --bad-sheet: #fbe9e6; --warn: #7a4d00; --warn-sheet: #fff6df;
  --warn-rule: #e6b450; --gutter: clamp(14px, 4vw, 20px);
  background: var(--paper) !important; color: var(--ink);
}
.dark .gradio-container, .dark.gradio-container, body.dark .gradio-container {
  --ink: #e6e3dc; --soft: #a9adb3; --faint: #80858c; --rule: #35383d; --paper: #17191c; --sheet: #1f2226;
  --accent: #e58b7c; --mark: #574610; --mark-line: #c99c1e; --good: #86d0a8; --good-sheet: #1d3327;
  --calc: #94bdec; --calc-sheet: #1d2b3c; --bad: #f0978b; --bad-sheet: #3a211e; --warn: #f0cd83; --warn-sheet: #33290f;
  --warn-rule: #8a6a1d;
}
body { background: #faf8f3 !important; }
body.dark { background: #17191c !important; }
.gradio-container, .gradio-container .main, .gradio-container main, .gradio-container .wrap {
  padding: 0 !important; }
.gradio-container main { max-width: 820px !important; width: calc(100% - 2 * var(--gutter)) !important;
  margin: 0 auto !important;  padding-bottom: 112px !important; }
.gradio-container main > .column, #welcome { gap: 0 !important; }
.gradio-container .html-container, .gradio-container .block:has(> .html-container) { padding: 0 !important;
  border-radius: 0; overflow: visible !important; }
footer { display: none !important; }

#masthead { padding: 26px 0 14px !important; border-bottom: 3px double var(--rule); }
#masthead h1 { font-family: @SERIF@; font-size: 34px; font-weight: 700; letter-spacing: .16em; line-height: 1.2;
  margin: 0; color: var(--ink); }
#masthead p { margin: 6px 0 0; color: var(--soft); font-size: 15px; line-height: 1.7; }
#masthead .model { color: var(--faint); font-size: 13px; }

#welcome { padding-top: 24px; gap: 10px !important; }
#welcome .hint { color: var(--soft); font-size: 14px; margin: 0; }
#welcome button { justify-content: flex-start; text-align: left; background: var(--sheet); color: var(--ink);
  border: 1px solid var(--rule); border-radius: 8px; font-weight: 400; font-size: 15px; line-height: 1.6;
  padding: 10px 14px; box-shadow: none; white-space: normal; }
#welcome button:hover { border-color: var(--accent); color: var(--accent); }

.turn { padding: 30px 0 4px; line-height: 1.8; font-size: 16px; color: var(--ink); }
/* A later turn fills the window, so that it can be scrolled to the top before its answer has come. */
#live:has(.turn:not(#turn-1)) { min-height: calc(100vh - 112px); }
.turn .question { margin: 0 0 12px; font-size: 18px; font-weight: 600; line-height: 1.6; color: var(--ink);
  overflow-wrap: anywhere; display: flex; gap: 10px; align-items: baseline; }
.turn .question::before { content: "问"; flex: none; font-size: 13px; font-weight: 500; color: var(--sheet);
  background: var(--accent); border-radius: 4px; padding: 1px 6px; line-height: 1.5; }
.turn .answer { background: var(--sheet); border: 1px solid var(--rule); border-radius: 10px; padding: 18px 22px;
  overflow-x: auto; }
.answer .text { font-size: 17px; line-height: 1.95; overflow-wrap: anywhere; }
.answer .figure, .answer mark { white-space: nowrap; }
.answer .figure { font-weight: 600; font-variant-numeric: tabular-nums; border-bottom: 2px solid var(--mark-line); }
.answer .figure.computed { border-bottom: 2px dashed var(--calc); }
.answer .figure.unsupported { border-bottom: 2px wavy var(--bad); color: var(--bad); text-decoration: underline wavy; }
.answer .ref { font-size: 12px; vertical-align: .35em; line-height: 1; color: var(--accent); text-decoration: none;
  font-variant-numeric: tabular-nums; padding: 0 1px; }
.answer a.ref:hover, .answer a.ref:focus-visible { text-decoration: underline; }
.answer .declined { font-size: 13px; color: var(--warn); background: var(--warn-sheet); border: 1px solid
  var(--warn-rule); border-radius: 4px; padding: 1px 7px; margin-right: 4px; }

.answer .caveat, .answer .trouble { margin: 14px 0 0; padding: 10px 14px; border-radius: 6px; font-size: 15px;
  line-height: 1.75; overflow-wrap: anywhere; }
.answer .caveat { background: var(--warn-sheet); border-left: 3px solid var(--warn-rule); color: var(--ink); }
.answer .caveat b { color: var(--warn); margin-right: 6px; }
.answer .trouble { background: var(--bad-sheet); border-left: 3px solid var(--bad); }
.answer .trouble b { color: var(--bad); margin-right: 6px; }
.answer .trouble:first-child { margin-top: 0; }

.answer h4 { margin: 20px 0 8px; padding-top: 14px; border-top: 1px solid var(--rule); font-size: 13px;
  font-weight: 600; color: var(--soft); letter-spacing: .08em; }
.answer ol { list-style: none; margin: 0; padding: 0; }
.answer li { margin: 0 0 14px; }
.answer .citations li { position: relative; padding-left: 34px; border-radius: 6px; transition: background 1.2s; }
.answer .citations li.lit { background: var(--mark); transition: none; }
.answer .citations .number { position: absolute; left: 0; top: 0; color: var(--accent); font-size: 14px;
  font-variant-numeric: tabular-nums; line-height: 1.8; }
.answer .source { font-size: 14px; line-height: 1.8; color: var(--soft); overflow-wrap: anywhere; }
.answer .source cite { font-style: normal; font-weight: 600; color: var(--ink); margin: 0 8px 0 -.45em; }
.answer .source span { display: inline-block; margin-right: 8px; }
.answer .source code { font-size: 12px; color: var(--faint); background: none; border: 0; padding: 0;
  font-variant-numeric: tabular-nums; }
.answer blockquote { margin: 4px 0 0; padding: 0; border: 0; font-family: @SERIF@; font-size: 16px; line-height: 1.9;
  color: var(--ink); overflow-wrap: anywhere; }
.answer .citations blockquote, .answer .evidence blockquote { padding-left: 12px; border-left: 2px solid var(--rule); }
.answer mark { background: linear-gradient(transparent 45%, var(--mark) 45%); color: inherit; padding: 0 1px;
  font-weight: 600; font-variant-numeric: tabular-nums; }

.answer table.audit { width: 100%; border-collapse: collapse; font-size: 14px; line-height: 1.7; border: 0; }
.answer .audit th { text-align: left; font-weight: 500; color: var(--faint); padding: 2px 12px 4px 0; border: 0;
  background: none; }
.answer .audit td { padding: 6px 12px 6px 0; border: 0; border-top: 1px solid var(--rule); vertical-align: baseline;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; background: none; }
.answer .audit td:first-child { font-weight: 600; white-space: nowrap; width: 1%; padding-right: 36px; }
.answer .audit td:nth-child(2) { width: 1%; padding-right: 28px; }
.answer .audit .ref { vertical-align: baseline; font-size: 13px; }
.answer .verdict { font-size: 13px; padding: 1px 8px; border-radius: 10px; white-space: nowrap; }
.answer .verdict.quoted { color: var(--good); background: var(--good-sheet); }
.answer .verdict.computed { color: var(--calc); background: var(--calc-sheet); }
.answer .verdict.unsupported { color: var(--bad); background: var(--bad-sheet); }

.answer .found { margin-top: 16px; border-top: 1px solid var(--rule); padding-top: 12px; }
.answer .found:first-child { margin-top: 0; border: 0; padding: 0; }
.answer .found summary { cursor: pointer; font-size: 13px; color: var(--soft); letter-spacing: .04em; }
.answer .found[open] summary { margin-bottom: 10px; }
.answer .status { margin: 0; color: var(--soft); font-size: 15px; }
.answer .status.working::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 9px;
  border-radius: 50%; background: var(--accent); animation: breathe 1.4s ease-in-out infinite; }
@keyframes breathe { 50% { opacity: .2; } }
@media (prefers-reduced-motion: reduce) { .answer .status.working::before { animation: none; } }
.turn .origin { margin: 6px 4px 0; font-size: 12px; color: var(--faint); text-align: right; }

#composer { position: fixed; bottom: 0; left: 50%; transform: translateX(-50%);
  width: min(820px, calc(100% - 2 * var(--gutter)));
  z-index: 5; padding: 16px 0 18px; gap: 10px; align-items: flex-end; flex-wrap: nowrap;
  background: linear-gradient(transparent, var(--paper) 16px); }
#composer #question { border: 0; background: none; padding: 0; box-shadow: none; min-width: 0 !important; }
#composer textarea { font-size: 16px; line-height: 1.6; padding: 11px 14px; border: 1px solid var(--rule);
  border-radius: 10px; background: var(--sheet); color: var(--ink); box-shadow: 0 1px 4px rgb(0 0 0 / 5%); }
#composer textarea:focus { border-color: var(--accent); outline: none; }
#composer button { flex: none; min-width: 72px !important; height: 48px; border-radius: 10px; font-size: 15px;
  font-weight: 500; }
#send { background: var(--accent); color: var(--sheet); border: 0; }
#send:hover { filter: brightness(1.1); }
#halt, #clear { background: var(--sheet); color: var(--ink); border: 1px solid var(--rule); }
#halt { border-color: var(--bad); color: var(--bad); }

@media (max-width: 560px) {
  #composer { padding-bottom: 12px; }
  #masthead { padding: 16px 0 12px !important; }
  #masthead h1 { font-size: 28px; }
  #masthead p { font-size: 14px; }
  .turn .answer { padding: 14px 14px; }
  .answer .text { font-size: 16px; line-height: 1.85; }
  .answer .citations li { padding-left: 28px; }
  .answer blockquote { font-size: 15px; }
  .answer .source code { display: block; }
  #composer { gap: 8px; }
  #composer button { min-width: 54px !important; padding: 0 8px; }
  .answer .audit td:first-child, .answer .audit td:nth-child(2) { padding-right: 14px; }
}
""".replace("@SERIF@", SERIF)
