// What a cluster's report means: who is there, who is away and since when, what each counts, and what each link has lost.

const sum = (items, of) => items.reduce((total, item) => total + of(item), 0);

/** For how many seconds a node is shown that has left by itself, and one that the others have given up. */
const LEFT_IS_SHOWN = 60;
const GONE_IS_SHOWN = 3600;

const none = { in: 0, out: 0, dropped: 0, failed: 0, queued: 0, droppedTotal: 0, failedTotal: 0 };

/** What a node counts; rates over a window. */
export function totalsOf(status, window) {
  if (!status) return none;
  const { components } = status;
  const role = name => components.filter(one => one.role === name && one.name !== 'errors');
  return {
    in: sum(role('input'), one => one.in_rate[window]), out: sum(role('output'), one => one.out_rate[window]),
    dropped: sum(components, one => sum(Object.values(one.dropped_rate), rates => rates[window])), failed: sum(components, one => one.failed_rate[window]),
    queued: sum(components, one => one.queued), droppedTotal: sum(components, one => sum(Object.values(one.dropped), number => number)), failedTotal: sum(components, one => one.failed),
  };
}

/** What nodes count together. */
export function all(nodes, window) {
  const each = nodes.map(node => totalsOf(node.status, window));
  return Object.fromEntries(Object.keys(none).map(what => [what, sum(each, totals => totals[what])]));
}

/** The links of all nodes that answer. */
export const linksOf = report => report.nodes.flatMap(({ member, status }) => (status?.components ?? []).filter(one => one.role === 'output' && one.stream).flatMap(one => (one.workers ?? []).map(worker => ({
  key: `${member.node} ${one.name} ${worker.name}`, from: `${member.node} ${one.name}`, to: worker.name, stream: one.stream, state: worker.state, rate: worker.rate, given: worker.in, delivered: worker.out, queued: worker.queued,
  redelivered: worker.redelivered, unknown: worker.unknown ?? 0, missed: worker.missed ?? 0, lost: (worker.unknown ?? 0) + (worker.missed ?? 0), error: worker.last_error,
}))));

/** Names, with how often where that is more than once, and how much they weigh where that is not what the number says. */
export function namesOf(nodes, weights = {}) {
  const times = new Map();
  for (const node of nodes.toSorted()) times.set(node, (times.get(node) ?? 0) + 1);
  return [...times].map(([node, often]) => `${node}${often === 1 ? '' : ` ×${often}`}${(weights[node] ?? often) === often ? '' : ` (weight ${weights[node]})`}`).join(', ') || 'nobody';
}

/** Remembers who was there: a node that does not answer is away, with what it said last; its return is told. */
export class Memory {
  #nodes = new Map();

  /** @returns {string[]} What is new. */
  take(report, now) {
    const news = [];
    const names = new Set();
    // One that was started again may be there beside its former run, which does not answer.
    for (const { member, status } of report.nodes.toSorted((a, b) => Boolean(a.status) - Boolean(b.status))) {
      const name = member.node || member.address;
      names.add(name);
      const before = this.#nodes.get(name);
      if (status) {
        if (before && !before.isThere) news.push(`Node ${name} answers again`);
        this.#nodes.set(name, { name, member, status, isThere: true, state: status.state });
      } else {
        if (before?.isThere) news.push(`Node ${name} does not answer`);
        this.#nodes.set(name, { name, member, status: before?.status, isThere: false, state: 'away', awaySince: before?.awaySince ?? now });
      }
    }
    for (const [name, node] of this.#nodes) {
      if (names.has(name)) continue;
      const awaySince = node.awaySince ?? now;
      const hasLeft = node.state === 'left' || (node.state !== 'gone' && (['leaving', 'exiting'].includes(node.member.state) || ['draining', 'stopped'].includes(node.status?.state)));
      // Before it had told its name it was known by its address.
      const hasName = name !== node.member.address;
      if (node.isThere && hasName) news.push(`Node ${name} ${hasLeft ? 'has left' : 'is gone'}`);
      if (!hasName || now - awaySince > (hasLeft ? LEFT_IS_SHOWN : GONE_IS_SHOWN)) this.#nodes.delete(name);
      else this.#nodes.set(name, { ...node, isThere: false, state: hasLeft ? 'left' : 'gone', awaySince });
    }
    return news;
  }

  nodes = () => [...this.#nodes.values()].sort((a, b) => a.name.localeCompare(b.name));
}
