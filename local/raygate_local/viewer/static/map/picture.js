/* The map itself, as SVG: moved by dragging and arrow keys, zoomed by wheel and + and −. */

import { html, number, useEffect, useLayoutEffect, useRef, useState } from "../base.js";
import { SIGNS, STATUSES, meanWords, nameOf, rateWords, spoken } from "./model.js";
import { Overview } from "./overview.js";
import { around, beginning, centred, fitting, isPart, resized, showing, zoomed } from "./view.js";

const RADIUS = 37;
const RING = 7;
const LEAST_SHARE = 3;
const LONGEST = 24;
const [FAR, OUT_OF_SIGHT] = [0.45, 0.3]; /* words are too small to be read */
const RAISED = 24;

/** What a node takes in the layout: its ring, and its words below, for which the ring stands above the middle. */
export function size(node) {
  return { width: 2 * radius(node) + 10, height: 2 * (radius(node) + 4 + RAISED) };
}

const middle = ([x, y]) => [x, y - RAISED];
const radius = (node) => (node.kind === "client" ? 26 : RADIUS);

/** `control` is a ref: {zoom(by), pan(x, y), fit(), show(key)}. */
export function Picture({ map, layout, chosen, onChoose, control }) {
  const place = useRef(null);
  const drag = useRef(null);
  const [view, setView] = useState(null);
  const kept = useRef("begun"); /* how the view came about: begun, all, own */
  const box = () => ({ width: place.current?.clientWidth ?? 1, height: place.current?.clientHeight ?? 1 });
  const busiest = map.nodes.filter((node) => layout.nodes[node.key]).sort((a, b) => b.total - a.total)[0];
  const at = layout.nodes[chosen] ?? (busiest && layout.nodes[busiest.key]);
  const arrange = useRef(null);
  arrange.current = ({ isNew }) => {
    if (kept.current === "all") setView(fitting(layout, box()));
    else if (kept.current === "begun") setView((now) => (now && !isNew ? resized(now, layout, box(), at) : beginning(layout, box(), at)));
  };
  const move = (change) => {
    kept.current = "own";
    setView((now) => change(now ?? fitting(layout, box())));
  };
  const fit = () => {
    kept.current = "all";
    setView(fitting(layout, box()));
  };
  const show = (key) => move((now) => around(layout, box(), layout.nodes[key], now.k));
  const zoom = (by, at) => move((now) => zoomed(now, by, at ?? [box().width / 2, box().height / 2]));
  useLayoutEffect(() => {
    control.current = { zoom, fit, show, pan: (x, y) => move((now) => ({ ...now, x: now.x + x, y: now.y + y })) };
  });
  useLayoutEffect(() => {
    arrange.current({ isNew: true });
  }, [layout]);
  useEffect(() => {
    if (layout.nodes[chosen]) setView((now) => now && showing(now, layout, box(), layout.nodes[chosen]));
  }, [chosen]);
  useEffect(() => {
    const watch = new ResizeObserver(() => arrange.current({ isNew: false }));
    watch.observe(place.current);
    const wheel = (event) => {
      event.preventDefault();
      const { left, top } = place.current.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), [event.clientX - left, event.clientY - top]);
    };
    place.current.addEventListener("wheel", wheel, { passive: false });
    const held = place.current;
    return () => {
      watch.disconnect();
      held.removeEventListener("wheel", wheel);
    };
  }, [layout]);

  const down = (event) => {
    if (event.button !== 0) return;
    drag.current = { x: event.clientX, y: event.clientY, isMoved: false, pointer: event.pointerId };
  };
  const moving = (event) => {
    if (!drag.current || !event.buttons) return;
    const [x, y] = [event.clientX - drag.current.x, event.clientY - drag.current.y];
    if (!drag.current.isMoved && Math.hypot(x, y) < 4) return;
    if (!drag.current.isMoved) place.current.setPointerCapture(drag.current.pointer);
    Object.assign(drag.current, { x: event.clientX, y: event.clientY, isMoved: true });
    move((now) => ({ ...now, x: now.x + x, y: now.y + y }));
  };
  const click = (event) => {
    const wasMoved = drag.current?.isMoved;
    drag.current = null;
    if (wasMoved) return;
    onChoose(event.target.closest("[data-key]")?.dataset.key ?? "");
  };
  const { x, y, k } = view ?? { x: 0, y: 0, k: 1 };
  const nodes = map.nodes.filter((node) => layout.nodes[node.key]);
  const most = Math.max(1, ...map.edges.map((edge) => edge.total));
  return html`<svg
    ref=${place}
    class=${`map-picture ${k < FAR ? "far" : ""} ${k < OUT_OF_SIGHT ? "unread" : ""}`}
    role="group"
    aria-label="Service map"
    onPointerDown=${down}
    onPointerMove=${moving}
    onClick=${click}
  >
    <defs>
      <marker id="map-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto-start-reverse">
        <path d="M0 1 L10 5 L0 9 z" />
      </marker>
    </defs>
    ${view && html`<g transform=${`translate(${x} ${y}) scale(${k})`}>
      ${map.edges.filter((edge) => layout.edges[edge.key]).map((edge) => html`<${Edge} key=${edge.key} edge=${edge} map=${map} layout=${layout} most=${most} isChosen=${edge.key === chosen} isNear=${[edge.source, edge.target].includes(chosen)} />`)}
      ${nodes.map((node) => html`<${Node} key=${node.key} node=${node} map=${map} at=${middle(layout.nodes[node.key])} isChosen=${node.key === chosen} />`)}
    </g>`}
  </svg>
  ${view && isPart(view, layout, box()) && html`<${Overview} map=${map} layout=${layout} view=${view} box=${box()} onPoint=${(to) => move((now) => centred(now, box(), to))} />`}`;
}

function Node({ node, map, at: [x, y], isChosen }) {
  const r = radius(node);
  const isClient = node.kind === "client";
  const failed = STATUSES.slice(1).filter((status) => node[status] > 0);
  const name = nameOf(node);
  const worst = failed.at(-1) ?? "ok";
  return html`<g
    class=${`map-node ${node.kind} worst-${worst} ${isChosen ? "chosen" : ""}`}
    data-key=${node.key}
    role="button"
    tabindex="-1"
    aria-label=${spoken(node, map)}
    aria-pressed=${isChosen}
    transform=${`translate(${x} ${y})`}
  >
    <title>${node.name}${node.type ? `\n${node.type}` : ""}</title>
    <${Shape} kind=${node.kind} r=${r + 5} class="halo" />
    <${Shape} kind=${node.kind} r=${r} class="inside" />
    ${isClient
      ? html`<circle class="person" cx="0" cy="-7" r="6" /><path class="person" d="M-11 12 a11 11 0 0 1 22 0 z" />`
      : html`<${Ring} node=${node} r=${r - RING / 2} />
          <text class="sign ${worst}" y="16">${SIGNS[worst]}</text><text class="mean" y="-1">${meanWords(node)}</text><text class="rate" y="14">${rateWords(node, map)}</text>`}
    <text class="name" y=${r + 20}>${short(name, isClient ? 14 : LONGEST)}</text>
    ${!isClient && html`<text class="type" y=${r + 35}>${short(node.type || node.kind, 30)}</text>`}
    ${failed.length > 0 && !isClient && html`<text class="failed" y=${r + 50}>${failed.map(
      (status) => html`<tspan class=${status} dx="3">${SIGNS[status]} ${number(node[status])} </tspan>`,
    )}</text>`}
  </g>`;
}

/** By kind: a circle is a service, a box a database, a flat box a queue; with eight corners, what told nothing itself. */
export function Shape({ kind, r, class: name, ...more }) {
  if (kind === "database") return html`<rect class=${name} x=${-r} y=${-r} width=${2 * r} height=${2 * r} rx=${Math.min(14, r * 0.35)} ...${more} />`;
  if (kind === "queue") return html`<rect class=${name} x=${-r - 2} y=${-r * 0.76} width=${2 * r + 4} height=${r * 1.52} rx=${r * 0.14} ...${more} />`;
  if (kind === "remote") return html`<path class=${name} d=${octagon(r)} ...${more} />`;
  return html`<circle class=${name} r=${r} ...${more} />`;
}

function octagon(r) {
  const c = r * 0.4142;
  return `M${-c} ${-r} L${c} ${-r} L${r} ${-c} L${r} ${c} L${c} ${r} L${-c} ${r} L${-r} ${c} L${-r} ${-c} Z`;
}

/** How the requests went, as parts of the ring; what there is a little of is seen all the same. */
function Ring({ node, r }) {
  if (!node.total) return html`<${Shape} kind=${node.kind} r=${r} class="ring none" />`;
  const shares = STATUSES.map((status) => (node[status] ? Math.max(LEAST_SHARE, (node[status] / node.total) * 100) : 0));
  const sum = shares.reduce((all, one) => all + one, 0);
  let before = 0;
  return STATUSES.map((status, place) => {
    const share = (shares[place] / sum) * 100;
    const start = before;
    before += share;
    return share > 0 && html`<${Shape} kind=${node.kind} r=${r} class=${`ring ${status}`} pathLength="100" stroke-dasharray=${`${share} ${100 - share}`} stroke-dashoffset=${-start} />`;
  });
}

/** Where edges are crowded, only the pointed at, the chosen one and those of the chosen node have their words. */
function Edge({ edge, map, layout, most, isChosen, isNear }) {
  const isLoop = edge.source === edge.target;
  const points = isLoop ? [] : ends(layout.edges[edge.key], edge, layout);
  const d = isLoop ? loop(edge, layout) : curve(points);
  const [x, y] = isLoop ? above(edge, layout) : halfway(points);
  const failed = STATUSES.slice(1).filter((status) => edge[status] > 0);
  return html`<g class=${`map-edge ${edge.link ? "link" : ""} ${isChosen ? "chosen" : ""} ${layout.crowded[edge.key] && !isNear ? "crowded" : ""}`} data-key=${edge.key} role="button" tabindex="-1" aria-label=${spoken(edge, map)} aria-pressed=${isChosen}>
    <path class="hit" d=${d} />
    <path class="line" d=${d} stroke-width=${1 + 2.5 * (Math.log1p(edge.total) / Math.log1p(most))} marker-end="url(#map-arrow)" />
    <text x=${x} y=${y - 6}>${meanWords(edge)}</text>
    <text x=${x} y=${y + 13}>${rateWords(edge, map)}${failed.map((status) => html`<tspan class=${status} dx="4">${SIGNS[status]}</tspan>`)}</text>
  </g>`;
}

/** A service that calls itself. */
function loop(edge, layout) {
  const [[x, y], r] = [middle(layout.nodes[edge.source]), radius(edge.from) + 3];
  return `M${x - r * 0.6} ${y - r * 0.8} C${x - r} ${y - r * 1.7} ${x + r} ${y - r * 1.7} ${x + r * 0.6} ${y - r * 0.8}`;
}

function above(edge, layout) {
  const [x, y] = middle(layout.nodes[edge.source]);
  return [x, y - radius(edge.from) * 1.5];
}

/** From ring to ring, not from box to box. */
function ends(points, edge, layout) {
  const [from, to] = [middle(layout.nodes[edge.source]), middle(layout.nodes[edge.target])];
  const inner = points.slice(1, -1).map(middle);
  return [towards(from, inner[0] ?? to, radius(edge.from) + 2), ...inner, towards(to, inner.at(-1) ?? from, radius(edge.to) + 4)];
}

function towards([x, y], [toX, toY], by) {
  const length = Math.hypot(toX - x, toY - y) || 1;
  return [x + ((toX - x) / length) * by, y + ((toY - y) / length) * by];
}

/** Through the points' middles, so that no corner is left. */
function curve(points) {
  const [first, ...rest] = points;
  const steps = rest.slice(0, -1).map(([x, y], place) => {
    const [nextX, nextY] = rest[place + 1];
    const isLast = place === rest.length - 2;
    return `Q${x} ${y} ${isLast ? nextX : (x + nextX) / 2} ${isLast ? nextY : (y + nextY) / 2}`;
  });
  return `M${first.join(" ")} ${steps.length ? steps.join(" ") : `L${rest[0].join(" ")}`}`;
}

/** On the curve, which does not go through its points. */
function halfway(points) {
  const place = (points.length - 1) / 2;
  const [a, b] = [points[Math.floor(place)], points[Math.ceil(place)]];
  if (place % 1 || points.length < 3) return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const [before, after] = [points[place - 1], points[place + 1]];
  return [0, 1].map((at) => before[at] / 8 + (a[at] * 3) / 4 + after[at] / 8);
}

function short(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
