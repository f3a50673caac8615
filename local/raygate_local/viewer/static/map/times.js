/* How long the requests of a node or an edge took; a part of it, dragged or written, is a filter. */

import uPlot from "uplot";

import { colour, count, duration, html, number, settings, useLayoutEffect, useRef } from "../base.js";

const BARS = 40;
const HEIGHT = 130;
const ROUNDED = 1.006; /* times in histograms have three digits: the longest may be a little longer */

/** `part` is [from, to] in seconds, or null; `onPart` when another one is chosen. */
export function Times({ times, part, onPart }) {
  const place = useRef(null);
  const drag = useRef(onPart);
  drag.current = onPart;
  const theme = document.documentElement.dataset.theme ?? `${settings.theme} ${matchMedia("(prefers-color-scheme: dark)").matches}`;
  const data = bars(times);
  useLayoutEffect(() => {
    const made = new uPlot(options(place.current, data, drag), data.columns, place.current);
    show(made, part);
    const element = place.current;
    const watch = new ResizeObserver(() => made.setSize({ width: Math.max(120, element.clientWidth), height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, [theme, JSON.stringify(data.columns), JSON.stringify(part)]);
  return html`<div class="map-times" ref=${place} role="img" aria-label=${`Response times of ${count(data.sum, "request")}`}></div>
    <form class="map-part" onSubmit=${(event) => written(event, onPart)}>
      <label>From <input name="from" inputmode="decimal" size="7" value=${part ? ms(part[0]) : ""} placeholder="0" /></label>
      <label>to <input name="to" inputmode="decimal" size="7" value=${part ? ms(part[1]) : ""} placeholder=${ms(data.most)} /> ms</label>
      <button type="submit">Take</button>
      ${part && html`<button type="button" class="plain" aria-label="All response times" title="All response times" onClick=${() => onPart(null)}>✕</button>`}
    </form>`;
}

const ms = (seconds) => String(Number((seconds * 1000).toPrecision(6)));

function written(event, onPart) {
  event.preventDefault();
  const [from, to] = ["from", "to"].map((name) => Number(event.target.elements[name].value.replace(",", ".") || (name === "to" ? Infinity : 0)) / 1000);
  if (from >= 0 && to > from && Number.isFinite(to)) onPart([from, to]);
}

/** Equally wide bars from zero to the longest. */
function bars(times) {
  const most = times.at(-1)?.[0] || 0.001;
  const step = (most * ROUNDED) / BARS;
  const counts = Array(BARS).fill(0);
  for (const [value, many] of times) counts[Math.min(BARS - 1, Math.floor(value / step))] += many;
  return { most, step, sum: counts.reduce((all, one) => all + one, 0), columns: [counts.map((_, place) => place * step), counts] };
}

function options(place, data, drag) {
  const axis = { stroke: colour("--quiet"), font: "11px system-ui", ticks: { show: false } };
  return {
    width: Math.max(120, place.clientWidth),
    height: HEIGHT,
    padding: [8, 28, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    select: { show: true },
    scales: { x: { time: false, range: () => [0, data.step * BARS] }, y: { range: (_, __, most) => [0, Math.max(1, most)] } },
    axes: [
      { ...axis, size: 22, space: 64, grid: { show: false }, values: (_, all) => all.map((value) => duration(value)) },
      { ...axis, size: 38, space: 34, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000], grid: { stroke: colour("--line"), width: 1 }, values: (_, all) => all.map(number) },
    ],
    series: [{}, { fill: colour("--accent"), width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [0.9, 40, 1], align: 1 }) }],
    hooks: { setSelect: [(plot) => chosen(plot, drag, data.step)] },
  };
}

/** Whole bars. */
function chosen(plot, drag, step) {
  const { left, width } = plot.select;
  const at = (px) => plot.posToVal(px, "x") / step;
  if (width >= 3) drag.current([Math.max(0, Math.floor(at(left))) * step, Math.ceil(at(left + width)) * step]);
}

function show(plot, part) {
  if (!part) return;
  const [from, to] = part.map((value) => Math.max(0, Math.min(plot.over.clientWidth, plot.valToPos(value, "x"))));
  plot.setSelect({ left: from, top: 0, width: Math.max(2, to - from), height: plot.over.clientHeight }, false);
}
