// Numbers and times as they are glanced at, and the little that all modules need of the DOM.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Three digits at most: 950, 1.2k, 34M. */
export function short(number) {
  if (!number) return '0';
  const [value, unit] = number >= 999.5e6 ? [number / 1e9, 'G'] : number >= 999.5e3 ? [number / 1e6, 'M'] : number >= 999.5 ? [number / 1e3, 'k'] : [number, ''];
  const digits = value >= 99.95 || (value >= 9.95 && unit === '') ? 0 : 1;
  // After k and M the digit stays, so that numbers that change do not jump to and fro.
  const text = unit ? value.toFixed(digits) : value.toFixed(digits).replace(/\.0$/, '');
  return text === '0' ? '<0.1' : text + unit;
}

export const rate = number => `${short(number)}/s`;
export const count = number => whole.format(number ?? 0);
export const percent = part => `${part > 0 && part < 0.005 ? '<1' : Math.round(part * 100)} %`;

export function bytes(number) {
  if (number == null) return '–';
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (number >= 1024 && unit < units.length - 1) { number /= 1024; unit++; }
  return `${number >= 100 || unit === 0 ? Math.round(number) : number.toFixed(1).replace(/\.0$/, '')} ${units[unit]}`;
}

/** Two units at most: 3 d 4 h, 12 min 5 s, 4.2 s. */
export function duration(seconds) {
  if (seconds == null) return '–';
  if (seconds < 10) return `${seconds.toFixed(1).replace(/\.0$/, '')} s`;
  seconds = Math.floor(seconds);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor(seconds % 86400 / 3600)} h`;
}

export const clock = time => new Date(time).toLocaleTimeString('en-GB', { hour12: false });

/** The name within its role: `web` of `inputs.web`. */
export const own = name => name.slice(name.indexOf('.') + 1);

/** An element with properties, attributes (those with a dash, and a few more) and children. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (value == null) continue;
    if (key === 'class') element.className = value;
    else if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key in element && !key.includes('-') && key !== 'role') element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.flat().filter(child => child != null));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) if (value != null) element.setAttribute(key, value);
  element.append(...children.filter(child => child != null));
  return element;
}

// What is written was written only where it has changed: with 200 components most of it has not.
const written = new WeakMap();

function changed(element, what, value) {
  let known = written.get(element);
  if (!known) written.set(element, known = {});
  if (known[what] === value) return false;
  known[what] = value;
  return true;
}

export const text = (element, value) => { if (changed(element, 'text', value)) element.textContent = value; };
export const attribute = (element, name, value) => {
  if (!changed(element, `@${name}`, value)) return;
  if (value == null) element.removeAttribute(name); else element.setAttribute(name, value);
};
export const shown = (element, value) => { if (changed(element, 'shown', value)) element.toggleAttribute('hidden', !value); };
export const styled = (element, name, value) => { if (changed(element, `:${name}`, value)) element.style.setProperty(name, value); };

const icons = {
  input: 'M2 8h8M7 5l3 3-3 3M10 2.5h2.5a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H10',
  filter: 'M2 3h12L9.5 8.5V13l-3-1.5v-3z',
  output: 'M6 2.5H3.5a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1H6M6 8h8M11 5l3 3-3 3',
  errors: 'M8 2.2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.2',
};

export const icon = role => s('svg', { class: `icon-${role}`, viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' }, s('path', { d: icons[role] ?? icons.filter }));
