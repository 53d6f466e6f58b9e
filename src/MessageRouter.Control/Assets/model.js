// What a status means: who drops what, who holds whom up, what the whole node does.

const sum = (items, of) => items.reduce((total, item) => total + of(item), 0);

export const ERRORS = 'errors';

/** A status with what can be told from it. Rates are those over a window: `1s`, `10s` or `60s`. */
export function read(status, window) {
  const components = new Map();
  for (const facts of status.components) {
    const drops = Object.entries(facts.dropped)
      .map(([reason, total]) => ({ reason, total, rate: facts.dropped_rate[reason]?.[window] ?? 0, second: facts.dropped_rate[reason]?.['10s'] ?? 0 }))
      .filter(drop => drop.total > 0)
      .sort((a, b) => b.rate - a.rate || b.total - a.total);
    components.set(facts.name, {
      name: facts.name,
      role: facts.name === ERRORS ? ERRORS : facts.role,
      facts,
      drops,
      in: facts.in_rate[window],
      out: facts.out_rate[window],
      failed: facts.failed_rate[window],
      dropped: sum(drops, drop => drop.rate),
      droppedTotal: sum(drops, drop => drop.total),
      holds: [],
    });
  }

  const edges = new Map();
  for (const edge of status.edges) {
    if (edge.to === ERRORS) continue;
    edges.set(`${edge.from} ${edge.to}`, { facts: edge, rate: edge.rate[window], dropped: edge.dropped_rate[window], reasons: Object.keys(edge.dropped), isHeld: false });
  }

  for (const component of components.values()) {
    const waits = component.facts.waiting_for;
    if (!waits || waits.component === component.name) continue;
    components.get(waits.component)?.holds.push(component.name);
    let from = component.name;
    for (const to of waits.path) {
      const edge = edges.get(`${from} ${to}`);
      if (edge) edge.isHeld = true;
      from = to;
    }
  }

  const all = [...components.values()];
  return {
    status,
    components,
    edges,
    totals: {
      in: sum(all.filter(one => one.role === 'input'), one => one.in),
      out: sum(all.filter(one => one.role === 'output'), one => one.out),
      dropped: sum(all, one => one.dropped),
      failed: sum(all, one => one.failed),
      queued: sum(all, one => one.facts.queued),
      droppedTotal: sum(all, one => one.droppedTotal),
      failedTotal: sum(all, one => one.facts.failed),
    },
  };
}

/** What matters most of a component, in a few words: [kind, words]. */
export function note(component, rate, count, duration, own) {
  const { facts, drops } = component;
  const waits = facts.waiting_for;
  const now = drops.filter(drop => drop.rate > 0);
  if (facts.retired) return ['past', `retired in revision ${facts.retired}`];
  if (facts.state === 'stopped') return ['lost', 'stopped by its supervision'];
  if (now.length > 0) return ['lost', `${rate(component.dropped)} ${now[0].reason}${now.length > 1 ? ` +${now.length - 1}` : ''}`];
  if (facts.state === 'set-aside') return ['lost', 'set aside: keeps failing'];
  if (facts.state === 'backing-off') return ['held', facts.backing_off_seconds != null ? `restarts in ${duration(facts.backing_off_seconds)}` : 'backing off'];
  if (component.failed > 0) return ['lost', `${rate(component.failed)} fail`];
  if (waits && waits.component !== component.name) return ['held', `waits for ${own(waits.component)}`];
  if (waits) return ['held', waits.why];
  if (facts.state === 'blocked' || facts.state === 'paused') return ['held', facts.state];
  if (facts.busy_seconds > 2) return ['held', `busy for ${duration(facts.busy_seconds)}`];
  if (component.droppedTotal > 0) return ['past', `${count(component.droppedTotal)} ${drops.length === 1 ? drops[0].reason : 'dropped'}`];
  if (facts.failed > 0) return ['past', `${count(facts.failed)} failed`];
  return ['', facts.state === 'running' ? '' : facts.state];
}

/** A mailbox as a part of one, and how alarming that is. */
export const fullness = fill => fill >= 0.9 ? 'full' : fill >= 0.6 ? 'high' : null;
