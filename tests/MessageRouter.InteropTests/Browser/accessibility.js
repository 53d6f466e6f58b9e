// What somebody needs who does not see the page, or not well: a list of what is missing, in words.
(() => {
  const problems = [];
  const say = (element, problem) => problems.push(`${problem}: ${element.outerHTML.slice(0, 140)}`);
  const isShown = element => element.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true }) && !element.closest('[aria-hidden="true"]');
  const all = selector => [...document.querySelectorAll(selector)].filter(isShown);

  if (!document.documentElement.lang) problems.push('The page has no language');
  if (!document.title) problems.push('The page has no title');
  if (all('main').length !== 1) problems.push('There is not one main part');
  if (all('h1').length !== 1) problems.push('There is not one heading of the first level');

  const ids = new Map();
  for (const element of document.querySelectorAll('[id]')) ids.set(element.id, (ids.get(element.id) ?? 0) + 1);
  for (const [id, count] of ids) if (count > 1) problems.push(`The id ${id} is there ${count} times`);
  for (const name of ['aria-controls', 'aria-labelledby', 'for']) {
    for (const element of document.querySelectorAll(`[${name}]`)) if (!ids.has(element.getAttribute(name))) say(element, `${name} names nothing`);
  }

  const nameOf = element => (element.getAttribute('aria-label') ?? document.getElementById(element.getAttribute('aria-labelledby') ?? '')?.textContent ?? element.labels?.[0]?.textContent ?? (element.matches('input') ? '' : element.textContent)).trim();
  for (const element of all('button, a[href], input, [role="tab"], [role="tabpanel"], [role="group"], dialog, aside, nav, section')) if (!nameOf(element)) say(element, 'Has no name');
  for (const element of all('svg:not([aria-hidden])')) if (element.getAttribute('role') !== 'img' || !element.getAttribute('aria-label')) say(element, 'A picture without words');
  for (const element of all('[tabindex]')) if (element.tabIndex > 0) say(element, 'Changes the order of tabbing');
  for (const table of all('table')) {
    if (table.querySelectorAll('th[scope]').length === 0) say(table, 'Has no headings');
  }
  for (const element of all('[role="tab"]')) if (!element.closest('[role="tablist"]')) say(element, 'A tab without a list of tabs');
  for (const element of all('button button, a button, button a')) say(element, 'Stands in another control');
  for (const element of all('button, input')) {
    const box = element.getBoundingClientRect();
    if (box.width > 0 && !element.closest('#nodes') && !element.matches('input[type=checkbox], .link, .skip') && Math.min(box.width, box.height) < 20) say(element, `Is hard to hit, ${Math.round(box.width)} × ${Math.round(box.height)}`);
  }

  // Contrast, by WCAG 2: text against what lies below it.
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const parsed = new Map();
  const parse = color => {
    if (!parsed.has(color)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      parsed.set(color, [r, g, b, a / 255]);
    }
    return parsed.get(color);
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const light = ([r, g, b]) => [r, g, b].map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4).reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color[3] > 0) layers.push(color);
      if (color[3] === 1) break;
    }
    return layers.reduceRight((below, color) => over(color, below), parse(getComputedStyle(document.documentElement).backgroundColor));
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || seen.has(element) || !isShown(element) || element.closest('.hidden, .skip, script, style, noscript, .dim, option')) continue;
    seen.add(element);
    const style = getComputedStyle(element);
    const below = element.closest('svg') ? parse(style.stroke) : ground(element);
    const color = over(parse(element.closest('svg') ? style.fill : style.color), below);
    const [a, b] = [light(color), light(below)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if (ratio < least) say(element, `Contrast of ${ratio.toFixed(2)}, at least ${least}`);
  }
  return problems;
})()
