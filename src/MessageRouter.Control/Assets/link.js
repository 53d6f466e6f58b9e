// The link to the node: calls with its token, and the stream of its status, which comes back by itself.

const base = new URL('..', import.meta.url);
const KEY = 'message-router-token';
const MOST = 32 << 20;

export class Unauthorized extends Error {}

export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export const token = {
  get: () => sessionStorage.getItem(KEY),
  set: value => sessionStorage.setItem(KEY, value),
  clear: () => sessionStorage.removeItem(KEY),
};

/** Calls the API; what is refused is thrown. */
export async function call(path, options = {}) {
  const headers = token.get() ? { Authorization: `Bearer ${token.get()}` } : {};
  const response = await fetch(new URL(path, base), { cache: 'no-store', credentials: 'same-origin', ...options, headers });
  if (response.status === 401) throw new Unauthorized();
  if (response.ok) return response;
  let detail = `${response.status} ${response.statusText}`;
  try { detail = (await response.json()).detail ?? detail; } catch { /* It says no more. */ }
  throw new Problem(response.status, detail);
}

export const json = async (path, options) => (await call(path, options)).json();

/** Server-sent events of a path, until it ends. */
export async function* events(path, signal, onOpen) {
  const response = await call(path, { signal });
  onOpen?.();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let name = 'message';
  let data = [];
  try {
    while (true) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += value;
      if (rest.length > MOST) throw new Error('more than a page can keep came without an end');
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop();
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield { name, data: JSON.parse(data.join('\n')) };
          name = 'message';
          data = [];
        } else if (line.startsWith('data:')) data.push(line.slice(5).trimStart());
        else if (line.startsWith('event:')) name = line.slice(6).trim();
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Follows the status as long as somebody looks: a hidden page reads nothing, and a node that is away is asked again. */
export class Follower {
  #handlers;
  #abort = null;
  #isStopped = false;
  #wait = 500;

  constructor(handlers) {
    this.#handlers = handlers;
    document.addEventListener('visibilitychange', () => document.hidden ? this.#abort?.abort() : this.start());
  }

  async start() {
    if (this.#abort && !this.#abort.signal.aborted || document.hidden || this.#isStopped) return;
    const abort = this.#abort = new AbortController();
    let watch;
    // Statuses come each second: a link over which none does is dead, whatever the system thinks of it.
    const alive = () => { clearTimeout(watch); watch = setTimeout(() => abort.abort(), 6000); };
    try {
      alive();
      for await (const { name, data } of events('v1/status/stream', abort.signal)) {
        if (abort.signal.aborted) break;
        alive();
        if (name !== 'status') continue;
        this.#wait = 500;
        this.#handlers.status(data);
      }
    } catch (error) {
      if (error instanceof Unauthorized) {
        clearTimeout(watch);
        abort.abort();
        this.#handlers.unauthorized();
        return;
      }
    }
    clearTimeout(watch);
    if (this.#abort !== abort) return;
    abort.abort();
    if (document.hidden) return this.#handlers.paused();
    this.#handlers.lost(this.#wait);
    setTimeout(() => this.start(), this.#wait);
    this.#wait = Math.min(4000, this.#wait * 1.6);
  }

  stop() {
    this.#isStopped = true;
    this.#abort?.abort();
  }
}
