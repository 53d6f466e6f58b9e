// The graph: components where the node has laid them out, edges between them, and moving about in it.
import { attribute, count, duration, h, icon, own, percent, rate, s, shown, styled, text } from './format.js';
import { ERRORS, fullness, note } from './model.js';

const LEAST = 0.08;
const MOST = 2.5;

/** Below this scale names are all that can be read, so they are written larger and the rest is left out. */
const FAR = 0.5;

/** The scale from which on everything can be read. */
const READABLE = 0.8;

export class Graph {
  #root = document.getElementById('graph');
  #world = document.getElementById('world');
  #svg = document.getElementById('edges');
  #host = document.getElementById('nodes');
  #nodes = new Map();
  #edges = new Map();
  #layout = null;
  #at = { x: 0, y: 0, scale: 1 };
  #isFitted = true;
  #current = null;
  #onOpen;

  constructor(onOpen) {
    this.#onOpen = onOpen;
    this.#listen();
    new ResizeObserver(() => this.#resized()).observe(this.#root);
  }

  /** Draws a layout anew: of another node, or of this one with another configuration. */
  draw(layout) {
    this.#layout = layout;
    this.#nodes.clear();
    this.#edges.clear();
    this.#host.replaceChildren();
    this.#svg.replaceChildren();
    this.#svg.setAttribute('width', layout.width);
    this.#svg.setAttribute('height', layout.height);
    styled(this.#world, 'width', `${layout.width}px`);
    styled(this.#world, 'height', `${layout.height}px`);
    const labels = s('g');
    for (const edge of layout.edges) {
      const path = way(edge.points);
      const view = {
        edge,
        line: s('path', { d: path, class: 'edge' }),
        rate: s('text', { class: 'edge-rate', x: edge.label[0], y: edge.label[1] + 4 }),
        lost: s('text', { class: 'edge-rate lost', x: edge.label[0], y: edge.label[1] + 18 }),
      };
      this.#svg.append(view.line);
      labels.append(view.rate, view.lost);
      this.#edges.set(`${edge.from} ${edge.to}`, view);
    }
    this.#svg.append(labels);
    for (const node of layout.nodes) this.#nodes.set(node.name, this.#box(node));
    this.#current = null;
    this.#select(layout.nodes[0]?.name);
    this.fit();
  }

  /** Shows what is so now; only what has changed is touched. */
  update(model) {
    for (const [key, view] of this.#edges) {
      const edge = model.edges.get(key);
      if (!edge) continue;
      const state = edge.dropped > 0 ? 'lost' : edge.isHeld ? 'held' : edge.rate > 0 ? 'flow' : 'idle';
      attribute(view.line, 'data-state', state);
      attribute(view.line, 'stroke-width', width(edge.rate));
      text(view.rate, edge.rate > 0 ? rate(edge.rate) : '');
      text(view.lost, edge.dropped > 0 ? `−${rate(edge.dropped)}` : '');
    }
    for (const [name, view] of this.#nodes) {
      const component = model.components.get(name);
      if (component) this.#fill(view, component);
    }
  }

  filter(matches) {
    for (const [name, view] of this.#nodes) view.element.classList.toggle('dim', !matches(name));
    for (const view of this.#edges.values()) view.line.classList.toggle('dim', !matches(view.edge.from) && !matches(view.edge.to));
  }

  /** Marks the one that the panel shows. */
  opened(name) {
    for (const [each, view] of this.#nodes) attribute(view.element, 'aria-current', each === name ? 'true' : null);
    if (name) this.#select(name);
  }

  focus(name = this.#current) {
    const view = this.#nodes.get(name);
    if (!view) return;
    this.#select(name);
    view.element.focus({ preventScroll: true });
    this.#reveal(view.node);
  }

  fit() {
    const { clientWidth: w, clientHeight: ht } = this.#root;
    if (!this.#layout || w === 0) return;
    const across = w / this.#layout.width;
    const down = (ht - 8) / this.#layout.height;
    // On a phone the beginning at a size that can be read is more than the whole at one that cannot.
    const scale = w < 640 ? Math.max(Math.min(across, down, 1), Math.min(0.62, down)) : Math.min(across, down, Math.max(1.25, Math.min(MOST, w / 1500)));
    const x = Math.max(0, (w - this.#layout.width * scale) / 2);
    const y = Math.max(0, (ht - this.#layout.height * scale) / 2);
    this.#move({ x, y: Math.min(y, Math.max(80, ht * 0.12)), scale });
    this.#isFitted = true;
  }

  /** Where there is less room, beside the panel, things stay as large as they were rather than become too small to read. */
  #resized() {
    if (!this.#isFitted || !this.#layout || this.#root.clientWidth === 0) return;
    const before = this.#at.scale;
    const fits = Math.min(this.#root.clientWidth / this.#layout.width, this.#root.clientHeight / this.#layout.height);
    if (fits >= READABLE || fits >= before || before < READABLE) return this.fit();
    this.#move({ ...this.#at, scale: before });
    const opened = [...this.#nodes.values()].find(view => view.element.hasAttribute('aria-current'));
    if (opened) this.#reveal(opened.node);
    this.#isFitted = true;
  }

  zoom(factor, x = this.#root.clientWidth / 2, y = this.#root.clientHeight / 2) {
    const scale = Math.min(MOST, Math.max(LEAST, this.#at.scale * factor));
    const by = scale / this.#at.scale;
    this.#move({ x: x - (x - this.#at.x) * by, y: y - (y - this.#at.y) * by, scale });
    this.#isFitted = false;
  }

  #box(node) {
    const role = node.name === ERRORS ? ERRORS : node.role;
    const view = {
      node,
      rate: h('span', { class: 'node-rate' }),
      type: h('span', { class: 'node-type' }, `${role === ERRORS ? 'error chain' : role} · ${node.type}`),
      full: h('span', { class: 'node-full' }),
      note: h('span', { class: 'node-note' }),
      holds: h('span', { class: 'node-holds', hidden: true }),
      bar: h('span', { class: 'bar-fill' }),
      more: h('span', { class: 'hidden' }),
    };
    view.element = h('button', { class: `node ${role}`, type: 'button', tabIndex: -1, 'data-name': node.name },
      h('span', { class: 'node-top' }, icon(role), h('span', { class: 'node-name' }, own(node.name)), view.rate),
      view.type,
      h('span', { class: 'node-low' }, view.note, view.full),
      h('span', { class: 'bar-track' }, view.bar),
      view.holds, view.more);
    view.element.style.setProperty('translate', `${node.x}px ${node.y}px`);
    view.element.style.setProperty('width', `${node.width}px`);
    view.element.style.setProperty('height', `${node.height}px`);
    this.#host.append(view.element);
    return view;
  }

  #fill(view, component) {
    const { facts } = component;
    const [kind, words] = note(component, rate, count, duration, own);
    const copies = component.role === 'filter' ? facts.workers?.length : 0;
    text(view.rate, rate(component.in));
    text(view.type, `${component.role === ERRORS ? 'error chain' : component.role} · ${facts.type}${copies ? ` × ${copies}` : ''}`);
    text(view.note, words);
    text(view.full, facts.queued > 0 || facts.mailbox.fill > 0 ? percent(facts.mailbox.fill) : '');
    styled(view.bar, 'width', `${Math.round(facts.mailbox.fill * 1000) / 10}%`);
    attribute(view.bar, 'data-fill', fullness(facts.mailbox.fill));
    attribute(view.element, 'data-note', kind);
    attribute(view.element, 'title', words ? `${component.name}: ${words}` : component.name);
    attribute(view.element, 'data-state', facts.state);
    attribute(view.element, 'data-busy', component.in > 0 ? '' : null);
    attribute(view.element, 'data-pool', copies ? '' : null);
    attribute(view.element, 'data-holds', component.holds.length > 0 ? '' : null);
    shown(view.holds, component.holds.length > 0);
    text(view.holds, component.holds.length > 0 ? `holds up ${component.holds.length}` : '');
    text(view.more, [facts.state, `mailbox ${percent(facts.mailbox.fill)} full`, component.holds.map(own).join(', ')].filter(part => part).join(', '));
  }

  #select(name) {
    if (!this.#nodes.has(name) || this.#current === name) return;
    if (this.#current) this.#nodes.get(this.#current).element.tabIndex = -1;
    this.#current = name;
    this.#nodes.get(name).element.tabIndex = 0;
  }

  #move(at) {
    this.#at = at;
    this.#world.style.setProperty('transform', `translate(${at.x}px, ${at.y}px) scale(${at.scale})`);
    this.#root.classList.toggle('far', at.scale < FAR);
    this.#root.style.setProperty('--grid', `${24 * at.scale}px`);
    this.#root.style.setProperty('--grid-x', `${at.x}px`);
    this.#root.style.setProperty('--grid-y', `${at.y}px`);
  }

  /** Brings a component into view, when it is not. */
  #reveal(node) {
    const { x, y, scale } = this.#at;
    const room = 24;
    const [left, top] = [node.x * scale + x, node.y * scale + y];
    const [right, bottom] = [left + node.width * scale, top + node.height * scale];
    const dx = left < room ? room - left : right > this.#root.clientWidth - room ? this.#root.clientWidth - room - right : 0;
    const dy = top < room ? room - top : bottom > this.#root.clientHeight - room ? this.#root.clientHeight - room - bottom : 0;
    if (dx === 0 && dy === 0) return;
    this.#move({ x: x + dx, y: y + dy, scale });
    this.#isFitted = false;
  }

  /** The component that somebody looks for who presses an arrow key: along an edge where there is one, else the nearest that way. */
  #beside(name, key) {
    const from = this.#nodes.get(name).node;
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    const linked = new Set();
    for (const { edge } of this.#edges.values()) {
      if (dx > 0 && edge.from === name) linked.add(edge.to);
      if (dx < 0 && edge.to === name) linked.add(edge.from);
    }
    let best = null;
    let least = Infinity;
    for (const { node } of this.#nodes.values()) {
      const [x, y] = [node.x - from.x, node.y - from.y];
      const [along, aside] = dx !== 0 ? [x * dx, Math.abs(y)] : [y * dy, Math.abs(x)];
      if (along <= 0) continue;
      const cost = along + aside * 3 - (linked.has(node.name) ? 1e6 : 0);
      if (cost < least) [best, least] = [node.name, cost];
    }
    return best;
  }

  #listen() {
    this.#host.addEventListener('click', event => {
      const node = event.target.closest('.node');
      if (node) this.#onOpen(node.dataset.name);
    });
    this.#host.addEventListener('focusin', event => {
      const node = event.target.closest('.node');
      if (node) this.#select(node.dataset.name);
    });
    this.#host.addEventListener('keydown', event => {
      if (!event.key.startsWith('Arrow') || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const next = this.#beside(this.#current, event.key);
      if (next) this.focus(next);
    });
    // Focus that comes by tabbing would have the browser scroll what is moved by hand here.
    this.#root.addEventListener('scroll', () => this.#root.scrollTo(0, 0));
    this.#root.addEventListener('wheel', event => {
      event.preventDefault();
      const area = this.#root.getBoundingClientRect();
      const by = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
      this.zoom(Math.exp(-Math.max(-120, Math.min(120, by)) * (event.ctrlKey ? 0.01 : 0.0022)), event.clientX - area.x, event.clientY - area.y);
    }, { passive: false });
    this.#drag();
    document.getElementById('zoom-in').addEventListener('click', () => this.zoom(1.25));
    document.getElementById('zoom-out').addEventListener('click', () => this.zoom(0.8));
    document.getElementById('zoom-fit').addEventListener('click', () => this.fit());
  }

  /** One finger or the mouse moves the graph, two fingers scale it. */
  #drag() {
    const fingers = new Map();
    this.#root.addEventListener('pointerdown', event => {
      if (event.button !== 0 || event.target.closest('.zoom') || (event.target.closest('.node') && event.pointerType === 'mouse')) return;
      fingers.set(event.pointerId, [event.clientX, event.clientY]);
    });
    this.#root.addEventListener('pointermove', event => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const now = [event.clientX, event.clientY];
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      if (!other && Math.hypot(now[0] - before[0], now[1] - before[1]) < 3 && !this.#root.hasPointerCapture(event.pointerId)) return;
      if (!this.#root.hasPointerCapture(event.pointerId)) this.#root.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, now);
      this.#isFitted = false;
      if (other) {
        const area = this.#root.getBoundingClientRect();
        this.zoom(Math.hypot(now[0] - other[0], now[1] - other[1]) / Math.max(1, Math.hypot(before[0] - other[0], before[1] - other[1])), (now[0] + other[0]) / 2 - area.x, (now[1] + other[1]) / 2 - area.y);
      } else this.#move({ ...this.#at, x: this.#at.x + now[0] - before[0], y: this.#at.y + now[1] - before[1] });
    });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) this.#root.addEventListener(end, event => fingers.delete(event.pointerId));
  }
}

/** Lines where two points are level, else curves that begin and end level. */
function way(points) {
  let path = `M${points[0]}`;
  for (let i = 1; i < points.length; i++) {
    const [[x0, y0], [x1, y1]] = [points[i - 1], points[i]];
    const middle = (x0 + x1) / 2;
    path += Math.abs(y0 - y1) < 0.5 ? `L${x1} ${y1}` : `C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`;
  }
  return path;
}

/** By decades, so that one message a second and a million can stand side by side. */
const width = rate => rate <= 0 ? '1.25' : Math.min(8, 1.5 + Math.max(0, Math.log10(rate)) * 1.05).toFixed(1);
