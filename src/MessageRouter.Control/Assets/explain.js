// What becomes of a message from a component on: a field for it, and the steps as a tree.
import { h, shown, text } from './format.js';
import { json, Unauthorized } from './link.js';

export class Explain {
  element = h('div', { class: 'explain' });
  #name;
  #open;
  #message = h('textarea', { rows: 3, spellcheck: false, autocomplete: 'off', placeholder: '{"level":"error"}' });
  #button = h('button', { type: 'submit', class: 'primary' }, 'Explain');
  #problem = h('pre', { class: 'problem', role: 'alert', hidden: true });
  #said = h('p', { class: 'facts', role: 'status' }, 'Follows a message from here on. Nothing is sent: it is tried beside the node.');
  #steps = h('ul', { class: 'steps', 'aria-label': 'Steps' });

  /** @param name of the component. @param open shows another one. */
  constructor(name, open) {
    this.#name = name;
    this.#open = open;
    this.element.append(
      h('form', { class: 'explain-form', onsubmit: event => { event.preventDefault(); this.#ask(); } }, h('label', {}, h('span', {}, 'A message'), this.#message), this.#button),
      this.#problem, this.#said, this.#steps);
  }

  async #ask() {
    shown(this.#problem, false);
    this.#button.disabled = true;
    text(this.#said, 'Trying …');
    try {
      const explanation = await json(`v1/explain?${new URLSearchParams({ component: this.#name })}`, { method: 'POST', body: this.#message.value });
      this.#steps.replaceChildren(this.#step(explanation.step));
      text(this.#said, `Ends: ${explanation.ends.join('; ')}.${explanation.cut ? ' There are more steps than are shown.' : ''}`);
    } catch (error) {
      this.#steps.replaceChildren();
      text(this.#said, '');
      shown(this.#problem, true);
      text(this.#problem, error instanceof Unauthorized ? 'The node asks for its token; reload the page.' : error.message);
    }
    this.#button.disabled = false;
  }

  #step(step) {
    const passed = step.passed ?? [];
    return h('li', { class: `step ${step.outcome}` },
      h('p', {}, h('button', { class: 'link', type: 'button', onclick: () => this.#open(step.component) }, step.component), ` ${step.text}  `, h('span', { class: 'facts' }, milliseconds(step.seconds))),
      (step.reasons ?? []).map(reason => h('p', { class: 'facts' }, `because ${reason.text}`, reason.place ? [h('br'), h('code', {}, `${reason.place}: ${reason.line}`)] : null)),
      step.error ? h('p', { class: 'why' }, `${step.error.output} is told: ${step.error.problem}`) : null,
      h('p', { class: 'facts' }, step.mailbox.text),
      passed.map(one => [passed.length > 1 && one.message ? h('pre', { class: 'payload', tabIndex: 0 }, one.message.text ?? one.message.base64) : changes(one.changes ?? [])]),
      passed.some(one => one.to?.length) ? h('ul', { class: 'steps' }, passed.flatMap(one => one.to ?? []).map(next => this.#step(next))) : null);
  }
}

/** Before and after; each line says which, also to those who see no colours. */
function changes(all) {
  if (all.length === 0) return null;
  const line = (sign, path, value) => value == null ? null : h(sign === '−' ? 'del' : 'ins', {}, `${sign} ${path ? `${path}: ` : ''}${value}\n`);
  return h('pre', { class: 'payload changes', tabIndex: 0 }, all.flatMap(change => [line('−', change.path, change.before), line('+', change.path, change.after)]));
}

const milliseconds = seconds => `${(seconds * 1000).toFixed(seconds < 0.01 ? 2 : 0)} ms`;
