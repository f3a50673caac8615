/* What the map is asked and says: filters of nodes and edges, means, rates, percentiles. */

import { duration, number } from "../base.js";

export const STATUSES = ["ok", "error", "throttle", "fault"];
export const SIGNS = { ok: "●", error: "▲", throttle: "◆", fault: "✖" };
const LEAST_S = 60;
const UNITS = [["min", 1], ["h", 60], ["day", 1440]];

/** The answer of the server, each edge with its key and its two nodes. */
export function read(data) {
  const nodes = new Map(data.nodes.map((node) => [node.key, node]));
  const edges = data.edges.map((edge) => ({
    ...edge,
    key: `${edge.source} → ${edge.target}${edge.link ? " (link)" : ""}`,
    from: nodes.get(edge.source),
    to: nodes.get(edge.target),
  }));
  return { ...data, edges, byKey: new Map([...nodes, ...edges.map((edge) => [edge.key, edge])]) };
}

/** The filter expression of a node or an edge, with something more to be true of the request. */
export function expression({ of, within }, more = "") {
  const inside = [within, more].filter(Boolean).join(" AND ");
  return inside ? `${of} { ${inside} }` : of;
}

export function between([from, to]) {
  return `responsetime >= ${seconds(from)} AND responsetime <= ${seconds(to)}`;
}

function seconds(value) {
  return Number(Math.max(0, value).toPrecision(6)).toString();
}

/** Seconds, or null when nothing has ended yet. */
export function mean({ total, seconds: sum }) {
  return total ? sum / total : null;
}

export function meanWords(one) {
  return one.total ? duration(mean(one)) : "…";
}

/** How often: in a minute, or in a longer time when that is seldom; over the span of time that is asked for or seen; of one trace just how many. */
export function rateWords(one, map) {
  if (map.trace) return `${number(one.total)}×`;
  const rate = one.total / (Math.max(LEAST_S, map.end - map.start) / 60);
  const [unit, minutes] = UNITS.find(([, many]) => rate * many >= 0.095) ?? UNITS.at(-1);
  const value = rate * minutes;
  if (value < 0.05) return `< 0.1/${unit}`;
  return `${value >= 100 ? number(value) : value.toFixed(value >= 9.95 ? 0 : 1)}/${unit}`;
}

/** The time within which this share of the requests was answered. */
export function percentile(times, share) {
  const all = times.reduce((sum, [, many]) => sum + many, 0);
  let sum = 0;
  for (const [value, many] of times) {
    sum += many;
    if (sum >= all * share) return value;
  }
  return null;
}

export function title(one) {
  return one.from ? `${nameOf(one.from)} → ${nameOf(one.to)}` : nameOf(one);
}

export function nameOf(node) {
  return node.kind === "client" ? "Clients" : node.name;
}

/** What one hears of a node or edge. */
export function spoken(one, map) {
  const failed = STATUSES.slice(1).filter((status) => one[status] > 0).map((status) => `${number(one[status])} ${status}`);
  const what = one.from ? (one.link ? "link" : "calls") : one.type || one.kind;
  return `${title(one)}, ${what}, ${number(one.total)} requests, ${meanWords(one)}, ${rateWords(one, map)}${failed.length ? `, ${failed.join(", ")}` : ""}`;
}
