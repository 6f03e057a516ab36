// What is wrong with the page that is shown, by measuring where the ink of each letter lies; and where letters are,
// for those who look at its picture. Evaluated in the page: {faults: [[kind, words]], letters: […]}.
(() => {
  'use strict';
  const faults = new Map();  // by what is said: once each
  const fault = (kind, words) => faults.set(`${kind} ${words}`, [kind, words]);
  const root = document.documentElement;
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});

  // ---- what is seen: letters with the box of their ink, in pixels of the window
  const fontOf = style => `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const measured = new Map();
  function measure(letter, font) {
    const key = font + letter;
    if (!measured.has(key)) {
      canvas.font = font;
      measured.set(key, canvas.measureText(letter));
    }
    return measured.get(key);
  }
  // KaTeX keeps a copy of each formula for screen readers, in a box of one pixel.
  const isShown = element => !element.closest('.katex-mathml, script, style, title') && element.checkVisibility();

  function* textNodes() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.data.trim() && isShown(node.parentElement)) yield node;
    }
  }

  const letters = [];
  const segments = new Intl.Segmenter('en', {granularity: 'grapheme'});
  for (const node of textNodes()) {
    const style = getComputedStyle(node.parentElement), font = fontOf(style), range = document.createRange();
    const color = node.parentElement.closest('svg') ? style.fill : style.color;
    for (const {segment, index} of segments.segment(node.data)) {
      if (/^[\p{Z}\p{Cc}\p{Cf}]*$/u.test(segment)) continue;
      range.setStart(node, index);
      range.setEnd(node, index + segment.length);
      const rect = range.getClientRects()[0], m = measure(segment, font);
      if (!rect || !rect.height) continue;
      const height = m.fontBoundingBoxAscent + m.fontBoundingBoxDescent;
      const baseline = rect.top + m.fontBoundingBoxAscent * rect.height / height;
      letters.push({
        letter: segment, node, font, color, origin: rect.left, baseline,
        left: rect.left - m.actualBoundingBoxLeft, right: rect.left + m.actualBoundingBoxRight,
        top: baseline - m.actualBoundingBoxAscent, bottom: baseline + m.actualBoundingBoxDescent});
    }
  }
  const around = letter => {
    const places = '[data-latex], pre, h1, h2, td, g, p, footer, .rule, .number, section';
    const place = letter.node.parentElement.closest(places) ?? document.body;
    return `'${letter.letter}' in '${(place.dataset?.latex ?? place.textContent).trim().slice(0, 60)}'`;
  };

  // ---- clipped: outside of a box that does not scroll there, or of the page
  const clips = new Map();
  function clipsOf(element) {
    if (!element || element === document.body || element === root) return [];
    if (!clips.has(element)) {
      const style = getComputedStyle(element), outer = clipsOf(element.parentElement);
      const is = style.overflowX !== 'visible' || style.overflowY !== 'visible';
      clips.set(element, is ? [...outer, {element, x: style.overflowX, y: style.overflowY}] : outer);
    }
    return clips.get(element);
  }
  const scrolls = overflow => overflow === 'auto' || overflow === 'scroll';
  function reach(element, overflow, axis) {
    const box = element.getBoundingClientRect();
    const [from, to] = axis === 'x' ? [box.left, box.right] : [box.top, box.bottom];
    if (overflow === 'visible') return [-Infinity, Infinity];
    if (!scrolls(overflow)) return [from, to];
    const [at, all] =
      axis === 'x' ? [element.scrollLeft, element.scrollWidth] : [element.scrollTop, element.scrollHeight];
    return [from - at, from - at + all];
  }
  for (const letter of letters) {
    let seen = {left: 0, right: root.clientWidth, top: -Infinity, bottom: Infinity};
    for (const {element, x, y} of clipsOf(letter.node.parentElement)) {
      const [left, right] = reach(element, x, 'x'), [top, bottom] = reach(element, y, 'y');
      if (letter.left < left - 1 || letter.right > right + 1) fault('clipped', `${around(letter)}, at a side`);
      if (letter.top < top - 1 || letter.bottom > bottom + 1) fault('clipped', `${around(letter)}, above or below`);
      if (scrolls(x)) letter.scroller = element;
      const box = element.getBoundingClientRect();
      seen = {left: Math.max(seen.left, box.left), right: Math.min(seen.right, box.right),
              top: Math.max(seen.top, box.top), bottom: Math.min(seen.bottom, box.bottom)};
    }
    if (letter.left < -1 || (!letter.scroller && letter.right > root.clientWidth + 1))
      fault('clipped', `${around(letter)}, by the page`);
    if (letter.node.parentElement.matches('mo[stretchy="true"]')) continue;  // painted larger than it is measured
    letter.isSeen = letter.left >= seen.left && letter.right <= seen.right &&
                    letter.top >= seen.top && letter.bottom <= seen.bottom;
  }
  if (root.scrollWidth > root.clientWidth)
    fault('clipped', `the page is ${root.scrollWidth} wide, the screen ${root.clientWidth}`);
  for (const drawing of document.querySelectorAll('svg.graph')) {
    const frame = drawing.getBoundingClientRect();
    for (const shape of drawing.querySelectorAll('path, rect')) {
      const box = shape.getBoundingClientRect();
      if (box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom)
        fault('clipped', `a line of the graph: ${shape.outerHTML.slice(0, 80)}`);
    }
    for (const group of drawing.querySelectorAll('g')) {
      const frame = group.querySelector('rect').getBoundingClientRect();
      for (const letter of letters)
        if (group.contains(letter.node) && (letter.left < frame.left + 2 || letter.right > frame.right - 2 ||
                                            letter.top < frame.top + 2 || letter.bottom > frame.bottom - 2))
          fault('clipped', `${around(letter)}, by the box of its node`);
    }
  }

  // ---- overlaps: ink on ink, or on the line of a fraction
  const cells = new Map(), size = 48;
  function* near(box) {
    for (let x = Math.floor(box.left / size); x <= Math.floor(box.right / size); ++x)
      for (let y = Math.floor(box.top / size); y <= Math.floor(box.bottom / size); ++y) {
        const key = `${x},${y}`;
        if (!cells.has(key)) cells.set(key, []);
        yield cells.get(key);
      }
  }
  const apart = (a, b, by) =>
    a.left >= b.right - by || b.left >= a.right - by || a.top >= b.bottom - by || b.top >= a.bottom - by;
  // A letter that leans reaches over its subscript, and its box into the next one's: paint decides.
  const square = 96;
  function paint(letter, left, top) {
    canvas.canvas.width = canvas.canvas.height = square;
    canvas.font = letter.font;
    canvas.fillText(letter.letter, letter.origin - left + 8, letter.baseline - top + 8);
    return canvas.getImageData(0, 0, square, square).data;
  }
  function collide(a, b) {
    if (apart(a, b, 1)) return false;
    const left = Math.max(a.left, b.left), top = Math.max(a.top, b.top);
    const first = paint(a, left, top), second = paint(b, left, top);
    let shared = 0;
    for (let at = 3; at < first.length; at += 4) shared += first[at] > 100 && second[at] > 100;
    return shared > 3;
  }
  const mayBeSeenWith = (a, b) => a.scroller === b.scroller || (a.isSeen && b.isSeen);
  const mayMeet = letter => letter.node.parentElement.closest('.rlap, .llap');  // ≠ is a stroke laid over =
  for (const letter of letters) {
    if (mayMeet(letter)) continue;
    for (const cell of near(letter)) {
      for (const other of cell)
        if (other.node !== letter.node && mayBeSeenWith(letter, other) && collide(letter, other))
          fault('overlap', `${around(letter)} lies over '${other.letter}'`);
      cell.push(letter);
    }
  }
  for (const line of document.querySelectorAll('.frac-line')) {
    const {left, right, top, bottom} = line.getBoundingClientRect(), middle = (top + bottom) / 2;
    for (const cell of near({left, right, top, bottom}))
      for (const letter of cell)
        if (!apart(letter, {left, right, top: middle, bottom: middle}, 1.5))
          fault('overlap', `the line of a fraction goes through ${around(letter)}`);
  }

  // ---- letters for which there is no glyph look like one that no font has
  const looks = new Map();
  function look(letter, font) {
    const key = font + letter;
    if (!looks.has(key)) {
      canvas.canvas.width = canvas.canvas.height = 64;
      canvas.font = font;
      canvas.fillText(letter, 8, 44);
      looks.set(key, canvas.getImageData(0, 0, 64, 64).data.join());
    }
    return looks.get(key);
  }
  const probes = new Set();  // one element for each letter of each font
  for (const letter of letters) {
    if (probes.has(letter.font + letter.letter)) continue;
    probes.add(letter.font + letter.letter);
    if (look(letter.letter, letter.font) === look('\u{10FFFC}', letter.font))
      fault('glyph', `none for ${around(letter)}`);
    if (letter.node.parentElement.closest('.katex-html')) letter.node.parentElement.dataset.probe = letter.letter;
  }

  return {
    faults: [...faults.values()],
    letters: letters.filter(letter => letter.isSeen).map(letter => ({
      left: letter.left, right: letter.right, top: letter.top + scrollY, bottom: letter.bottom + scrollY, color: letter.color,
      words: around(letter)}))};
})()
