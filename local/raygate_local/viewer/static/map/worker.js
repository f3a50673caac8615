/* Lays the map out, off the main thread. Takes {id, nodes: [{key, width, height}], edges: [{key, source, target}],
   aspect}. Gives {id, nodes: {key: [x, y]}, edges: {key: [[x, y], …]}, crowded: {key: true}, width, height}: crowded are
   edges that have no place for words.
   What hangs together is laid out from left to right by itself; the parts are then put side by side, so that all of
   them fill about the window's form. */

import { Graph, layout } from "../lib/dagre.mjs";

const GAP = 36;
const [IN_COLUMN, MOST_COLUMNS] = [6, 5];
const LABEL = { width: 84, height: 34, labelpos: "c" };
const MANY = 50;
const WIDEST = 2.2;

onmessage = ({ data }) => postMessage({ id: data.id, ...placed(parts(data).map((part) => laid(part, data.aspect)), data.aspect) });

/** Connected parts, each with its nodes and edges in the order that they came. */
function parts({ nodes, edges }) {
  const above = new Map(nodes.map(({ key }) => [key, key]));
  const top = (key) => {
    while (above.get(key) !== key) key = above.get(key);
    return key;
  };
  for (const { source, target } of edges) above.set(top(target), top(source));
  const found = new Map();
  const part = (key) => found.get(top(key)) ?? found.set(top(key), { nodes: [], edges: [] }).get(top(key));
  for (const node of nodes) part(node.key).nodes.push(node);
  for (const edge of edges) part(edge.source).edges.push(edge);
  return [...found.values()];
}

/** What is high and narrow is drawn out to the right, where there is room. */
function laid({ nodes, edges }, aspect) {
  const graph = new Graph({ multigraph: true });
  const isLarge = edges.length > MANY; /* nobody reads the words of so many edges at once */
  graph.setGraph({ rankdir: "LR", ...(isLarge ? { nodesep: 6, ranksep: 40, edgesep: 3 } : { nodesep: 18, ranksep: 36, edgesep: 14 }) });
  for (const { key, width, height } of nodes) graph.setNode(key, { width, height });
  const lengths = lengthsOf(edges);
  for (const { key, source, target } of edges) graph.setEdge(source, target, { ...(isLarge ? {} : LABEL), minlen: lengths.get(key) }, key);
  layout(graph);
  const { width, height } = graph.graph();
  const stretch = Math.min(WIDEST, Math.max(1, (height * aspect) / width));
  return { nodes, edges, graph, isLarge, stretch, width: width * stretch, height };
}

/** In ranks. What many call, or what calls many, would stand before one endless column: such edges get several lengths. */
function lengthsOf(edges) {
  const lengths = new Map();
  for (const side of ["source", "target"]) {
    const groups = new Map();
    for (const edge of edges) groups.set(edge[side], [...(groups.get(edge[side]) ?? []), edge]);
    for (const group of groups.values()) {
      const columns = Math.min(MOST_COLUMNS, Math.ceil(group.length / IN_COLUMN));
      group.forEach(({ key }, place) => lengths.set(key, Math.max(lengths.get(key) ?? 1, 1 + (place % columns))));
    }
  }
  return lengths;
}

/** The largest part to the left, the others beside it; all in shelves where it is no taller than the rest is wide. */
function placed(all, aspect) {
  const sorted = [...all].sort((a, b) => b.nodes.length - a.nodes.length);
  const areaOf = (some) => some.reduce((sum, one) => sum + (one.width + GAP) * (one.height + GAP), 0);
  const widest = (some) => Math.max(0, ...some.map((one) => one.width + GAP));
  const result = { nodes: {}, edges: {}, crowded: {}, width: 0, height: 0 };
  const most = Math.max(Math.sqrt(areaOf(sorted) * aspect) * 1.05, widest(sorted));
  const [first, ...rest] = sorted;
  const room = first.height * aspect - first.width - GAP;
  const beside = Math.max((areaOf(rest) * 1.15) / first.height, widest(rest), room);
  if (rest.length > 0 && beside <= Math.max(most - first.width, room)) {
    shelves(result, [first], 0, first.width);
    shelves(result, rest, first.width + GAP, beside);
  } else {
    shelves(result, sorted, 0, most);
  }
  return result;
}

/** Filled from the left. */
function shelves(result, parts, left, most) {
  let [x, y, shelf] = [0, 0, 0];
  for (const one of parts) {
    if (x > 0 && x + one.width > most) [x, y, shelf] = [0, y + shelf + GAP, 0];
    put(result, one, left + x, y);
    x += one.width + GAP;
    shelf = Math.max(shelf, one.height);
    result.width = Math.max(result.width, left + x - GAP);
    result.height = Math.max(result.height, y + shelf);
  }
}

function put(result, { nodes, edges, graph, isLarge, stretch }, left, top) {
  for (const { key } of nodes) {
    const { x, y } = graph.node(key);
    result.nodes[key] = [x * stretch + left, y + top];
  }
  for (const { key, source, target } of edges) {
    const { points } = graph.edge(source, target, key);
    result.edges[key] = points.map(({ x, y }) => [x * stretch + left, y + top]);
    if (isLarge) result.crowded[key] = true;
  }
}
