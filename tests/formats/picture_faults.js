// What is wrong with a page as it was painted. Evaluated in an empty page; `picture` is a PNG of the page's piece from
// `top` on, `letters` what page_faults.js found.
(async (picture, top, letters) => {
  'use strict';
  const faults = [];
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
  const {width, height} = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext('2d');
  canvas.drawImage(bitmap, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);

  // Contrast as in WCAG 2.1: 1 is none, 21 black on white.
  const linear = byte => byte <= 10 ? byte / 3294.6 : ((byte / 255 + 0.055) / 1.055) ** 2.4;
  const lightness = c => 0.2126 * linear(c & 255) + 0.7152 * linear(c >> 8 & 255) + 0.0722 * linear(c >> 16 & 255);
  const known = new Map();
  function contrast(a, b) {
    for (const c of [a, b]) if (!known.has(c)) known.set(c, lightness(c));
    const [x, y] = [known.get(a), known.get(b)];
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
  }

  for (const letter of letters) {
    const left = Math.max(Math.floor(letter.left), 0), right = Math.min(Math.ceil(letter.right), width);
    const from = Math.floor(letter.top) - top, to = Math.ceil(letter.bottom) - top;
    if (from < 2 || to > height - 2) continue;
    const counts = new Map();
    for (let y = from - 2; y < to + 2; ++y)
      for (let x = Math.max(left - 2, 0); x < Math.min(right + 2, width); ++x) {
        const pixel = pixels[y * width + x];
        counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
      }
    const paper = [...counts].reduce((a, b) => a[1] >= b[1] ? a : b)[0];
    let ink = 1;
    for (let y = from; y < to; ++y)
      for (let x = left; x < right; ++x) ink = Math.max(ink, contrast(pixels[y * width + x], paper));
    const [r, g, b] = letter.color.match(/[\d.]+/g).map(Number);
    const wanted = contrast((255 << 24 | b << 16 | g << 8 | r) >>> 0, paper);
    if (ink < 1.5) faults.push(['contrast', `nothing is seen of ${letter.words}`]);
    else if (wanted < 4.5) faults.push(['contrast', `${wanted.toFixed(1)} only: ${letter.words}`]);
  }

  // At its edges a page is empty.
  for (let y = 0; y < height; ++y)
    for (const x of [0, 1, 2, 3, width - 4, width - 3, width - 2, width - 1])
      if (pixels[y * width + x] !== pixels[0]) return [...faults, ['edge', `something at (${x}, ${y + top})`]];
  return faults;
})
