// Small plots: a line over the time before now, filled below; the value under the pointer is told.
import { duration, h, s, short } from './format.js';

const W = 300;
const H = 56;

/** A plot of ten minutes in steps; more of it comes by `show`. */
export function plot(title, kind) {
  const area = s('path', { class: 'plot-area' });
  const line = s('path', { class: 'plot-line' });
  const cross = s('line', { class: 'plot-cross', y1: 0, y2: H, x1: -1, x2: -1 });
  const value = h('span', { class: 'plot-value' });
  const most = h('span', { class: 'plot-most' });
  const nothing = `${title}: nothing known yet`;
  const picture = s('svg', { viewBox: `0 0 ${W} ${H}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': nothing }, area, line, cross);
  const element = h('figure', { class: `plot ${kind}` }, h('figcaption', {}, h('span', {}, title), value), h('div', { class: 'plot-box' }, picture, most));
  let values = [];
  let step = 10;
  let isHeld = false;

  const write = (index = values.length - 1) => {
    if (values.length === 0) value.textContent = '–';
    else value.textContent = index === values.length - 1 ? `${short(values[index])}/s` : `${short(values[index])}/s · ${duration((values.length - 1 - index) * step)} ago`;
  };
  picture.addEventListener('pointermove', event => {
    if (values.length < 2) return;
    isHeld = true;
    const part = event.offsetX / picture.clientWidth;
    const index = Math.max(0, Math.min(values.length - 1, Math.round(values.length - 1 - (1 - part) * (60))));
    const x = W - (values.length - 1 - index) * (W / 60);
    cross.setAttribute('x1', x);
    cross.setAttribute('x2', x);
    write(index);
  });
  picture.addEventListener('pointerleave', () => {
    isHeld = false;
    cross.setAttribute('x1', -1);
    cross.setAttribute('x2', -1);
    write();
  });

  return {
    element,
    show(next, seconds = 10) {
      values = next;
      step = seconds;
      const top = Math.max(...values, 0);
      element.toggleAttribute('data-empty', top === 0);
      most.textContent = top > 0 ? `${short(top)}/s` : '';
      picture.setAttribute('aria-label', values.length === 0 ? nothing : `${title} over ${duration(values.length * step)}: now ${short(values.at(-1))} a second, at most ${short(top)}`);
      const points = trace(values, top, W, H, 60);
      line.setAttribute('d', points ? `M${points}` : '');
      area.setAttribute('d', points ? `M${points}L${W},${H}L${W - (values.length - 1) * (W / 60)},${H}Z` : '');
      if (!isHeld) write();
    },
  };
}

/** Values as points of a picture, the newest at its right. */
export function trace(values, top, width, height, steps) {
  if (values.length < 2) return '';
  return values.map((value, i) => `${(width - (values.length - 1 - i) * (width / steps)).toFixed(1)},${(height - 2 - (top > 0 ? value / top : 0) * (height - 6)).toFixed(1)}`).join('L');
}
