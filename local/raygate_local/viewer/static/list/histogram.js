/* How many traces when, by status; dragging over it chooses the span of time. */

import uPlot from "uplot";

import { Status, ask, colour, count, html, moment, number, settings } from "../base.js";
import { useEffect, useLayoutEffect, useRef, useState } from "../base.js";
import { query } from "./rows.js";

const STATUSES = ["ok", "error", "throttle", "fault"];
const HEIGHT = 84;
const [RIGHT_PX, LETTER_PX] = [8, 6.6];
const OFTEN_MS = 1000;
const STEPS = { wide: 120, narrow: 60 };

/** `version` is what the rows show; the histogram follows them. */
export function Histogram({ asked, version, onRange, onStatus }) {
  const place = useRef(null);
  const [counts, set] = useState(null);
  const [steps, setSteps] = useState(STEPS.wide);
  const key = JSON.stringify([asked, steps]);
  useEffect(() => {
    if (version === null) return undefined;
    let isOver = false;
    const load = () =>
      ask(`/api/histogram?${query(asked, { steps })}`)
        .then((data) => isOver || set({ key, data }))
        .catch(() => {}); // the list says what is wrong
    const timer = setTimeout(load, counts?.key === key ? OFTEN_MS : 0);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [key, version]);
  useEffect(() => {
    const fit = ([{ contentRect }]) => setSteps(contentRect.width < 600 ? STEPS.narrow : STEPS.wide);
    const watch = new ResizeObserver(fit);
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);
  const data = counts?.data;
  const sumOf = (counts) => counts.reduce((sum, many) => sum + many, 0);
  const sums = Object.fromEntries(STATUSES.map((one) => [one, sumOf(data?.[one] ?? [])]));
  const theme = document.documentElement.dataset.theme ?? settings.theme;
  return html`<section class="histogram" aria-label="Traces over time">
    <div class="legend">
      ${STATUSES.filter((one) => sums[one] > 0).map(
        (one) => html`<button type="button" class="plain" title="Filter by this status" onClick=${() => onStatus(one)}>
          <${Status} of=${one} /> <b>${number(sums[one])}</b>
        </button>`,
      )}
      <span class="space"></span>
      <span class="hint quiet">${data?.total ? "Drag to choose a span of time" : ""}</span>
    </div>
    <div class="plot" ref=${place} role="img" aria-label=${`${count(data?.total ?? 0, "trace")} over time`}>
      ${data && html`<${Plot} data=${data} onRange=${onRange} theme=${theme} zone=${settings.zone} />`}
    </div>
  </section>`;
}

function Plot({ data, onRange, theme, zone }) {
  const place = useRef(null);
  const tip = useRef(null);
  const plot = useRef(null);
  const drag = useRef(onRange);
  drag.current = onRange;
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  useLayoutEffect(() => {
    const element = place.current;
    const made = new uPlot(options(element, tip, drag), stacked(data), element);
    plot.current = made;
    made.counts = data;
    made.setData(stacked(data));
    const watch = new ResizeObserver(() => made.setSize({ width: Math.max(100, element.clientWidth), height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, [theme, zone, isDark]);
  useLayoutEffect(() => {
    plot.current.counts = data;
    plot.current.setData(stacked(data));
  }, [data]);
  return html`<div ref=${place}></div><div class="tip" ref=${tip} hidden></div>`;
}

function options(place, tip, drag) {
  const line = colour("--line");
  const axis = { stroke: colour("--quiet"), font: "11px system-ui", ticks: { show: false } };
  return {
    width: Math.max(100, place.clientWidth),
    height: HEIGHT,
    padding: [6, RIGHT_PX, 0, 0],
    legend: { show: false },
    tzDate: (at) => (settings.zone === "utc" ? uPlot.tzDate(new Date(at * 1e3), "Etc/UTC") : new Date(at * 1e3)),
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
    select: { show: true },
    scales: { x: { time: true, range: (u) => edges(u) }, y: { range: (_, __, most) => [0, Math.max(1, most)] } },
    axes: [
      { ...axis, size: 20, space: 90, grid: { show: false }, values: (u, at, __, ___, step) => at.map((one) => whole(u, one, tick(one, step))) },
      { ...axis, size: 40, gap: 4, splits: (_, __, ___, most) => steps(most), grid: { stroke: line, width: 1 } },
    ],
    series: [
      {},
      ...[...STATUSES].reverse().map((status) => ({
        label: status,
        fill: colour(`--${status}-fill`),
        width: 0,
        points: { show: false },
        paths: uPlot.paths.bars({ size: [0.9, 24, 1], align: 1 }),
      })),
    ],
    hooks: {
      setSelect: [(u) => chosen(u, drag)],
      setCursor: [(u) => point(u, tip.current)],
    },
  };
}

/** Zero, and one or two round numbers. */
function steps(most) {
  const size = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  const step = [5, 2, 1].map((one) => one * size).find((one) => one <= most) ?? 1;
  return [0, step, ...(step * 2 <= most ? [step * 2] : [])];
}

/** Nothing rather than half a word at the right edge. */
function whole(u, at, text) {
  return u.valToPos(at, "x") + (text.length * LETTER_PX) / 2 > u.over.clientWidth + RIGHT_PX ? "" : text;
}

function tick(at, step) {
  const { date, time } = moment(at);
  if (step >= 86400) return date.slice(step >= 86400 * 300 ? 0 : 5);
  return time.slice(0, step >= 60 ? 5 : step >= 1 ? 8 : 12);
}

/** The whole span, with the last step. */
function edges(u) {
  const { start, step, ok } = u.counts ?? { start: 0, step: 1, ok: [] };
  return [start, start + step * Math.max(1, ok.length)];
}

/** Drawn from the back: all, all but fault, …, so that each ends up on those below it. */
function stacked(data) {
  const times = data.ok.map((_, place) => data.start + place * data.step);
  let sum = data.ok.map(() => 0);
  const layers = STATUSES.map((status) => {
    sum = sum.map((before, place) => before + data[status][place]);
    return sum;
  });
  return [times, ...layers.reverse()];
}

function chosen(u, drag) {
  const { left, width } = u.select;
  if (width < 3) return;
  const [from, to] = [u.posToVal(left, "x"), u.posToVal(left + width, "x")];
  u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  drag.current(from, to);
}

function point(u, tip) {
  const place = u.cursor.left >= 0 ? Math.floor((u.posToVal(u.cursor.left, "x") - u.counts.start) / u.counts.step) : -1;
  const many = STATUSES.map((status) => [status, u.counts[status][place] ?? 0]).filter(([, value]) => value > 0);
  tip.hidden = many.length === 0;
  if (tip.hidden) return;
  const at = moment(u.counts.start + place * u.counts.step);
  const words = many.map(([status, value]) => `${value} ${status}`).join(", ");
  tip.textContent = `${at.date} ${at.time.replace(/\.000$/, "")}  ${words}`;
  const left = u.over.offsetLeft + u.cursor.left;
  tip.style.left = `${Math.min(Math.max(0, left - tip.offsetWidth / 2), u.root.clientWidth - tip.offsetWidth)}px`;
}
