// A live look at messages: a bounded list of the newest, and how many were left out.
import { attribute, bytes, clock, count, h, shown, text } from './format.js';
import { events, Unauthorized } from './link.js';

/** Messages that are kept: a tap may stand open for hours. */
const KEPT = 200;
const LONGEST = 4000;
const sides = [['in', 'In'], ['out', 'Out'], ['dropped', 'Dropped'], ['failed', 'Failed']];

export class Tap {
  element = h('div', { class: 'tap' });
  #name;
  #abort = null;
  #waiting = [];
  #seen = 0;
  #leftOut = 0;
  #frame = 0;
  #boxes = new Map();
  #where = h('input', { type: 'text', placeholder: 'level=error or C#', spellcheck: false, autocomplete: 'off' });
  #button = h('button', { type: 'submit', class: 'primary' }, 'Start');
  #tally = h('p', { class: 'facts', role: 'status' });
  #problem = h('pre', { class: 'problem', role: 'alert', hidden: true });
  #list = h('ol', { class: 'messages', 'aria-label': 'Messages, newest first' });

  constructor(name, wanted) {
    this.#name = name;
    const group = h('fieldset', { class: 'sides' }, h('legend', { class: 'hidden' }, 'Sides'));
    for (const [side, title] of sides) {
      const box = h('input', { type: 'checkbox', checked: wanted.includes(side), onchange: () => { if (this.#abort) this.#start(); } });
      this.#boxes.set(side, box);
      group.append(h('label', { class: `side ${side}` }, box, title));
    }
    this.element.append(
      h('form', { class: 'tap-form', onsubmit: event => { event.preventDefault(); if (this.#abort) this.stop(); else this.#start(); } },
        group, h('label', { class: 'where' }, h('span', {}, 'Where'), this.#where), this.#button),
      this.#problem, this.#tally, this.#list);
    this.#say();
  }

  /** Ends the tap; what it has shown stays. */
  stop(why) {
    this.#abort?.abort();
    this.#abort = null;
    text(this.#button, 'Start');
    attribute(this.#button, 'data-on', null);
    this.#say(why);
  }

  async #start() {
    this.#abort?.abort();
    const chosen = [...this.#boxes].filter(([, box]) => box.checked).map(([side]) => side);
    if (chosen.length === 0) return this.stop('Choose a side.');
    const abort = this.#abort = new AbortController();
    const query = new URLSearchParams({ component: this.#name });
    for (const side of chosen) query.append('side', side);
    if (this.#where.value.trim()) query.set('where', this.#where.value.trim());
    shown(this.#problem, false);
    text(this.#button, 'Stop');
    attribute(this.#button, 'data-on', '');
    this.#say();
    let why = 'The node has ended it.';
    try {
      for await (const { name, data } of events(`v1/tap?${query}`, abort.signal)) {
        if (abort.signal.aborted) return;
        if (name === 'message') this.#take(data);
        else if (name === 'left-out') this.#leftOut += data.count;
        else if (name === 'where-failed') this.#threw(data);
        else if (name === 'end') why = data.reason;
      }
    } catch (error) {
      if (abort.signal.aborted) return;
      why = error instanceof Unauthorized ? 'The node asks for its token; reload the page.' : 'It could not be started.';
      if (error.status) {
        shown(this.#problem, true);
        text(this.#problem, error.message);
      }
    }
    if (this.#abort === abort) this.stop(why);
  }

  #threw(failed) {
    shown(this.#problem, true);
    text(this.#problem, `The condition threw on ${count(failed.count)} messages: ${failed.problem}`);
  }

  #take(message) {
    this.#seen++;
    this.#waiting.push(message);
    if (this.#waiting.length > KEPT) this.#waiting.shift();
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      const items = this.#waiting.reverse().map(item);
      this.#waiting = [];
      this.#list.prepend(...items);
      while (this.#list.childElementCount > KEPT) this.#list.lastElementChild.remove();
      this.#say();
    });
  }

  #say(why) {
    const left = this.#leftOut > 0 ? `, ${count(this.#leftOut)} left out` : '';
    text(this.#tally, why ?? (this.#seen > 0 ? `${count(this.#seen)} shown${left}` : this.#abort ? 'Waiting for messages …' : 'Shows messages as they pass. It takes samples, so that it never slows the node.'));
  }
}

function item(message) {
  return h('li', { class: message.side },
    h('div', { class: 'message-head' },
      h('span', { class: 'tag' }, message.side), h('time', {}, clock(message.time)),
      message.peer ? h('span', { class: 'peer' }, message.peer) : null,
      message.why ? h('span', { class: 'why' }, message.why) : null,
      h('span', { class: 'size' }, bytes(message.length))),
    payload(message.payload, message.payload_base64, message.cut));
}

/** A payload as text, laid out where it is JSON and short. */
export function payload(plain, base64, isCut) {
  let shownText = plain ?? (base64 ? `base64: ${base64}` : '');
  if (plain && plain.length < LONGEST && !isCut) {
    try { shownText = layOut(JSON.parse(plain)); } catch { /* It is no JSON. */ }
  }
  if (shownText.length > LONGEST) [shownText, isCut] = [shownText.slice(0, LONGEST), true];
  return h('pre', { class: 'payload', tabIndex: 0 }, shownText + (isCut ? ' …' : ''));
}

/** One line as long as that can be read, with room in it. */
function layOut(value) {
  const line = JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
  return line.length <= 96 ? line : JSON.stringify(value, null, 2);
}
