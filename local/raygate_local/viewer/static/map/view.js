/* What of the map is on the screen: {k, x, y}, its scale and where its corner is. A box is {width, height}. */

const [NEAREST, FARTHEST, LARGEST_FIT] = [2.5, 0.06, 1.15];
const READABLE = 0.6; /* smaller, words are for good eyes only */
const MARGIN = 28;
const EDGE = 70; /* nearer to the border a node is not wholly there */

/** All of it. */
export function fitting({ width, height }, box) {
  const k = Math.max(FARTHEST, Math.min(LARGEST_FIT, (box.width - 2 * MARGIN) / Math.max(1, width), (box.height - 2 * MARGIN) / Math.max(1, height)));
  return { k, x: (box.width - width * k) / 2, y: (box.height - height * k) / 2 };
}

/** To begin with: all of it, or where that would be too small to be read, what is around the place. */
export function beginning(layout, box, place) {
  const all = fitting(layout, box);
  return all.k >= READABLE || !place ? all : around(layout, box, place, READABLE);
}

/** When the box has another form: all of it as before, or where it was, with the place still to be seen. */
export function resized(view, layout, box, place) {
  const all = fitting(layout, box);
  return all.k >= READABLE || !place ? all : showing(view, layout, box, place);
}

/** The place in the middle and large enough to be read, but no empty border wider than it has to be. */
export function around(layout, box, [x, y], k) {
  const scale = Math.max(k, READABLE);
  return { k: scale, x: inside(box.width / 2 - x * scale, layout.width * scale, box.width), y: inside(box.height / 2 - y * scale, layout.height * scale, box.height) };
}

/** As it is where the place can be seen; else around it. */
export function showing(view, layout, box, [x, y]) {
  const [left, top] = [x * view.k + view.x, y * view.k + view.y];
  const [edgeX, edgeY] = [Math.min(EDGE, box.width / 4), Math.min(EDGE, box.height / 4)].map((edge) => edge * Math.min(1, view.k));
  const isThere = left >= edgeX && left <= box.width - edgeX && top >= edgeY && top <= box.height - edgeY;
  return isThere ? view : around(layout, box, [x, y], view.k);
}

/** The same scale, that place in the middle. */
export const centred = ({ k }, box, [x, y]) => ({ k, x: box.width / 2 - x * k, y: box.height / 2 - y * k });

export function zoomed({ x, y, k }, by, [atX, atY]) {
  const next = Math.max(FARTHEST, Math.min(NEAREST, k * by));
  return { k: next, x: atX - ((atX - x) / k) * next, y: atY - ((atY - y) / k) * next };
}

/** Whether some of the map is out of sight. */
export function isPart({ k, x, y }, { width, height }, box) {
  return x < -1 || y < -1 || x + width * k > box.width + 1 || y + height * k > box.height + 1;
}

function inside(offset, length, room) {
  if (length + 2 * MARGIN <= room) return (room - length) / 2;
  return Math.min(MARGIN, Math.max(room - length - MARGIN, offset));
}
