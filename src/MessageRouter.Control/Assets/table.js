// The same facts as a table, sorted by any column.
import { attribute, bytes, count, duration, h, icon, own, percent, rate, shown, styled, text } from './format.js';
import { fullness, note } from './model.js';

const columns = [
  { id: 'name', title: 'Component', of: one => one.name },
  { id: 'state', title: 'State', of: one => one.facts.state, wide: 1 },
  { id: 'in', title: 'In', of: one => one.in, number: true, show: one => rate(one.in), hint: one => `${count(one.facts.in)} since the start` },
  { id: 'out', title: 'Out', of: one => one.out, number: true, show: one => rate(one.out), hint: one => `${count(one.facts.out)} since the start`, wide: 1 },
  { id: 'failed', title: 'Failed', of: one => one.failed || one.facts.failed / 1e12, number: true, show: one => tally(one.failed, one.facts.failed), wide: 2 },
  { id: 'dropped', title: 'Dropped', of: one => one.dropped || one.droppedTotal / 1e12, number: true, show: one => tally(one.dropped, one.droppedTotal) },
  { id: 'queued', title: 'Waiting', of: one => one.facts.queued, number: true, show: one => count(one.facts.queued), hint: one => bytes(one.facts.queued_bytes), wide: 2 },
  { id: 'fill', title: 'Mailbox', of: one => one.facts.mailbox.fill, number: true },
  { id: 'oldest', title: 'Oldest', of: one => one.facts.mailbox.oldest_seconds ?? 0, number: true, show: one => one.facts.mailbox.oldest_seconds ? duration(one.facts.mailbox.oldest_seconds) : '', wide: 3 },
  { id: 'restarts', title: 'Restarts', of: one => one.facts.restarts, number: true, show: one => one.facts.restarts ? count(one.facts.restarts) : '', wide: 3 },
  { id: 'note', title: 'What matters', of: one => one.noteWords, wide: 1 },
];

const tally = (now, total) => now > 0 ? rate(now) : total > 0 ? count(total) : '';

export class Table {
  #root = document.getElementById('table');
  #body = h('tbody');
  #heads = new Map();
  #rows = new Map();
  #sort = { id: null, down: false };
  #matches = () => true;
  #model = null;
  #onOpen;

  constructor(onOpen) {
    this.#onOpen = onOpen;
    const head = h('tr');
    for (const column of columns) {
      const button = h('button', { type: 'button', onclick: () => this.#sortBy(column) }, column.title);
      const cell = h('th', { scope: 'col', class: classOf(column) }, button);
      this.#heads.set(column.id, cell);
      head.append(cell);
    }
    this.#root.append(h('table', {}, h('caption', { class: 'hidden' }, 'Components'), h('thead', {}, head), this.#body));
    this.#body.addEventListener('click', event => {
      const row = event.target.closest('tr');
      if (row) this.#onOpen(row.dataset.name);
    });
    this.#body.addEventListener('keydown', event => {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
      event.preventDefault();
      const rows = [...this.#body.querySelectorAll('tr:not([hidden])')];
      const next = rows[rows.indexOf(event.target.closest('tr')) + (event.key === 'ArrowDown' ? 1 : -1)];
      next?.querySelector('button').focus();
    });
  }

  draw() {
    this.#rows.clear();
    this.#body.replaceChildren();
  }

  update(model) {
    this.#model = model;
    if (this.#root.hidden) return;
    for (const component of model.components.values()) this.#fill(this.#rows.get(component.name) ?? this.#row(component), component);
    this.#order();
  }

  show(isShown) {
    this.#root.hidden = !isShown;
    if (isShown && this.#model) this.update(this.#model);
  }

  filter(matches) {
    this.#matches = matches;
    for (const [name, row] of this.#rows) shown(row.element, matches(name));
  }

  opened(name) {
    for (const [each, row] of this.#rows) attribute(row.element, 'aria-current', each === name ? 'true' : null);
  }

  focus(name) {
    const row = this.#rows.get(name) ?? [...this.#rows.values()][0];
    row?.element.querySelector('button').focus();
  }

  #row(component) {
    const row = { cells: new Map(), element: h('tr', { 'data-name': component.name }) };
    for (const column of columns) {
      const cell = h(column.id === 'name' ? 'th' : 'td', { class: classOf(column), scope: column.id === 'name' ? 'row' : null });
      if (column.id === 'name') cell.append(h('button', { class: 'row-name', type: 'button', title: component.name }, icon(component.role), h('span', {}, h('b', {}, own(component.name)), h('small', {}, component.facts.type))));
      if (column.id === 'fill') {
        row.bar = h('span', { class: 'bar-fill' });
        row.part = h('span');
        cell.append(h('span', { class: 'cell-bar' }, h('span', { class: 'bar-track' }, row.bar), row.part));
      }
      row.cells.set(column.id, cell);
      row.element.append(cell);
    }
    this.#rows.set(component.name, row);
    this.#body.append(row.element);
    shown(row.element, this.#matches(component.name));
    return row;
  }

  #fill(row, component) {
    const [kind, words] = note(component, rate, count, duration, own);
    component.noteWords = component.holds.length > 0 ? `holds up ${component.holds.length}${words ? `; ${words}` : ''}` : words;
    for (const column of columns) {
      const cell = row.cells.get(column.id);
      if (column.show) {
        const words = column.show(component);
        text(cell, words);
        if (column.number) attribute(cell, 'data-zero', words.startsWith('0') && !words.startsWith('0.') ? '' : null);
      }
      if (column.hint) attribute(cell, 'title', column.hint(component));
    }
    text(row.cells.get('state'), component.facts.state);
    text(row.cells.get('note'), component.noteWords);
    attribute(row.element, 'data-note', kind);
    attribute(row.element, 'data-holds', component.holds.length > 0 ? '' : null);
    attribute(row.cells.get('dropped'), 'data-now', component.dropped > 0 ? '' : null);
    attribute(row.cells.get('dropped'), 'title', component.drops.map(drop => `${drop.reason}: ${count(drop.total)}`).join(', ') || null);
    attribute(row.cells.get('failed'), 'data-now', component.failed > 0 ? '' : null);
    const { fill } = component.facts.mailbox;
    styled(row.bar, 'width', `${Math.round(fill * 1000) / 10}%`);
    attribute(row.bar, 'data-fill', fullness(fill));
    text(row.part, percent(fill));
    attribute(row.part, 'data-zero', fill === 0 ? '' : null);
  }

  #sortBy(column) {
    // Numbers first from the largest; a third time is the order of the file again.
    const first = Boolean(column.number);
    this.#sort = this.#sort.id !== column.id ? { id: column.id, down: first } : this.#sort.down === first ? { id: column.id, down: !first } : { id: null, down: false };
    for (const [id, cell] of this.#heads) attribute(cell, 'aria-sort', id !== this.#sort.id ? null : this.#sort.down ? 'descending' : 'ascending');
    if (this.#model) this.#order();
  }

  #order() {
    const column = columns.find(one => one.id === this.#sort.id);
    const sorted = [...this.#model.components.values()];
    if (column) {
      const sign = this.#sort.down ? -1 : 1;
      sorted.sort((a, b) => {
        const [x, y] = [column.of(a) ?? '', column.of(b) ?? ''];
        return sign * (typeof x === 'number' ? x - y : x.localeCompare(y)) || 0;
      });
    }
    let at = this.#body.firstElementChild;
    for (const component of sorted) {
      const { element } = this.#rows.get(component.name);
      if (element === at) at = at.nextElementSibling;
      else this.#body.insertBefore(element, at);
    }
    for (const [name, row] of this.#rows) if (!this.#model.components.has(name)) { row.element.remove(); this.#rows.delete(name); }
  }
}

const classOf = column => [column.number ? 'number' : '', column.wide ? `wide${column.wide}` : '', `column-${column.id}`].join(' ').trim();
