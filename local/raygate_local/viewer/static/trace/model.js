/* The rows of a trace in the browser: columns as the server sent them, and which of them are to be seen.
   A row is a number; its sub-tree are the `size` rows from it on. */

const FEWEST = 5; /* equal siblings, to be folded by themselves */
const FAILING = 1; /* status: 0 ok, 1 error, 2 throttle, 3 fault */

export const STATUS = ["ok", "error", "throttle", "fault"];
export const SEGMENT = 0;
export const MISSING = 2;

export function read(data) {
  const { columns, words } = data;
  const total = columns.id.length;
  const trace = {
    ...columns, data, total, words, folds: data.folds, notes: data.notes, critical: data.critical,
    length_ms: Math.max(data.duration_s * 1000, 0.001),
    number: new Map(columns.id.map((id, row) => [id, row])),
    longest: new Float64Array(total), /* of a sub-tree; what failed is never too short */
    failing: [],
    services: servicesOf(columns, words),
  };
  for (let row = total - 1; row >= 0; row -= 1) {
    const own = columns.status[row] >= FAILING ? Infinity : columns.length[row];
    trace.longest[row] = Math.max(trace.longest[row], own);
    const above = columns.parent[row];
    if (above >= 0) trace.longest[above] = Math.max(trace.longest[above], trace.longest[row]);
  }
  for (let row = 0; row < total; row += 1) if (columns.status[row] >= FAILING) trace.failing.push(row);
  return trace;
}

/** The word of a column at a row: name, operation, service or badge. */
export const word = (trace, column, row) => trace.words[trace[column][row]];

/** A missing parent's children name no service. */
function servicesOf({ service, kind, total }, words) {
  const counts = new Map();
  service.forEach((at, row) => kind[row] !== MISSING && counts.set(at, (counts.get(at) ?? 0) + 1));
  return [...counts].filter(([at]) => words[at]).map(([at, rows], order) => ({ at, name: words[at], rows, order }));
}

/** Whether a row stands for all of its equal siblings. */
export function isFolded(trace, view, row) {
  const fold = trace.folds[row];
  return Boolean(fold) && view.equal && !view.only && fold.rows.length >= FEWEST && !view.open.has(trace.id[row]);
}

/** Whether a row is the first of siblings that can be folded. */
export const isFoldable = (trace, row) => (trace.folds[row]?.rows.length ?? 0) >= FEWEST;

/** The numbers of the rows to be seen, in order. `matches` is a set of rows, or null. */
export function visible(trace, view, matches) {
  const list = [];
  const wanted = keepers(trace, view, matches);
  const top = trace.number.get(view.focus);
  const end = top === undefined ? trace.total : top + trace.size[top];
  for (let row = top ?? 0; row < end; ) {
    const leader = trace.fold[row];
    const isBehind = leader >= 0 && leader !== row && isFolded(trace, view, leader);
    if (isBehind || trace.longest[row] < view.below || (wanted && !wanted[row])) {
      row += trace.size[row];
      continue;
    }
    list.push(row);
    const isShut = (!view.only && view.closed.has(trace.id[row])) || isFolded(trace, view, row);
    row += isShut ? trace.size[row] : 1;
  }
  return list;
}

/** Those that match, or are of the service in focus, with everything above them; null when all are wanted. */
function keepers(trace, view, matches) {
  const service = view.service && trace.services.find((one) => one.name === view.service);
  if (!(view.only && matches) && !service) return null;
  const wanted = new Uint8Array(trace.total);
  for (let row = 0; row < trace.total; row += 1) {
    const isWanted = (!(view.only && matches) || matches.has(row)) && (!service || trace.service[row] === service.at);
    for (let up = row; isWanted && up >= 0 && !wanted[up]; up = trace.parent[up]) wanted[up] = 1;
  }
  return wanted;
}

/** What has to change so that a row can be seen. */
export function revealing(trace, view, row, matches) {
  const closed = new Set(view.closed);
  const open = new Set(view.open);
  for (let up = row; up >= 0; up = trace.parent[up]) {
    if (up !== row) closed.delete(trace.id[up]);
    const leader = trace.fold[up];
    if (leader >= 0 && isFolded(trace, view, leader) && !(up === row && leader === row)) open.add(trace.id[leader]);
  }
  const opened = { ...view, closed, open };
  const isThere = visible(trace, opened, matches).includes(row);
  return isThere ? { closed, open } : { closed, open, focus: "", service: "", below: 0, only: false };
}

/** Pieces [start, end] that are nearer to each other than `gap` become one. */
export function merged(pieces, gap) {
  const joined = [];
  for (const [start, end] of [...pieces].sort((one, other) => one[0] - other[0])) {
    const last = joined.at(-1);
    if (last && start - last[1] <= gap) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

/** The next of sorted rows after (or before) a row, and round again at the end. */
export function nextOf(sorted, row, step) {
  if (!sorted.length) return undefined;
  if (step > 0) return sorted.find((one) => one > row) ?? sorted[0];
  return sorted.findLast((one) => one < row) ?? sorted.at(-1);
}

/** Round times for an axis: about `most` of them between two times. */
export function ticks([from, to], most) {
  const rough = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough);
  const found = [];
  for (let at = Math.ceil(from / step); at * step <= to; at += 1) found.push(at * step);
  return found;
}
