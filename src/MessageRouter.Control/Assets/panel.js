// The panel of one component: what is wrong with it, its numbers, plots, peers, errors, its block of the file, and a tap.
import { attribute, bytes, clock, count, duration, h, icon, own, percent, rate, shown, styled, text } from './format.js';
import { Explain } from './explain.js';
import { json } from './link.js';
import { ERRORS, fullness } from './model.js';
import { plot } from './plot.js';
import { payload, Tap } from './tap.js';

const DETAILS_EVERY = 5000;
const MOST_PEERS = 200;

export class Panel {
  #root = document.getElementById('panel');
  #handlers;
  #view = null;

  /** @param handlers closed(), open(name), unauthorized(). */
  constructor(handlers) {
    this.#handlers = handlers;
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.#view?.tap.stop('Paused, since this page was hidden.'); });
  }

  get name() { return this.#view?.name ?? null; }

  open(component, findings) {
    if (this.#view?.name === component.name) return this.focus();
    this.#end();
    const isLosing = component.dropped > 0 || component.failed > 0;
    const view = this.#view = { name: component.name, tap: new Tap(component.name, isLosing ? ['dropped', 'failed'] : delivers(component) ? ['in', 'dropped', 'failed'] : ['out', 'dropped', 'failed']), tabs: new Map() };
    this.#build(view, component);
    this.update(component, findings);
    this.#root.hidden = false;
    view.timer = setInterval(() => { if (!document.hidden) this.#details(view); }, DETAILS_EVERY);
    this.#details(view);
    this.focus();
  }

  close() {
    if (!this.#view) return;
    const { name } = this.#view;
    this.#end();
    this.#root.hidden = true;
    this.#handlers.closed(name);
  }

  focus() { this.#root.querySelector('h2').focus({ preventScroll: true }); }

  /** The node has gone, or another one is there: no tap goes on. */
  lost() { this.#view?.tap.stop('The link to the node was lost.'); }

  update(component, findings) {
    const view = this.#view;
    if (!view) return;
    const { facts } = component;
    attribute(this.#root, 'data-note', component.dropped > 0 ? 'lost' : null);
    text(view.state, facts.state);
    attribute(view.state, 'data-state', facts.state);
    this.#warn(view, component, findings);
    for (const [id, now, total] of [['in', component.in, facts.in + facts.created], ['out', component.out, facts.out], ['filtered', null, facts.filtered], ['failed', component.failed, facts.failed]]) {
      const row = view.numbers.get(id);
      text(row.now, now == null ? '' : rate(now));
      text(row.total, count(total));
      shown(row.element, id !== 'filtered' || facts.filtered > 0);
      attribute(row.element, 'data-lost', id === 'failed' && now > 0 ? '' : null);
    }
    this.#drops(view, component);
    const { mailbox } = facts;
    styled(view.bar, 'width', `${Math.round(mailbox.fill * 1000) / 10}%`);
    attribute(view.bar, 'data-fill', fullness(mailbox.fill));
    text(view.fill, percent(mailbox.fill));
    text(view.mailbox, [
      `${count(mailbox.queued)} of ${count(mailbox.capacity)} messages`, `${bytes(mailbox.bytes)} of ${bytes(mailbox.max_bytes)}`,
      facts.queued > mailbox.queued ? `${count(facts.queued - mailbox.queued)} more before or within it` : '',
      mailbox.oldest_seconds > 0 ? `the oldest for ${duration(mailbox.oldest_seconds)}` : '', mailbox.full_seconds ? `full for ${duration(mailbox.full_seconds)}` : '',
    ].filter(part => part).join(' · '));
    this.#peers(view, facts);
  }

  #end() {
    if (!this.#view) return;
    clearInterval(this.#view.timer);
    this.#view.tap.stop();
    this.#view.isOver = true;
    this.#view = null;
  }

  #build(view, component) {
    const { facts } = component;
    view.state = h('span', { class: 'chip state' });
    view.warnings = h('div', { class: 'warnings' });
    view.numbers = new Map();
    view.dropRows = new Map();
    view.body = h('tbody');
    for (const [id, title] of [['in', 'In'], ['out', delivers(component) ? 'Delivered' : 'Out'], ['filtered', 'Filtered out'], ['failed', 'Failed']]) {
      const row = { now: h('td'), total: h('td') };
      row.element = h('tr', {}, h('th', { scope: 'row' }, title), row.now, row.total);
      view.numbers.set(id, row);
      view.body.append(row.element);
    }
    view.bar = h('span', { class: 'bar-fill' });
    view.fill = h('b');
    view.mailbox = h('p', { class: 'facts' });
    view.plots = { in: plot('In', 'in'), out: plot(delivers(component) ? 'Delivered' : 'Out', 'out'), dropped: plot('Dropped', 'lost'), failed: plot('Failed', 'lost') };
    view.peers = h('div');
    view.errors = h('div', {}, h('p', { class: 'facts' }, 'No error is known.'));
    view.block = h('div', {}, h('p', { class: 'facts' }, facts.place ? 'Reading …' : 'It was made in code.'));

    const overview = h('div', {},
      view.warnings,
      h('table', { class: 'numbers' }, h('thead', {}, h('tr', {}, h('td'), h('th', { scope: 'col' }, 'Now'), h('th', { scope: 'col' }, 'Since the start'))), view.body),
      h('h3', {}, 'Mailbox'), h('div', { class: 'cell-bar large' }, h('span', { class: 'bar-track' }, view.bar), view.fill), view.mailbox,
      h('h3', {}, 'Last ten minutes'), h('div', { class: 'plots' }, Object.values(view.plots).map(one => one.element)),
      facts.to.length > 0 ? [h('h3', {}, 'Sends to'), h('p', { class: 'links' }, facts.to.map(name => h('button', { class: 'link', type: 'button', onclick: () => this.#handlers.open(name) }, name)))] : null,
      facts.endpoints.length > 0 ? [h('h3', {}, 'Endpoints'), h('ul', { class: 'endpoints' }, facts.endpoints.map(endpoint => h('li', {}, h('code', {}, endpoint))))] : null);
    const title = component.role === 'filter' ? 'Copies' : 'Peers';
    const tabs = [['overview', 'Overview', overview], ['peers', title, view.peers], ['errors', 'Errors', view.errors], ['tap', 'Tap', view.tap.element], ['explain', 'Explain', new Explain(component.name, name => this.#handlers.open(name)).element], ['block', 'Block', view.block]];
    const strip = h('div', { class: 'tabs', role: 'tablist', 'aria-label': component.name });
    const pages = tabs.map(([id, words, content]) => {
      const badge = h('span', { class: 'badge', hidden: true });
      const tab = h('button', { id: `tab-${id}`, class: 'tab', type: 'button', role: 'tab', 'aria-controls': `page-${id}`, onclick: () => this.#choose(view, id) }, words, badge);
      const page = h('div', { id: `page-${id}`, class: 'page', role: 'tabpanel', 'aria-labelledby': `tab-${id}`, tabIndex: 0 }, content);
      view.tabs.set(id, { tab, page, badge });
      strip.append(tab);
      return page;
    });
    strip.addEventListener('keydown', event => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      event.preventDefault();
      const ids = [...view.tabs].filter(([, one]) => !one.tab.hidden).map(([id]) => id);
      const next = ids[(ids.indexOf(view.chosen) + (event.key === 'ArrowRight' ? 1 : ids.length - 1)) % ids.length];
      this.#choose(view, next);
      view.tabs.get(next).tab.focus();
    });
    view.tabs.get('peers').tab.hidden = !facts.workers && !facts.connections;
    this.#root.replaceChildren(
      h('div', { class: 'panel-head' }, icon(component.role),
        h('div', { class: 'panel-title' }, h('h2', { tabIndex: -1 }, component.name), h('p', { class: 'facts' }, `${component.role === ERRORS ? 'output of the error chain' : component.role} · ${facts.type}${facts.place ? ` · ${facts.place}` : ''}`)),
        view.state, h('button', { class: 'icon', type: 'button', 'aria-label': 'Close', title: 'Close (Esc)', onclick: () => this.close() }, '×')),
      strip, ...pages);
    this.#choose(view, 'overview');
  }

  #choose(view, chosen) {
    view.chosen = chosen;
    for (const [id, { tab, page }] of view.tabs) {
      attribute(tab, 'aria-selected', id === chosen ? 'true' : 'false');
      tab.tabIndex = id === chosen ? 0 : -1;
      page.hidden = id !== chosen;
    }
  }

  #warn(view, component, findings) {
    const { facts } = component;
    const waits = facts.waiting_for;
    const lines = [];
    if (waits && waits.component !== component.name) lines.push(['held', `Waits for ${waits.component}, which ${waits.why}.`, waits.path.length > 1 ? `By way of ${waits.path.slice(0, -1).join(', ')}.` : '', waits.component]);
    else if (waits) lines.push(['held', `It ${waits.why}.`, '']);
    if (component.holds.length > 0) lines.push(['held', `Holds up ${component.holds.join(', ')}.`, '']);
    for (const finding of findings ?? []) lines.push([finding.severity === 'unhealthy' ? 'lost' : 'held', finding.symptom, `${finding.meaning} ${finding.action}`]);
    if (facts.last_error) lines.push(['lost', facts.last_error, facts.last_error_at ? `Last at ${clock(facts.last_error_at)}${facts.restarts ? `; restarted ${count(facts.restarts)} times` : ''}.` : '']);
    const key = JSON.stringify(lines);
    if (view.warned === key) return;
    view.warned = key;
    view.warnings.replaceChildren(...lines.map(([kind, words, more, name]) => h('div', { class: `warning ${kind}` }, h('p', {}, words), more ? h('p', { class: 'facts' }, more) : null,
      name ? h('button', { class: 'link', type: 'button', onclick: () => this.#handlers.open(name) }, `Show ${own(name)}`) : null)));
  }

  #drops(view, component) {
    for (const drop of component.drops) {
      let row = view.dropRows.get(drop.reason);
      if (!row) {
        row = { now: h('td'), total: h('td') };
        row.element = h('tr', {}, h('th', { scope: 'row' }, 'Dropped: ', h('code', {}, drop.reason)), row.now, row.total);
        view.dropRows.set(drop.reason, row);
        view.body.append(row.element);
      }
      text(row.now, rate(drop.rate));
      text(row.total, count(drop.total));
      attribute(row.element, 'data-lost', drop.rate > 0 ? '' : null);
    }
  }

  #peers(view, facts) {
    const { tab, badge, page } = view.tabs.get('peers');
    const workers = facts.workers ?? [];
    const connections = facts.connections ?? [];
    const refused = Object.entries(facts.refused ?? {}).sort(([, one], [, other]) => other - one);
    tab.hidden = !facts.workers && !facts.connections;
    text(badge, count(Math.max(workers.length, connections.length)));
    shown(badge, workers.length + connections.length > 0);
    if (page.hidden) return;
    view.peers.replaceChildren(...[
      workers.length > 0 ? grid(facts.role === 'filter' ? 'Copy' : 'Peer', ['State', 'In', 'Out', 'Waiting', 'Per second'], workers, one => [one.name, one.state, count(one.in), count(one.out), count(one.queued), rate(one.rate)], one => one.last_error) : null,
      connections.length > 0 ? grid('Connection', ['Socket', 'Since', 'In', 'Out', 'Waiting', 'Silent'], connections, one => [one.peer, `${one.direction} · ${one.socket}`, duration(one.since_seconds), `${count(one.messages_in)} · ${bytes(one.bytes_in)}`, `${count(one.messages_out)} · ${bytes(one.bytes_out)}`, count(one.queued), duration(one.silent_seconds)]) : null,
      workers.length + connections.length === 0 ? h('p', { class: 'facts' }, 'Nobody is connected.') : null,
      refused.length > 0 ? h('p', { class: 'facts refused' }, `Refused: ${refused.map(([reason, number]) => `${count(number)} ${reason}`).join(', ')}.`) : null,
    ].filter(one => one));
  }

  /** What the status does not have. */
  async #details(view) {
    let details;
    try {
      details = await json(`v1/components/${encodeURIComponent(view.name)}`);
    } catch (error) {
      if (error.status === 404) view.block.replaceChildren(h('p', { class: 'facts' }, 'This node does not tell more.'));
      return;
    }
    if (view.isOver) return;
    for (const [id, one] of Object.entries(view.plots)) one.show(details.plots?.[id] ?? [], details.plots?.step_seconds ?? 10);
    if (view.blockText !== details.block) {
      view.blockText = details.block;
      view.block.replaceChildren(details.block ? h('pre', { class: 'block', tabIndex: 0 }, ...hocon(details.block)) : h('p', { class: 'facts' }, 'It was made in code.'), details.component?.place ? h('p', { class: 'facts' }, details.component.place) : '');
    }
    const errors = details.errors ?? [];
    const key = errors.map(error => error.time + error.problem).join('\n');
    if (view.errorsKey === key) return;
    view.errorsKey = key;
    const { badge } = view.tabs.get('errors');
    text(badge, count(errors.length));
    shown(badge, errors.length > 0);
    view.errors.replaceChildren(errors.length === 0 ? h('p', { class: 'facts' }, 'No error is known.')
      : h('ol', { class: 'messages' }, errors.toSorted((a, b) => a.time < b.time ? 1 : -1).map(error => h('li', { class: 'failed' }, h('div', { class: 'message-head' }, h('time', {}, clock(error.time)), h('span', { class: 'why' }, error.problem)), error.payload ? payload(error.payload) : null))));
  }
}

const delivers = component => component.role === 'output' || component.role === ERRORS;

function grid(first, others, items, cells, hint) {
  const rows = items.slice(0, MOST_PEERS).map(item => {
    const [name, ...rest] = cells(item);
    return h('tr', { title: hint?.(item) ?? null }, h('th', { scope: 'row' }, name), rest.map(cell => h('td', {}, cell)));
  });
  if (items.length > MOST_PEERS) rows.push(h('tr', {}, h('td', { colSpan: others.length + 1 }, `and ${count(items.length - MOST_PEERS)} more`)));
  return h('div', { class: 'scroll', tabIndex: 0, role: 'group', 'aria-label': first }, h('table', { class: 'peers' }, h('thead', {}, h('tr', {}, [first, ...others].map(title => h('th', { scope: 'col' }, title)))), h('tbody', {}, rows)));
}

/** A block of HOCON with its comments, texts and keys set apart. */
function hocon(block) {
  const parts = [];
  const pattern = /(#[^\n]*|\/\/[^\n]*)|("""[\s\S]*?"""+|"(?:[^"\\\n]|\\.)*")|([\w.-]+)(?=\s*(?:=|\+=|\{|:(?!\/)))/g;
  let at = 0;
  for (const match of block.matchAll(pattern)) {
    parts.push(block.slice(at, match.index), h('span', { class: match[1] ? 'remark' : match[2] ? 'text' : 'word' }, match[0]));
    at = match.index + match[0].length;
  }
  return [...parts, block.slice(at)].filter(part => part !== '');
}
