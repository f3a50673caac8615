/* Where nodes and edges stand: asked of a worker, and remembered by which nodes and edges there are, so that nothing
   moves while only numbers change. Gives `useLayout`. */

import { useEffect, useRef, useState } from "../base.js";

const MOST_KEPT = 20;
const kept = new Map();
const waiting = new Map();
let worker = null;
let last = 0;

/** {nodes, edges, width, height, key}, or null as long as there is none. `size(node)` is {width, height}. */
export function useLayout(nodes, edges, size, aspect) {
  const key = JSON.stringify([nodes.map((one) => one.key).sort(), edges.map((one) => one.key).sort()]);
  const [found, set] = useState(kept.get(key) ?? null);
  const before = useRef(null);
  useEffect(() => {
    const known = kept.get(key);
    if (known) {
      set(known);
      return undefined;
    }
    let isOver = false;
    ask(nodes, edges, size, aspect).then((layout) => {
      keep(key, { ...layout, key });
      if (!isOver) set(kept.get(key));
    });
    return () => {
      isOver = true;
    };
  }, [key]);
  if (found) before.current = found;
  return found?.key === key ? found : before.current;
}

/** In one order, whatever order they came in: the same picture for the same services. */
function ask(nodes, edges, size, aspect) {
  worker ??= started();
  const id = ++last;
  const sorted = (all) => [...all].sort((a, b) => (a.key < b.key ? -1 : 1));
  worker.postMessage({
    id,
    aspect,
    nodes: sorted(nodes).map((one) => ({ key: one.key, ...size(one) })),
    edges: sorted(edges).map(({ key, source, target }) => ({ key, source, target })),
  });
  return new Promise((done) => waiting.set(id, done));
}

function started() {
  const made = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  made.onmessage = ({ data }) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  return made;
}

function keep(key, layout) {
  kept.set(key, layout);
  while (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
}
