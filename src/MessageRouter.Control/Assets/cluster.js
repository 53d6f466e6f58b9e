// All nodes of the cluster, as this one sees and hears them. It is asked for them only while somebody looks.
import { attribute, count, duration, h, rate, shown, text } from './format.js';
import { json, Unauthorized } from './link.js';
import { all, linksOf, Memory, namesOf, totalsOf } from './members.js';

const EVERY = 2000;

const nodeColumns = [
  ['name', 'Node'], ['state', 'State'], ['in', 'In', 'number'], ['out', 'Out', 'number'], ['queued', 'Waiting', 'number wide1'], ['dropped', 'Dropped', 'number'], ['failed', 'Failed', 'number wide2'],
  ['up', 'Up', 'number wide1'], ['roles', 'Roles', 'wide2'], ['address', 'Address', 'wide2'], ['version', 'Version', 'wide3'],
];
const streamColumns = [
  ['name', 'Stream'], ['rate', 'Rate', 'number'], ['given', 'Offered', 'number'], ['delivered', 'Delivered', 'number'], ['lost', 'Lost', 'number lost-now'], ['queued', 'Waiting', 'number wide1'], ['fed', 'Fed by', 'wide1'], ['taken', 'Taken by', 'wide1'],
];
const linkColumns = [
  ['from', 'From'], ['to', 'To'], ['stream', 'Stream', 'wide1'], ['state', 'State', 'wide1'], ['rate', 'Rate', 'number wide2'], ['given', 'Offered', 'number wide1'], ['delivered', 'Delivered', 'number'], ['lost', 'Lost', 'number lost-now'],
  ['redelivered', 'Redelivered', 'number wide3'], ['queued', 'Waiting', 'number wide1'],
];
const slotColumns = [['node', 'Stream, node'], ['slots', 'Slots', 'number'], ['share', 'Of 1,024'], ['key', 'By', 'wide1'], ['moving', 'Changing hands', 'number wide2'], ['epoch', 'Epoch', 'number wide3']];
const placedColumns = [['name', 'Copies or processes'], ['running', 'Run now', 'number'], ['total', 'Are to be', 'number'], ['on', 'On', 'wide1'], ['note', 'What matters', 'wide1']];
const singletonColumns = [['name', 'One at a time'], ['node', 'Reads on'], ['others', 'Stands by on', 'wide1'], ['note', 'What matters', 'wide1']];

/** A table whose rows stay the same elements, so that what somebody reads or has marked does not go from under him. */
class Rows {
  #columns;
  #body = h('tbody');
  #rows = new Map();

  constructor(title, columns, empty) {
    this.#columns = columns;
    this.empty = h('p', { class: 'facts' }, empty);
    const head = h('tr', {}, columns.map(([, name, style]) => h('th', { scope: 'col', class: style ?? '' }, name)));
    this.scroll = h('div', { class: 'scroll', tabIndex: 0, role: 'group', 'aria-label': title }, h('table', { class: 'members' }, h('caption', { class: 'hidden' }, title), h('thead', {}, head), this.#body));
    this.element = h('section', { 'aria-label': title }, h('h2', {}, title), this.scroll, this.empty);
  }

  /** @param {[key: string, cells: object, look: object][]} rows */
  show(rows, matches, isOptional = false) {
    const keys = new Set(rows.map(([key]) => key));
    for (const [key, row] of this.#rows) if (!keys.has(key)) { row.element.remove(); this.#rows.delete(key); }
    let at = this.#body.firstElementChild;
    let found = 0;
    for (const [key, cells, look] of rows) {
      const row = this.#rows.get(key) ?? this.#row(key);
      for (const [id] of this.#columns) {
        const value = cells[id] ?? '';
        if (typeof value === 'string') text(row.cells.get(id), value);
        else value.into(row.cells.get(id));
      }
      for (const name of ['data-state', 'data-lost', 'data-note', 'title']) attribute(row.element, name, look?.[name]);
      if (row.element === at) at = at.nextElementSibling; else this.#body.insertBefore(row.element, at);
      const isFound = matches(row.element.textContent);
      found += isFound;
      shown(row.element, isFound);
    }
    shown(this.scroll, rows.length > 0);
    shown(this.empty, rows.length === 0);
    shown(this.element, rows.length > 0 || !isOptional);
    return found;
  }

  #row(key) {
    const cells = new Map(this.#columns.map(([id, , style], at) => [id, h(at === 0 ? 'th' : 'td', { class: style ?? '', scope: at === 0 ? 'row' : null })]));
    const row = { cells, element: h('tr', { 'data-key': key }, [...cells.values()]) };
    this.#rows.set(key, row);
    return row;
  }
}

export class Cluster {
  #root = document.getElementById('cluster');
  #head = h('p', { class: 'cluster-head' });
  #sum = h('p', { class: 'facts' });
  #problem = h('p', { class: 'warning lost', role: 'alert', hidden: true });
  #warnings = h('ul', { class: 'cluster-warnings', 'aria-label': 'What may not be as it was meant' });
  #nodes = new Rows('Nodes', nodeColumns, 'There is no node.');
  #streams = new Rows('Streams', streamColumns, 'No node takes or feeds a stream.');
  #links = new Rows('Links', linkColumns, 'No stream leads to a node.');
  #slots = new Rows('Keys', slotColumns, 'No stream is fed by key.');
  #singletons = new Rows('One of a kind', singletonColumns, 'No input reads on one node at a time.');
  #placed = new Rows('Placed on nodes', placedColumns, 'Nothing is placed on nodes.');
  #memory = new Memory();
  #handlers;
  #timer = null;
  #isShown = false;
  #isAsking = false;
  #last = null;
  #window = '10s';
  #matches = () => true;

  /** @param handlers `announce` says something, `found` how many rows a filter has found, `unauthorized` asks for the token. */
  constructor(handlers) {
    this.#handlers = handlers;
    this.#root.append(this.#problem, this.#head, this.#sum, this.#warnings, ...[this.#nodes, this.#streams, this.#links, this.#slots, this.#singletons, this.#placed].map(rows => rows.element));
    document.addEventListener('visibilitychange', () => this.#ask());
  }

  show(isShown) {
    this.#isShown = isShown;
    this.#root.hidden = !isShown;
    if (isShown) this.#ask(); else clearTimeout(this.#timer);
  }

  focus() {
    this.#root.focus();
  }

  rates(window) {
    this.#window = window;
    this.#draw();
  }

  filter(words) {
    this.#matches = hay => words.every(word => hay.toLowerCase().includes(word));
    this.#draw();
  }

  /** The node has another run or configuration, and may be in another cluster. */
  forget() {
    this.#memory = new Memory();
    this.#last = null;
    if (this.#isShown) this.#ask();
  }

  async #ask() {
    clearTimeout(this.#timer);
    if (!this.#isShown || document.hidden || this.#isAsking) return;
    this.#isAsking = true;
    try {
      const report = await json('v1/cluster');
      for (const news of this.#memory.take(report, performance.now() / 1000)) this.#handlers.announce(news);
      this.#last = report;
      shown(this.#problem, false);
      this.#draw();
    } catch (error) {
      // Numbers that are old are not to look like new ones.
      this.#root.classList.add('old');
      if (error instanceof Unauthorized) this.#handlers.unauthorized();
      else if (error.status) {
        text(this.#problem, error.message);
        shown(this.#problem, true);
      }
    } finally {
      this.#isAsking = false;
      if (this.#isShown && !document.hidden) this.#timer = setTimeout(() => this.#ask(), EVERY);
    }
  }

  #draw() {
    const report = this.#last;
    if (!report || !this.#isShown) return;
    this.#root.classList.remove('old');
    const { cluster } = report;
    const nodes = this.#memory.nodes();
    const there = nodes.filter(node => node.isThere).length;
    const away = nodes.filter(node => !node.isThere && node.state !== 'left').length;
    const leader = cluster.members.find(member => member.address === cluster.leader);
    text(this.#head, [
      `Cluster ${cluster.name}`, cluster.state === 'up' ? null : `${cluster.state}${cluster.problem ? `: ${cluster.problem}` : ''}`,
      `${there} ${there === 1 ? 'node' : 'nodes'}${away > 0 ? `, ${away} away` : ''}`, leader ? `${leader.node || leader.address} leads` : 'nobody leads',
      `seen by ${cluster.members.find(member => member.is_self)?.node ?? 'this node'}`,
    ].filter(part => part).join(' · '));
    const links = linksOf(report);
    const total = all(nodes.filter(node => node.isThere), this.#window);
    text(this.#sum, `In ${rate(total.in)}, out ${rate(total.out)}, dropped ${rate(total.dropped)}, failed ${rate(total.failed)}, ${count(total.queued)} waiting; over all links ${count(sumOf(links, 'given'))} offered, ${count(sumOf(links, 'delivered'))} delivered, ${count(sumOf(links, 'lost'))} lost${away > 0 ? '. What is away is in no sum' : ''}`);
    this.#warn(cluster);

    const found = this.#nodes.show(nodes.map(node => [node.name, this.#node(node, cluster), { 'data-state': node.state, title: node.isThere ? null : 'Its last numbers, which are in no sum' }]), this.#matches)
      + this.#streams.show(cluster.streams.map(stream => [stream.name, this.#stream(stream, links), lossOf(links.filter(link => link.stream === stream.name))]), this.#matches)
      + this.#links.show(links.map(link => [link.key, { ...link, rate: rate(link.rate), given: count(link.given), delivered: count(link.delivered), lost: lostWords(link), redelivered: link.redelivered == null ? '' : count(link.redelivered), queued: count(link.queued) }, { ...lossOf([link]), 'data-state': link.state, title: link.error }]), this.#matches)
      + this.#slots.show(cluster.streams.filter(stream => stream.keys).flatMap(slots), this.#matches, true)
      + this.#singletons.show(cluster.singletons.map(singleton => [singleton.name, singletonCells(singleton), { 'data-note': singleton.node && !['away', 'closed'].includes(singleton.state) ? null : 'lost' }]), this.#matches, true)
      + this.#placed.show(cluster.placed.map(placed => [placed.name, placedCells(placed), { 'data-note': placed.problem ? 'lost' : null, title: placed.problem }]), this.#matches, true);
    this.#handlers.found(found);
  }

  #warn(cluster) {
    const words = [
      ...cluster.streams.filter(stream => stream.offered_by.length === 0).map(stream => `No node takes the stream ${stream.name}`),
      ...cluster.streams.filter(stream => stream.problem).map(stream => `${stream.name}: ${stream.problem}`), ...cluster.warnings.map(warning => warning.text),
    ];
    const key = words.join('\n');
    if (this.#warn.key === key) return;
    this.#warn.key = key;
    shown(this.#warnings, words.length > 0);
    this.#warnings.replaceChildren(...words.map(word => h('li', { class: 'warning' }, word)));
  }

  #node(node, cluster) {
    const { member, status } = node;
    const totals = totalsOf(status, this.#window);
    return {
      name: node.name,
      state: new State(node.state, [node.isThere ? node.state : `${node.state} ${duration(performance.now() / 1000 - node.awaySince)}`, member.state === 'up' || !node.isThere ? null : member.state, member.address === cluster.leader ? 'leads' : null, member.is_self ? 'this node' : null].filter(word => word).join(', ')),
      in: node.isThere ? rate(totals.in) : '', out: node.isThere ? rate(totals.out) : '',
      queued: status ? count(totals.queued) : '', dropped: status ? count(totals.droppedTotal) : '', failed: status ? count(totals.failedTotal) : '',
      up: node.isThere ? duration(Math.floor(status.uptime_seconds)) : '', roles: member.roles.join(', '), address: member.address, version: member.version ?? '',
    };
  }

  #stream(stream, links) {
    const own = links.filter(link => link.stream === stream.name);
    return {
      name: stream.name, rate: rate(sumOf(own, 'rate')), given: count(sumOf(own, 'given')), delivered: count(sumOf(own, 'delivered')), lost: count(sumOf(own, 'lost')), queued: count(sumOf(own, 'queued')),
      fed: namesOf(stream.fed_by), taken: namesOf(stream.offered_by, stream.weights),
    };
  }
}

const sumOf = (links, what) => links.reduce((total, link) => total + link[what], 0);
const lossOf = links => ({ 'data-lost': sumOf(links, 'lost') > 0 ? '' : null });
const lostWords = link => [link.missed > 0 ? `${count(link.missed)} missed` : null, link.unknown > 0 ? `${count(link.unknown)} unknown` : null].filter(word => word).join(', ') || '0';

const slots = stream => stream.keys.shares.map(share => [`${stream.name} ${share.node}`, {
  node: `${stream.name}, ${share.node}`, slots: count(share.slots), share: new Share(share.slots / 1024), key: stream.keys.key, moving: movingOf(stream.keys), epoch: stream.keys.epoch,
}]);

const movingOf = keys => `${count(keys.moving)}${keys.waits_for.length > 0 ? `, wait for ${keys.waits_for.join(', ')}` : ''}`;

function singletonCells(singleton) {
  const note = [singleton.fails_on.length > 0 ? `fails each time it is opened on ${singleton.fails_on.join(', ')}` : null, singleton.given_up_by.length > 0 ? `given up on ${singleton.given_up_by.join(', ')}` : null];
  return { name: singleton.name, node: readsOn(singleton), others: singleton.candidates.filter(node => node !== singleton.node).join(', ') || 'nobody', note: note.filter(word => word).join('; ') };
}

function readsOn({ node, state }) {
  if (node == null) return 'no node now';
  return state === 'away' ? `${node}, away` : state === 'closed' ? `no node now: closed on ${node}, out of touch` : node;
}

function placedCells(placed) {
  const on = placed.nodes.map(node => `${node.node} ${count(node.running)}${node.running === node.share ? '' : ` of ${count(node.share)}`}${node.is_away ? ' (away)' : ''}`);
  return { name: placed.name, running: `${count(placed.running)}${placed.running_away > 0 ? ` + ${count(placed.running_away)} away` : ''}`, total: placed.total == null ? '' : count(placed.total), on: on.join(', ') || 'no node', note: placed.problem ?? '' };
}

/** A state as a chip. */
class State {
  constructor(state, words) { Object.assign(this, { state, words }); }

  into(cell) {
    cell.firstElementChild ?? cell.append(h('span', { class: 'chip' }));
    attribute(cell.firstElementChild, 'data-state', this.state);
    text(cell.firstElementChild, this.words);
  }
}

/** A part of one as a bar; the number stands beside it. */
class Share {
  constructor(part) { this.part = part; }

  into(cell) {
    cell.firstElementChild ?? cell.append(h('span', { class: 'bar-track', 'aria-hidden': 'true' }, h('span', { class: 'bar-fill' })));
    cell.firstElementChild.firstElementChild.style.setProperty('width', `${Math.round(this.part * 1000) / 10}%`);
  }
}
