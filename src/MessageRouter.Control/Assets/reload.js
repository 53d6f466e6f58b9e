// The configuration read again: a dialog that shows what would change, and applies that.
import { shown, text } from './format.js';
import { json, Unauthorized } from './link.js';

const at = id => document.getElementById(id);

/** Begins with the plan. */
export async function reload() {
  say('Reading the files …');
  shown(at('reload-apply'), false);
  at('reload-dialog').showModal();
  const plan = await ask({ plan: true });
  if (!plan) return;
  const stays = plan.needs_restart.length > 0 ? `\nUntil the node is started again this stays as it is: ${plan.needs_restart.join(', ')}.` : '';
  say(`${plan.changes_anything ? plan.text : 'Nothing has changed that the node can take while it runs.'}${stays}${plan.warnings ? `\n${plan.warnings}` : ''}`);
  shown(at('reload-apply'), plan.changes_anything);
  at('reload-apply').onclick = () => apply(plan);
}

async function apply(plan) {
  shown(at('reload-apply'), false);
  say('Reloading …');
  const done = await ask({ expect: plan.id });
  if (done) say(`${done.text}\nRevision ${done.revision} is in force, and everything is done, in ${done.seconds} s.`);
}

/** @returns null where it is refused, which is said. */
async function ask(request) {
  try {
    return await json('v1/reload', { method: 'POST', body: JSON.stringify(request) });
  } catch (error) {
    say('');
    shown(at('reload-problem'), true);
    text(at('reload-problem'), error instanceof Unauthorized ? 'The node asks for its token; reload the page.' : error.message);
    return null;
  }
}

function say(words) {
  shown(at('reload-problem'), false);
  shown(at('reload-plan'), words !== '');
  text(at('reload-plan'), words);
}
