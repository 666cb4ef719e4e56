() => {
  // Acts on clicks and keys, and fetches pieces of the page; what streams goes through Gradio by window.jushiTrigger.
  const $ = (id) => document.getElementById(id);
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const base = location.origin + location.pathname.replace(/\/?$/, '/') + 'jushi/';
  const words = {
    busy: ['正在处理……', 'Working…'], copied: ['已复制', 'Copied'], kept: ['已记下，多谢', 'Noted, thank you'],
    lost: ['连不上，请再试', 'No connection, please try again'], reason: ['哪里不对？可以不写', 'What is wrong? Optional'],
    sent: ['记下', 'Send'], answered: ['答案：', 'Answer: '], searching: ['正在检索', 'Searching'],
    remove: ['从索引里删去这一版？', 'Delete this page from the index?'], cancelled: ['已取消，索引没有变', 'Cancelled; the index is unchanged'],
    done: ['收好了', 'Ingested'], failed: ['没有做成：', 'Failed: '], replaces: ['将替换同名的一版', 'replaces the page of that name'],
    skipped: ['读不出：', 'Unreadable: '], read: ['正在读', 'Reading'], removed: ['已删去', 'Deleted'], previewed: ['读好了，还没有收进索引。', 'Read; not yet in the index.'],
    seconds: ['秒', 's'], right: ['实测对 ', 'right '], asking: ['正在出题', 'Preparing the questions'], asked: ['已答', 'Answered'],
    wrong: ['错数', 'wrong figures'], left: ['还要约', 'left: about'], minutes: ['分', 'min'], good: ['答对', 'right'],
    wentOn: ['接着上次的问答，问题数：', 'The conversation goes on, questions: '],
    gone: ['上次的问答已经不在：服务重启过，或搁置超过 12 小时。', 'That conversation is gone: the server was restarted, or it lay for over 12 hours.'],
    ended: ['考完了。', 'Done.'], stopped: ['停下了，答过的都记着，可以接着考。', 'Stopped; what was answered is kept, and can be gone on with.'], pages: ['个文件', 'files'], figures: ['个数字', 'figures'], unchanged: ['未变', 'unchanged'],
  };
  const store = {
    get: (name) => { try { return localStorage.getItem('jushi-' + name); } catch { return null; } },
    set: (name, value) => { try { localStorage.setItem('jushi-' + name, value); } catch { return; } },
  };
  // A tab's own conversation, by its token alone: the turns lie with the server, which wrote and checked them.
  const own = {
    get: () => { try { return sessionStorage.getItem('jushi-turns') || ''; } catch { return ''; } },
    set: (token) => { try { sessionStorage.setItem('jushi-turns', token); } catch { return; } },
  };
  let tongue = store.get('tongue') === 'en' ? 'en' : 'zh';
  const say = (name) => words[name][tongue === 'en' ? 1 : 0];
  let editing = 0, token = '', returnTo = null, asked = {view: 'table', sort: '', down: '', page: 0}, loaded = {};

  // ---------------------------------------------------------------- language
  const speak = (which) => {
    tongue = which;
    store.set('tongue', which);
    document.documentElement.lang = which === 'en' ? 'en' : 'zh-CN';
    document.body.classList.toggle('english', which === 'en');
    all('[data-zh]').forEach((one) => { one[one.tagName === 'OPTION' ? 'textContent' : 'placeholder'] = one.dataset[which]; });
    rate();
    reportSpeaks();
  };

  // ---------------------------------------------------------------- what was measured of each model
  let rated = {};
  const percent = (share) => Math.round(100 * share) + '%';
  const rate = () => {
    all('#model option').forEach((one) => {
      const known = rated[one.value];
      one.textContent = one.dataset[tongue] + (known ? ' · ' + say('right') + percent(known.right) : '');
    });
    const known = rated[$('model').value], trust = $('trust');
    $('model').title = known ? measured(known) : '';
    if (!trust) return;
    trust.hidden = !known;
    if (known) trust.querySelector('span').textContent = measured(known);
  };
  const measured = (known) => {
    const between = known.between.map(percent).join('–');
    return tongue === 'en'
      ? `Measured here on ${known.of} questions: ${percent(known.right)} right (${between}), a wrong figure given to ${percent(known.wrong)}.`
      : `在这里考过 ${known.of} 题：答对 ${percent(known.right)}（${between}），答出错数 ${percent(known.wrong)}。`;
  };
  const rerate = async () => {
    if (!$('room-evals')) return;
    try { rated = await (await fetched('measured')).json(); } catch { return; }
    rate();
  };

  // ---------------------------------------------------------------- saying
  const announce = (text) => { $('said').textContent = text; };
  const toast = (text) => {
    announce(text);
    const note = document.createElement('div');
    note.className = 'toast';
    note.textContent = text;
    document.body.appendChild(note);
    setTimeout(() => note.remove(), 2600);
  };
  const fetched = async (path, given, options) => {
    const address = base + path + (given ? '?' + new URLSearchParams(given) : '');
    const answer = await fetch(address, Object.assign({headers: {'x-jushi': '1'}}, options));
    if (!answer.ok) throw new Error(await answer.text());
    return answer;
  };
  // The pieces that are set here come from this server, which escapes all that pages, questions and models wrote.
  // Only what was asked for last is shown, whichever answer comes last.
  const latest = new WeakMap();
  const show = async (place, path, given, options) => {
    const turn = {};
    latest.set(place, turn);
    place.setAttribute('aria-busy', 'true');
    let piece = '', trouble = '';
    try {
      piece = await (await fetched(path, given, options)).text();
    } catch (error) {
      trouble = error.message || say('lost');
    }
    if (latest.get(place) !== turn) return;
    if (trouble) place.textContent = trouble;
    else place.innerHTML = piece;
    place.setAttribute('aria-busy', 'false');
  };

  // ---------------------------------------------------------------- asking
  const turns = () => all('.turn');
  const working = () => document.querySelector('#live .turn[data-state="working"]');
  let sending = false, goingOn = '';
  const ask = (question, at) => {
    question = question.trim();
    if (!question || working() || sending || goingOn) return;
    sending = true;
    room('ask');
    window.jushiTrigger('ask', {question, at: at || 0, model: $('model').value});
    announce(say('searching'));
    unedit();
    $('asked').value = '';
    fit();
    state();
    setTimeout(() => { sending = false; state(); }, 1500);
  };
  const fit = () => {
    const box = $('asked');
    box.style.height = 'auto';
    box.style.height = Math.min(box.scrollHeight, 160) + 'px';
  };
  const unedit = () => {
    editing = 0;
    document.querySelector('.editing').hidden = true;
  };
  const edit = (number) => {
    editing = number;
    const note = document.querySelector('.editing');
    note.hidden = false;
    note.querySelector('b').textContent = number;
    $('asked').value = document.querySelector('#turn-' + number + ' .question .words').textContent;
    fit();
    $('asked').focus();
  };
  const state = () => {
    const busy = Boolean(working()) || sending;
    $('send').hidden = busy;
    $('halt').hidden = !busy;
    document.querySelector('.keep').hidden = !turns().length || busy;
    $('welcome').hidden = Boolean(turns().length) || busy || Boolean(goingOn);
    $('goon').hidden = !store.get('last');
  };
  let newest = '';
  const watch = () => {
    const turn = document.querySelector('#live .turn');
    const key = turn ? turn.id + turn.dataset.state + turn.querySelector('.words').textContent : '';
    if (key === newest) return;
    if (turn) sending = false;
    if (turn && turn.dataset.state === 'working') turn.scrollIntoView({block: 'start', behavior: still ? 'auto' : 'smooth'});
    if (turn && turn.dataset.state === 'over') {
      const text = turn.querySelector('.text, .trouble, .status');
      announce(say('answered') + (text ? text.innerText : ''));
    }
    newest = key;
    state();
  };
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;

  const judge = (button) => {
    const turn = Number(button.dataset.turn), judged = button.dataset.judged;
    const actions = button.closest('.actions');
    all('.thumb', actions).forEach((one) => one.setAttribute('aria-pressed', String(one === button)));
    const former = actions.querySelector('.reason');
    if (former) former.remove();
    if (judged === 'up') return window.jushiTrigger('judge', {turn, judged, reason: ''});
    const form = document.createElement('form');
    form.className = 'reason';
    const box = document.createElement('input');
    box.maxLength = 500;
    box.placeholder = say('reason');
    box.setAttribute('aria-label', say('reason'));
    const send = document.createElement('button');
    send.textContent = say('sent');
    form.append(box, send);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      window.jushiTrigger('judge', {turn, judged, reason: box.value});
      form.remove();
    });
    actions.appendChild(form);
    box.focus();
  };
  const goOn = (token) => {
    if (!token || turns().length || sending) return;
    goingOn = token;
    state();
    window.jushiTrigger('goon', {token});
    setTimeout(() => { if (goingOn === token) { goingOn = ''; state(); } }, 5000); // no answer: the token is kept
  };
  window.jushi = {
    keep: (token) => { if (token) { own.set(token); store.set('last', token); } },
    wentOn: (told) => {
      const token = goingOn;
      if (Number(told) && !turns().length) return setTimeout(() => window.jushi.wentOn(told), 20); // not yet drawn
      goingOn = '';
      if (Number(told)) {
        window.jushi.keep(token);
        turns().pop().scrollIntoView({block: 'start'});
        announce(say('wentOn') + told);
      } else {
        own.set('');
        store.set('last', '');
        toast(say('gone'));
      }
      state();
    },
    judged: (told) => toast(told === 'kept' ? say('kept') : String(told).replace(/^error ?/, say('failed'))),
    save: (told) => {
      const [name, data] = String(told).split(' ');
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([bytes]));
      link.download = name;
      document.body.appendChild(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(link.href), 5000);
    },
  };

  // ---------------------------------------------------------------- the side panel
  const source = async (button) => {
    returnTo = button;
    const panel = $('beside');
    panel.hidden = false;
    document.body.classList.add('beside');
    all('.lit').forEach((one) => one.classList.remove('lit'));
    button.classList.add('lit');
    $('beside-shown').textContent = ''; // the page of another figure must not stand beside this one, however shortly
    await show($('beside-shown'), 'source', {file: button.dataset.file, from: button.dataset.from, to: button.dataset.to});
    const line = panel.querySelector('#cited');
    const shown = $('beside-shown');
    if (line) shown.scrollTop += line.getBoundingClientRect().top - shown.getBoundingClientRect().top - shown.clientHeight / 3;
    panel.focus({preventScroll: true});
    if (line) announce(line.innerText);
  };
  const shut = () => {
    $('beside').hidden = true;
    document.body.classList.remove('beside', 'wider');
    all('.lit').forEach((one) => one.classList.remove('lit'));
    if (returnTo && returnTo.isConnected) returnTo.focus({preventScroll: true});
  };

  // ---------------------------------------------------------------- rooms
  const room = (name) => {
    if (!$('room-' + name)) name = 'ask';
    document.body.dataset.room = name;
    all('[role="tab"]').forEach((tab) => {
      tab.setAttribute('aria-selected', String(tab.dataset.room === name));
      tab.tabIndex = tab.dataset.room === name ? 0 : -1;
    });
    if (location.hash !== '#' + name) history.replaceState(null, '', location.pathname + location.search + '#' + name);
    if (name === 'figures' && !loaded.figures) { loaded.figures = true; table(); show($('names'), 'names'); }
    if (name === 'evals' && !loaded.evals) { loaded.evals = true; runs(); }
    if (name === 'library' && !loaded.library) { loaded.library = true; show($('library-shown'), 'shelves'); }
  };

  const filter = () => {
    const given = Object.fromEntries(new FormData($('filter')));
    for (const name of ['sort', 'down', 'page']) if (asked[name]) given[name] = asked[name];
    for (const name of Object.keys(given)) if (!given[name]) delete given[name];
    return given;
  };
  const table = async () => {
    const given = filter();
    const query = '?' + new URLSearchParams(given);
    $('as-csv').href = base + 'figures.csv' + query;
    $('as-json').href = base + 'figures.json' + query;
    await show($('figures-shown'), asked.view === 'doubts' ? 'doubts' : 'figures', given);
  };

  // ---------------------------------------------------------------- the library's intake
  const size = (bytes) => bytes > 1048576 ? (bytes / 1048576).toFixed(1) + ' MB' : Math.max(1, Math.round(bytes / 1024)) + ' KB';
  const listed = (name, told, bad) => {
    const item = document.createElement('li');
    const title = document.createElement('b');
    title.textContent = name;
    const rest = document.createElement('span');
    rest.textContent = ' ' + told;
    if (bad) item.className = 'bad';
    item.append(title, rest);
    $('batch-files').appendChild(item);
  };
  const take = async (files) => {
    if (!files.length) return;
    $('batch-files').textContent = '';
    $('report').hidden = true;
    $('batch').hidden = false;
    token = (await (await fetched('begin', null, {method: 'POST'})).json()).token;
    let good = 0;
    for (const file of files) {
      try {
        const answer = await fetched('upload', {token, name: file.name}, {method: 'POST', body: file});
        const kept = await answer.json();
        listed(kept.name, size(kept.bytes) + (kept.replaces ? ' · ' + say('replaces') : ''), false);
        good += 1;
      } catch (error) {
        listed(file.name, error.message || say('lost'), true);
      }
    }
    all('#batch [data-act="preview"], #batch [data-act="ingest"]').forEach((one) => { one.disabled = !good; });
  };
  // Follows a job to its end: `heard` words its progress, `finished` its end.
  const job = async (path, given, finished, place, heard, stopped, options) => {
    const holder = $(place || 'job'), bar = holder.querySelector('progress'), said = holder.querySelector('[role="status"]');
    holder.hidden = false;
    bar.hidden = false;
    bar.removeAttribute('value');
    said.textContent = say('busy');
    let last = {}, rest = '';
    try {
      const reader = (await fetched(path, given, options || {method: 'POST'})).body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const {done, value} = await reader.read();
        if (done) break;
        const rows = (rest + value).split('\n');
        rest = rows.pop();
        for (const row of rows) {
          const told = JSON.parse(row);
          if (told.event === 'progress') {
            said.textContent = heard ? heard(told) : say('read') + ' ' + told.file;
            bar.value = told.total ? told.done / told.total : 0;
          }
          last = Object.assign(last, told);
        }
      }
    } catch (error) {
      last = {event: 'end', ok: false, trouble: error.message || say('lost')};
    }
    bar.hidden = true;
    holder.querySelector('.cancel').hidden = true;
    said.textContent = last.event === 'cancelled' ? stopped || say('cancelled') : last.ok ? finished(last) : say('failed') + last.trouble;
    if (last.skipped && last.skipped.length) said.textContent += ' ' + say('skipped') + last.skipped.join('；');
    announce(said.textContent);
    return last;
  };
  const begun = (place) => { $(place || 'job').querySelector('.cancel').hidden = false; };
  const changed = () => { loaded.figures = false; return show($('library-shown'), 'shelves'); };
  const summed = (told) => `${say('done')}：${told.files} ${say('pages')}（${told.unchanged} ${say('unchanged')}），${told.figures} ${say('figures')}，${told.seconds} ${say('seconds')}`;

  // ---------------------------------------------------------------- evals
  const listRuns = async () => {
    const kept = chosen(); // what was chosen stays so while the list is drawn anew
    await show($('runs-shown'), 'runs');
    all('#runs-shown input').forEach((one) => { one.checked = kept.includes(one.value); });
    pairable();
  };
  const runs = async () => {
    await listRuns();
    if (document.querySelector('#runs-shown [data-running]') && $('trial-job') && !trying) trial('trial-follow', null, {});
  };
  let trying = false;
  const going = (began) => (told) => {
    const share = (count) => Math.round(100 * count / told.done) + '%';
    const left = (told.total - told.done) * (performance.now() - began) / told.done / 1000;
    const time = left < 90 ? Math.round(left) + ' ' + say('seconds') : Math.round(left / 60) + ' ' + say('minutes');
    return `${say('asked')} ${told.done}/${told.total} · ${say('good')} ${share(told.right)} · ${say('wrong')} ${share(told.wrong)}`
      + (told.done < told.total ? ` · ${say('left')} ${time}` : '');
  };
  const trial = async (path, given, options) => {
    if (trying) return;
    trying = true;
    begun('trial-job');
    $('trial').querySelector('.go').disabled = true;
    const listed = setTimeout(listRuns, 2500); // the run is in the list while it goes on
    await job(path, given, () => say('ended'), 'trial-job', going(performance.now()), say('stopped'), options);
    clearTimeout(listed);
    $('trial').querySelector('.go').disabled = false;
    trying = false;
    await Promise.all([listRuns(), rerate()]);
  };
  const chosen = () => all('#runs-shown input:checked').map((one) => one.value);
  const choose = (box) => {
    const others = all('#runs-shown input:checked').filter((one) => one !== box);
    if (box.checked && others.length > 1) others[0].checked = false;
    pairable();
  };
  const pairable = () => {
    const button = document.querySelector('.pairing .go');
    if (button) button.disabled = chosen().length !== 2;
  };
  // The report is a document of its own origin: the address alone can tell it the reader's language.
  let reporting = '';
  const reportSpeaks = () => { if (reporting) $('run-report').contentWindow.location.replace(reporting + '#' + tongue); };
  const opened = (button) => {
    const {run, when} = button.dataset;
    $('opened-run').hidden = false;
    $('opened-name').replaceChildren(when + ' ', button.closest('tr').querySelector('.model').cloneNode(true));
    reporting = base + 'run-report?' + new URLSearchParams({run});
    reportSpeaks();
    $('opened-run').scrollIntoView({block: 'start', behavior: still ? 'auto' : 'smooth'});
    $('opened-name').focus({preventScroll: true});
  };

  const acts = {
    report: (one) => opened(one),
    unopen: () => {
      $('opened-run').hidden = true;
      reporting = '';
      $('run-report').contentWindow.location.replace('about:blank');
    },
    resume: (one) => trial('trial-resume', {run: one.dataset.run}),
    endtrial: () => fetched('trial-stop', null, {method: 'POST'}),
    compare: async () => {
      const [second, first] = chosen(); // the older of the two stands first
      await show($('compared'), 'compared', {first, second});
      const head = document.querySelector('#compared .head');
      if (head) { head.focus({preventScroll: true}); head.scrollIntoView({block: 'start', behavior: still ? 'auto' : 'smooth'}); }
    },
    evals: () => room('evals'),
    room: (one) => room(one.dataset.room),
    tongue: () => speak(tongue === 'en' ? 'zh' : 'en'),
    skip: () => $('asked').focus(),
    api: () => document.querySelector('footer .show-api').click(), // Gradio's own page of it; its footer is hidden
    ask: (one) => ask(one.dataset.question),
    others: () => {
      for (const list of all('#welcome .offers')) {
        const items = all('li', list);
        const shown = items.filter((item) => !item.hidden);
        const next = (items.indexOf(shown[shown.length - 1]) + 1) % items.length;
        items.forEach((item, at) => { item.hidden = at < next || at >= next + 4; }); // the last ones may be fewer
      }
    },
    halt: () => { sending = false; window.jushiTrigger('halt', {}); },
    clear: () => {
      shut();
      unedit();
      if (store.get('last') === own.get()) store.set('last', '');
      own.set('');
      window.jushiTrigger('clear', {});
      $('asked').focus();
    },
    goon: () => goOn(store.get('last')),
    retry: (one) => ask(document.querySelector('#turn-' + one.dataset.turn + ' .question .words').textContent, Number(one.dataset.turn)),
    edit: (one) => edit(Number(one.dataset.turn)),
    to: (one) => {
      const other = $(one.dataset.to);
      all('#checked .lit').forEach((former) => former.classList.remove('lit'));
      other.classList.add('lit');
      other.scrollIntoView({block: 'center', behavior: still ? 'auto' : 'smooth'});
      other.focus({preventScroll: true});
    },
    unedit: () => { unedit(); $('asked').value = ''; fit(); },
    copy: async (one) => { await copied(one.dataset.text); toast(say('copied')); },
    judge: (one) => { judge(one); },
    export: (one) => window.jushiTrigger('export', {kind: one.dataset.kind}),
    source: (one) => source(one),
    shut: () => shut(),
    wider: () => document.body.classList.toggle('wider'),
    sort: (one) => { asked.sort = one.dataset.sort; asked.down = one.dataset.down; asked.page = 0; table(); },
    page: (one) => { asked.page = one.dataset.page; table().then(() => $('filter').scrollIntoView()); },
    view: (one) => {
      asked.view = one.dataset.view;
      asked.page = 0;
      all('[data-act="view"]').forEach((other) => {
        other.classList.toggle('on', other === one);
        other.setAttribute('aria-pressed', String(other === one));
      });
      document.body.dataset.view = asked.view;
      table();
    },
    open: async (one) => {
      document.body.dataset.open = '1';
      await show($('library-shown'), 'page', {file: one.dataset.file});
      const head = document.querySelector('#library-shown h2');
      if (head) head.focus();
      scrollTo(0, 0);
    },
    shelves: () => { delete document.body.dataset.open; return show($('library-shown'), 'shelves'); },
    line: (one) => {
      const line = $('line-' + one.dataset.line);
      if (!line) return;
      line.scrollIntoView({block: 'center', behavior: still ? 'auto' : 'smooth'});
      line.classList.add('lit');
      setTimeout(() => line.classList.remove('lit'), 1200);
    },
    preview: async () => {
      begun();
      const told = await job('preview', {token, tongue}, () => say('previewed'));
      if (told.ok) { $('report').src = base + 'report?token=' + token; $('report').hidden = false; }
    },
    ingest: async () => {
      begun();
      const told = await job('ingest', {token}, summed);
      if (told.ok) { $('batch').hidden = true; $('report').hidden = true; await changed(); }
    },
    drop: async () => { $('batch').hidden = true; $('report').hidden = true; $('job').hidden = true; await fetched('drop', {token}, {method: 'POST'}); },
    cancel: () => fetched('cancel', null, {method: 'POST'}),
    again: async (one) => { begun(); await job('again', {file: one.dataset.file}, summed); await changed(); },
    remove: async (one) => {
      if (!confirm(say('remove') + '\n' + one.dataset.file)) return;
      await job('remove', {file: one.dataset.file}, () => say('removed') + ' ' + one.dataset.file);
      await changed();
    },
  };
  const copied = async (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const box = document.createElement('textarea');
    box.value = text;
    document.body.appendChild(box);
    box.select();
    document.execCommand('copy');
    box.remove();
  };

  const begin = () => {
    if (['asked', 'beside', 'model', 'live', 'past'].some((id) => !$(id)) || !window.jushiTrigger) return setTimeout(begin, 30);
    speak(tongue);
    const model = store.get('model');
    if (model && all('option', $('model')).some((one) => one.value === model)) $('model').value = model;
    $('model').addEventListener('change', () => { store.set('model', $('model').value); rate(); });
    rerate();
    room(location.hash.slice(1) || 'ask');
    $('asking').addEventListener('submit', (event) => { event.preventDefault(); ask($('asked').value, editing); });
    $('asked').addEventListener('input', fit);
    $('asked').addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); ask($('asked').value, editing); }
    });
    if ($('filter')) {
      $('filter').addEventListener('submit', (event) => { event.preventDefault(); asked.page = 0; table(); });
      $('filter').addEventListener('reset', () => setTimeout(() => { asked.page = 0; asked.sort = ''; table(); }));
      $('filter').addEventListener('change', () => { asked.page = 0; table(); });
      $('look').addEventListener('submit', (event) => {
        event.preventDefault();
        const given = new FormData($('look')).get('words').trim();
        delete document.body.dataset.open;
        show($('library-shown'), given ? 'search' : 'shelves', given ? {words: given} : null);
      });
    }
    if ($('proofing')) {
      $('proofing').addEventListener('submit', (event) => {
        event.preventDefault();
        const given = {date: new FormData($('proofing')).get('date').trim()};
        if ($('draft').value.trim()) show($('checked'), 'check', given, {method: 'POST', body: $('draft').value});
      });
    }
    if ($('drop')) {
      $('files').addEventListener('change', () => { take(Array.from($('files').files)).finally(() => { $('files').value = ''; }); });
      for (const name of ['dragover', 'dragleave', 'drop']) {
        $('drop').addEventListener(name, (event) => {
          event.preventDefault();
          $('drop').classList.toggle('over', name === 'dragover');
          if (name === 'drop') take(Array.from(event.dataTransfer.files));
        });
      }
    }
    if ($('runs-shown')) $('runs-shown').addEventListener('change', (event) => choose(event.target));
    if ($('trial')) {
      $('trial').addEventListener('submit', (event) => {
        event.preventDefault();
        trial('trial', Object.fromEntries(new FormData($('trial'))));
      });
    }
    addEventListener('hashchange', () => room(location.hash.slice(1)));
    new MutationObserver(watch).observe($('live'), {childList: true, subtree: true, characterData: true});
    new MutationObserver(state).observe($('past'), {childList: true, subtree: true});
    goOn(own.get());
    document.body.classList.add('ready');
    state();
    if (matchMedia('(pointer: fine)').matches && document.body.dataset.room === 'ask') $('asked').focus();
  };
  document.addEventListener('click', (event) => {
    const one = event.target.closest && event.target.closest('[data-act]');
    if (!one || !acts[one.dataset.act]) return;
    event.preventDefault();
    acts[one.dataset.act](one);
  });
  document.addEventListener('keydown', (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      room('ask');
      $('asked').focus();
    } else if (event.key === 'Escape') {
      if (!$('beside').hidden) shut();
      else if (working()) acts.halt();
      else if (editing) acts.unedit();
      else if (typing) event.target.blur();
    } else if ((event.key === 'Enter' || event.key === ' ') && event.target.matches('svg [data-act]')) {
      event.preventDefault();
      acts[event.target.dataset.act](event.target);
    } else if ((event.key === 'ArrowRight' || event.key === 'ArrowLeft') && event.target.matches('[role="tab"]')) {
      const tabs = all('[role="tab"]');
      const next = tabs[(tabs.indexOf(event.target) + (event.key === 'ArrowRight' ? 1 : tabs.length - 1)) % tabs.length];
      room(next.dataset.room);
      next.focus();
    }
  });
  begin();
}
