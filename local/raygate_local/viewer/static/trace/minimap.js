/* The whole trace on a few pixels: every row, the critical path, and the time that is zoomed into.
   Dragging chooses another time, a double click all of it; by keyboard: + and - zoom, , and . go back and forth. */

import { colour, duration, html, useEffect, useRef, useSettings, useState } from "../base.js";
import { STATUS } from "./model.js";

const HEIGHT_PX = 56;
const LEAST_PX = 4;

export function Minimap({ trace, zoom, onZoom }) {
  const place = useRef(null);
  const [width, measure] = useState(0);
  const [drag, set] = useState(null);
  const { theme } = useSettings();
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => measure(Math.floor(entry.contentRect.width)));
    watch.observe(place.current.parentElement);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (width) draw(place.current, trace, width);
  }, [trace, width, theme, matchMedia("(prefers-color-scheme: dark)").matches]);

  const at = (event) => {
    const box = place.current.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * trace.length_ms;
  };
  const start = (event) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    set([at(event), at(event)]);
  };
  const end = (event) => {
    if (!drag) return;
    const [from, to] = [drag[0], at(event)].sort((one, other) => one - other);
    set(null);
    if (((to - from) / trace.length_ms) * width >= LEAST_PX) onZoom([from, to]);
  };
  const shown = drag ? [...drag].sort((one, other) => one - other) : zoom;
  const share = (ms) => `${(ms / trace.length_ms) * 100}%`;
  return html`<div
    class="minimap" title="Drag to zoom, double click for all" role="img"
    aria-label=${`Overview of ${trace.total} rows in ${duration(trace.length_ms / 1000)}${zoom ? `, zoomed to ${duration(zoom[0] / 1000)} – ${duration(zoom[1] / 1000)}` : ""}`}
    onPointerDown=${start} onPointerMove=${(event) => drag && set([drag[0], at(event)])} onPointerUp=${end} onDblClick=${() => onZoom(null)}
  >
    <canvas ref=${place} height=${HEIGHT_PX}></canvas>
    ${shown && html`<i class="out" style=${{ left: 0, width: share(shown[0]) }}></i><i class="out" style=${{ left: share(shown[1]), right: 0 }}></i><i class="brush" style=${{ left: share(shown[0]), width: share(shown[1] - shown[0]) }}></i>`}
  </div>`;
}

function draw(canvas, trace, width) {
  const scale = devicePixelRatio || 1;
  canvas.width = width * scale;
  canvas.height = HEIGHT_PX * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const fills = STATUS.map((status) => colour(status === "ok" ? "--bar" : `--${status}-fill`));
  const step = (HEIGHT_PX - 4) / trace.total;
  const thick = Math.max(1, Math.min(step - 0.5, 4));
  for (const status of [0, 1, 2, 3]) { /* what failed is drawn last */
    pen.fillStyle = fills[status];
    for (let row = 0; row < trace.total; row += 1) {
      if (trace.status[row] === status) bar(pen, trace, width, 2 + row * step, [trace.start[row], trace.start[row] + trace.length[row]], thick);
    }
  }
  pen.fillStyle = colour("--critical");
  for (const [row, pieces] of Object.entries(trace.critical)) {
    for (const piece of pieces) bar(pen, trace, width, 2 + row * step + thick - 1, piece, 1);
  }
}

function bar(pen, trace, width, y, [start, end], thick) {
  pen.fillRect((start / trace.length_ms) * width, y, Math.max(1, ((end - start) / trace.length_ms) * width), thick);
}
