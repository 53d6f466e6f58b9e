// The page: it follows the status of its node and shows it as a graph or a table.
import { Cluster } from './cluster.js';
import { attribute, bytes, count, duration, h, own, rate, s, short, shown, text } from './format.js';
import { Graph } from './graph.js';
import { Follower, json, token, Unauthorized } from './link.js';
import { read } from './model.js';
import { Panel } from './panel.js';
import { trace } from './plot.js';
import { reload } from './reload.js';
import { Table } from './table.js';

const at = id => document.getElementById(id);
const HEALTH_EVERY = 3000;

/** How the page's address ends where it shows the cluster; components have longer names. */
const OF_CLUSTER = '#cluster';

/** Seconds that the small lines in the head remember. */
const REMEMBERED = 120;

/** How long nothing more is announced: a screen reader is not to be talked over. */
const QUIET = 5000;

let model = null;
let status = null;
let layoutOf = null;
let rates = localStorage.getItem('rates') ?? '10s';
let findings = [];
let shownView = 'graph';
let losing = new Set();
let announced = -QUIET;

const graph = new Graph(name => open(name));
const table = new Table(name => open(name));
const panel = new Panel({
  closed: name => { window.history.replaceState(null, '', location.pathname + location.search); mark(null); views[shownView].focus(name); },
  open,
});

const cluster = new Cluster({
  announce: news => { at('announce').textContent = news; },
  found: number => { if (shownView === 'cluster') tell(number, 'Nothing of the cluster has that in it.'); },
  unauthorized: () => askForToken(),
});
const views = { graph, table, cluster };

const follower = new Follower({
  status: next => take(next),
  lost: wait => link('lost', 'Reconnecting', `The link to the node is lost. Trying again${wait > 1000 ? ` in ${duration(wait / 1000)}` : ''} …`),
  paused: () => link('paused', 'Paused'),
  unauthorized: askForToken,
});

// What comes from the node.

async function take(next) {
  // A node that was started anew may have another configuration.
  if (status && next.uptime_seconds < status.uptime_seconds) layoutOf = null;
  status = next;
  const key = `${next.node} ${next.process.pid} ${next.components.length} ${next.configuration.revision}`;
  if (layoutOf !== key) {
    layoutOf = key;
    losing = null;
    history.clear();
    cluster.forget();
    try {
      const layout = await json('v1/graph');
      if (layoutOf !== key) return;
      table.draw();
      graph.draw(layout);
      filter();
    } catch (error) {
      layoutOf = null;
      if (error instanceof Unauthorized) askForToken();
      return;
    }
    health();
  }
  link('live', 'Live');
  show();
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (location.hash === OF_CLUSTER && status.cluster && shownView !== 'cluster') view('cluster');
  if (wanted && panel.name === null && model.components.has(wanted)) open(wanted);
}

function show() {
  if (!status || !layoutOf) return;
  shown(at('show-cluster'), Boolean(status.cluster));
  if (!status.cluster && shownView === 'cluster') view('graph');
  model = read(status, rates);
  graph.update(model);
  table.update(model);
  if (panel.name) {
    const component = model.components.get(panel.name);
    if (component) panel.update(component, findings.filter(finding => finding.component === panel.name));
    else panel.close();
  }
  head();
  announce();
}

async function health() {
  if (document.hidden || !status || at('link').dataset.state === 'lost') return;
  try {
    const answer = await json('v1/health');
    findings = answer.findings ?? [];
    attribute(at('health'), 'data-state', answer.status);
    text(at('health'), answer.status === 'healthy' ? 'Healthy' : `${answer.status === 'unhealthy' ? 'Unhealthy' : 'Degraded'} · ${findings.length} finding${findings.length === 1 ? '' : 's'}`);
    shown(at('health'), true);
    find();
  } catch (error) {
    if (error.status === 404) shown(at('health'), false);
  }
}

// The head.

const history = {
  series: { in: [], out: [], dropped: [], failed: [] },
  add(totals) {
    for (const [id, values] of Object.entries(this.series)) {
      values.push(totals[id]);
      if (values.length > REMEMBERED) values.shift();
    }
  },
  clear() { for (const values of Object.values(this.series)) values.length = 0; },
};

const tiles = new Map();
for (const [id, title, hasLine] of [['in', 'In', true], ['out', 'Out', true], ['dropped', 'Dropped', true], ['failed', 'Failed', true], ['queued', 'Waiting'], ['memory', 'Memory'], ['cpu', 'Processor'], ['uptime', 'Up']]) {
  const tile = { value: h('b'), more: h('small'), line: hasLine ? s('path') : null };
  tile.element = h('div', { class: `tile ${id}` }, h('dt', {}, title), h('dd', {}, tile.value, tile.more));
  if (tile.line) tile.element.append(s('svg', { class: 'spark', viewBox: '0 0 120 28', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, tile.line));
  tiles.set(id, tile);
  at('totals').append(tile.element);
}

function head() {
  const { totals } = model;
  history.add(totals);
  attribute(at('totals'), 'data-at', status.uptime_seconds);
  for (const id of ['in', 'out', 'dropped', 'failed']) {
    const tile = tiles.get(id);
    text(tile.value, short(totals[id]));
    text(tile.more, '/s');
    const values = history.series[id];
    const points = trace(values, Math.max(...values), 120, 28, REMEMBERED - 1);
    attribute(tile.line, 'd', points ? `M${points}` : null);
  }
  attribute(tiles.get('dropped').element, 'data-lost', totals.dropped > 0 ? '' : null);
  attribute(tiles.get('failed').element, 'data-lost', totals.failed > 0 ? '' : null);
  attribute(tiles.get('dropped').element, 'title', `${count(totals.droppedTotal)} since the start`);
  attribute(tiles.get('failed').element, 'title', `${count(totals.failedTotal)} since the start`);
  const { process, memory } = status;
  fact('queued', short(totals.queued), ` · ${bytes(memory.bytes)}`, `${count(totals.queued)} messages, ${bytes(memory.bytes)}${memory.limit ? ` of ${bytes(memory.limit)}` : ''}`);
  attribute(tiles.get('queued').element, 'data-lost', memory.is_full ? '' : null);
  const [size, unit] = bytes(process.memory_bytes).split(' ');
  fact('memory', size, ` ${unit}`, `heap ${bytes(process.heap_bytes)}; ${count(process.collections)} collections, ${duration(process.collection_pause_seconds)} of pauses`);
  fact('cpu', `${Math.round(process.cpu * 100)}`, ' %', `${duration(process.cpu_seconds)} since the start; ${process.threads} threads${process.open_files ? `; ${count(process.open_files)} open files` : ''}`);
  const [long, ...rest] = duration(Math.floor(status.uptime_seconds)).split(' ');
  fact('uptime', long, ` ${rest.join(' ')}`, `since ${new Date(status.started_at).toLocaleString()}`);

  text(at('node-name'), status.node);
  text(at('node-state'), status.state);
  attribute(at('node-state'), 'data-state', status.state);
  shown(at('node-state'), true);
  text(at('node-facts'), status.drains_waiting_for ?? `${status.version} · pid ${process.pid}${status.configuration.files.length > 0 ? ` · ${status.configuration.files.join(', ')}` : ''}${status.configuration.revision > 1 ? ` · revision ${status.configuration.revision}` : ''}`);
  const title = `${totals.dropped > 0 ? `▼ ${rate(totals.dropped)} · ` : ''}${status.node}`;
  if (document.title !== title) document.title = title;
}

function fact(id, value, more, hint) {
  const tile = tiles.get(id);
  text(tile.value, value);
  text(tile.more, more);
  attribute(tile.element, 'title', hint);
}

function find() {
  // The worst in one line; all of them, with what they mean and what to do, for who asks.
  const isOpen = at('health').getAttribute('aria-expanded') === 'true';
  shown(at('findings'), findings.length > 0);
  at('findings').classList.toggle('open', isOpen);
  const worst = findings.toSorted((a, b) => (b.severity === 'unhealthy') - (a.severity === 'unhealthy'));
  const key = JSON.stringify([worst, isOpen]);
  if (find.key === key) return;
  find.key = key;
  at('findings').replaceChildren(...worst.slice(0, isOpen ? 50 : 1).map(finding => h('article', { class: `finding ${finding.severity}` },
    finding.component && model?.components.has(finding.component) ? h('button', { class: 'link', type: 'button', onclick: () => open(finding.component) }, finding.component) : null,
    h('p', {}, h('b', {}, finding.symptom), isOpen ? ` ${finding.meaning}` : ''), isOpen ? h('p', { class: 'facts' }, finding.action) : null)));
}

/** Says what is dropped that was not dropped before. */
function announce() {
  const now = new Set();
  for (const component of model.components.values()) {
    for (const drop of component.drops.filter(one => one.second > 0)) now.add(`${component.name} drops messages: ${drop.reason}`);
  }
  const fresh = losing ? [...now].filter(one => !losing.has(one)) : [];
  const isQuiet = fresh.length > 0 && performance.now() - announced < QUIET;

  // A reason is new again once it has stopped, and what could not be said yet is said later.
  losing = isQuiet ? losing.intersection(now) : now;
  if (fresh.length === 0 || isQuiet) return;
  announced = performance.now();
  at('announce').textContent = fresh.length <= 3 ? fresh.join('. ') : `${fresh.slice(0, 3).join('. ')}, and ${fresh.length - 3} more`;
}

function link(state, words, sentence) {
  attribute(at('link'), 'data-state', state);
  text(at('link-text'), words);
  shown(at('lost'), Boolean(sentence));
  text(at('lost-text'), sentence ?? '');
  document.body.classList.toggle('stale', state === 'lost');
  if (state === 'lost') panel.lost();
}

function askForToken() {
  const dialog = at('token-dialog');
  link('locked', 'Token needed');
  const wrong = Boolean(token.get());
  token.clear();
  shown(at('token-problem'), wrong);
  text(at('token-problem'), wrong ? 'That is not the token of this node.' : '');
  if (!dialog.open) dialog.showModal();
  at('token').focus();
}

at('token-dialog').addEventListener('cancel', event => event.preventDefault());
at('token-form').addEventListener('submit', event => {
  event.preventDefault();
  token.set(at('token').value.trim());
  at('token').value = '';
  at('token-dialog').close();
  link('connecting', 'Connecting');
  follower.start();
});

// What is chosen.

function open(name) {
  const component = model?.components.get(name);
  if (!component) return;
  panel.open(component, findings.filter(finding => finding.component === name));
  window.history.replaceState(null, '', `#${encodeURIComponent(name)}`);
  mark(name);
}

function mark(name) {
  document.body.classList.toggle('with-panel', Boolean(name));
  graph.opened(name);
  table.opened(name);
}

function view(next) {
  shownView = next;
  at('graph').hidden = next !== 'graph';
  table.show(next === 'table');
  cluster.show(next === 'cluster');
  for (const name of Object.keys(views)) attribute(at(`show-${name}`), 'aria-pressed', String(name === next));
  if (next === 'graph' && model) graph.update(model);
  if (next === 'cluster' || location.hash === OF_CLUSTER) window.history.replaceState(null, '', `${location.pathname}${location.search}${next === 'cluster' ? OF_CLUSTER : ''}`);
  filter();
}

function filter() {
  const words = wordsOf();
  const matches = name => {
    const facts = status?.components.find(component => component.name === name);
    const hay = facts ? `${name} ${facts.type} ${facts.state} ${Object.keys(facts.dropped).join(' ')}`.toLowerCase() : name.toLowerCase();
    return words.every(word => hay.includes(word));
  };
  graph.filter(matches);
  table.filter(matches);
  if (shownView !== 'cluster') tell(status?.components.filter(component => matches(component.name)).length ?? 0, 'No component has that in its name, type, state or reasons.', status?.components.length ?? 0);
  cluster.filter(words);
}

const wordsOf = () => at('filter').value.toLowerCase().split(/\s+/).filter(word => word);

/** How many a filter has found. */
function tell(found, nothing, of) {
  const isFiltered = wordsOf().length > 0;
  text(at('filter-count'), !isFiltered ? '' : of == null ? `${found} found` : `${found} of ${of}`);
  shown(at('nothing'), isFiltered && found === 0);
  text(at('nothing'), nothing);
}

const themes = { auto: ['◐', 'As the system'], light: ['☀', 'Light'], dark: ['☾', 'Dark'] };

function theme(next) {
  if (next === 'auto') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.setAttribute('data-theme', next);
  localStorage.setItem('theme', next);
  text(at('theme'), themes[next][0]);
  attribute(at('theme'), 'aria-label', `Theme: ${themes[next][1]}`);
  attribute(at('theme'), 'title', `${themes[next][1]} (d)`);
}

function nextTheme() {
  const names = Object.keys(themes);
  theme(names[(names.indexOf(localStorage.getItem('theme') ?? 'auto') + 1) % names.length]);
}

function chooseRates(next) {
  rates = next;
  localStorage.setItem('rates', next);
  for (const button of at('windows').children) attribute(button, 'aria-pressed', String(button.dataset.window === next));
  history.clear();
  cluster.rates(next);
  show();
}

for (const name of Object.keys(views)) at(`show-${name}`).addEventListener('click', () => view(name));
at('filter').addEventListener('input', filter);
at('theme').addEventListener('click', nextTheme);
at('reload').addEventListener('click', reload);
at('help').addEventListener('click', () => at('help-dialog').showModal());
at('windows').addEventListener('click', event => { if (event.target.dataset.window) chooseRates(event.target.dataset.window); });
at('health').addEventListener('click', () => {
  attribute(at('health'), 'aria-expanded', String(at('health').getAttribute('aria-expanded') !== 'true'));
  find();
});

const keys = {
  g: () => { view('graph'); graph.focus(); },
  t: () => { view('table'); table.focus(panel.name); },
  c: () => { if (!status?.cluster) return; view('cluster'); cluster.focus(); },
  d: nextTheme,
  '/': () => at('filter').focus(),
  '?': () => at('help-dialog').showModal(),
  '+': () => graph.zoom(1.25),
  '=': () => graph.zoom(1.25),
  '-': () => graph.zoom(0.8),
  0: () => graph.fit(),
  f: () => graph.fit(),
};

document.addEventListener('keydown', event => {
  if (document.querySelector('dialog[open]')) return;
  const isTyping = event.target.matches('input, textarea, select') && event.target.type !== 'checkbox';
  if (event.key === 'Escape') {
    if (event.target === at('filter') && at('filter').value) { at('filter').value = ''; filter(); }
    else if (isTyping) event.target.blur();
    else panel.close();
    return;
  }
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.startsWith('Arrow') && (event.target === document.body || event.target === at('view'))) {
    event.preventDefault();
    views[shownView].focus();
    return;
  }
  const action = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
  if (!action) return;
  event.preventDefault();
  action();
});

theme(localStorage.getItem('theme') ?? 'auto');
chooseRates(['1s', '10s', '60s'].includes(rates) ? rates : '10s');
setInterval(health, HEALTH_EVERY);
follower.start();
