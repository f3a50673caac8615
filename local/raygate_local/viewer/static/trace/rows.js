/* The waterfall: of all rows only those on the screen are in the page. A tree for screen readers too. */

import { Status, duration, html, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../base.js";
import { Ruler } from "./ruler.js";
import { MISSING, SEGMENT, STATUS, isFoldable, isFolded, merged, word } from "./model.js";

export const ROW_PX = 26;
const RULER_PX = 28;
const MARGIN = 12; /* rows beyond what is seen, so that scrolling shows no holes */
const INDENT_PX = 14;
const DEEPEST = 22;
const FINEST = 0.004; /* of the width: finer pieces are drawn as one */

export function Rows({ trace, view, list, chosen, matches, onChoose, onToggle }) {
  const place = useRef(null);
  const [{ top, height }, see] = useState({ top: 0, height: 600 });
  const zoom = view.zoom ?? [0, trace.length_ms];
  const position = useMemo(() => new Map(list.map((row, at) => [row, at])), [list]);
  const at = position.get(chosen);

  useEffect(() => {
    const { current } = place;
    if (!current) return undefined; /* it is gone again */
    const watch = new ResizeObserver(() => see({ top: current.scrollTop, height: current.clientHeight }));
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  useStaying(place, trace, list, position);
  useShown(place, at, trace);

  const scroll = useCallback(({ currentTarget: { scrollTop, clientHeight } }) => see({ top: scrollTop, height: clientHeight }), []);
  const first = Math.max(0, Math.min(Math.floor(top / ROW_PX), list.length - 1) - MARGIN);
  const shown = list.slice(first, Math.ceil((top + height) / ROW_PX) + MARGIN);
  return html`<div
      class="rows" role="treegrid" tabindex="0" ref=${place} onScroll=${scroll} aria-label="Segments and subsegments"
      aria-rowcount=${list.length + 1} aria-colcount="4"
      aria-activedescendant=${shown.includes(chosen) ? `row-${trace.id[chosen]}` : undefined}
    >
      <${Ruler} zoom=${zoom} />
      <div class="all" role="rowgroup" style=${{ height: `${list.length * ROW_PX}px` }}>
        ${shown.map(
          (row, offset) => html`<${Row}
            key=${trace.id[row]} trace=${trace} row=${row} at=${first + offset} view=${view} zoom=${zoom}
            isChosen=${row === chosen} isMatch=${matches?.has(row)} onChoose=${onChoose} onToggle=${onToggle}
          />`,
        )}
      </div>
      ${!list.length && html`<p class="nothing quiet">No row is left to be seen. <kbd>u</kbd> undoes the last step.</p>`}
    </div>`;
}

/** The row at the top stays where it is when others come. */
function useStaying(place, trace, list, position) {
  const before = useRef(null);
  useLayoutEffect(() => {
    const kept = before.current;
    if (kept && kept.trace !== trace) {
      const at = position.get(trace.number.get(kept.id));
      if (at !== undefined) place.current.scrollTop = at * ROW_PX + kept.offset;
    }
  }, [trace]);
  useEffect(() => {
    const { current } = place;
    if (!current) return undefined; /* it is gone again */
    const remember = () => {
      const { scrollTop } = current;
      const row = list[Math.floor(scrollTop / ROW_PX)];
      before.current = { trace, id: trace.id[row], offset: scrollTop % ROW_PX };
    };
    remember();
    current.addEventListener("scroll", remember, { passive: true });
    return () => current.removeEventListener("scroll", remember);
  }, [trace, list]);
}

/** The chosen row is on the screen whenever another one was chosen. */
function useShown(place, at, trace) {
  const last = useRef(trace);
  useLayoutEffect(() => {
    const isLate = last.current !== trace; /* rows came: that alone moves nothing */
    last.current = trace;
    if (at === undefined || isLate) return;
    const { scrollTop, clientHeight } = place.current;
    const above = at * ROW_PX; /* the ruler covers as much of the top as it takes there */
    if (above < scrollTop || above + ROW_PX + RULER_PX > scrollTop + clientHeight) {
      place.current.scrollTop = Math.max(0, above - clientHeight / 3);
    }
  }, [at]);
}

function Row({ trace, row, at, view, zoom, isChosen, isMatch, onChoose, onToggle }) {
  const folded = isFolded(trace, view, row);
  const hasMore = folded || trace.size[row] > 1;
  const isOpen = hasMore && !folded && !view.closed.has(trace.id[row]);
  const kind = ["segment", "subsegment", "missing"][trace.kind[row]];
  const status = STATUS[trace.status[row]];
  const inherited = trace.inherited[row] ? "inherited" : "";
  return html`<div
    id=${`row-${trace.id[row]}`} class=${`row ${kind} ${status} ${inherited} ${isMatch ? "match" : ""}`} role="row" aria-level=${trace.depth[row] + 1} aria-rowindex=${at + 2}
    aria-selected=${isChosen} aria-expanded=${hasMore ? isOpen : undefined} style=${{ top: `${at * ROW_PX}px` }} onClick=${() => onChoose(row)}
  >
    <div class="name" role="gridcell" style=${{ paddingLeft: `min(${Math.min(trace.depth[row], DEEPEST) * INDENT_PX + 4}px, 50%)` }}>
      <${Twisty} has=${hasMore} isOpen=${isOpen} onToggle=${() => onToggle(row)} />
      ${trace.kind[row] !== MISSING && html`<i class=${`hue hue-${hueOf(trace, row)}`}></i>`}
      <${Name} trace=${trace} row=${row} folded=${folded} />
    </div>
    <div class="length" role="gridcell">${folded ? sum(trace, row) : length(trace, row)}</div>
    <div class="self" role="gridcell">${trace.kind[row] === MISSING || folded ? "" : duration(trace.self[row] / 1000)}</div>
    <div class="time" role="gridcell" aria-label=${spoken(trace, row)}><${Bars} trace=${trace} row=${row} zoom=${zoom} folded=${folded} path=${view.path} /></div>
  </div>`;
}

function Twisty({ has, isOpen, onToggle }) {
  if (!has) return html`<span class="twisty"></span>`;
  const toggle = (event) => {
    event.stopPropagation();
    onToggle();
  };
  return html`<span class="twisty can" aria-hidden="true" onClick=${toggle}>${isOpen ? "▾" : "▸"}</span>`;
}

function Name({ trace, row, folded }) {
  const notes = trace.notes[row] ?? [];
  const skew = notes.find((note) => note.kind === "clock_skew");
  if (trace.kind[row] === MISSING) {
    return html`<span class="text"><em>Parent <span class="mono">${trace.id[row]}</span> has not come</em></span><span class="chip" title=${notes[0]?.text}>missing</span>`;
  }
  const [status, operation] = [STATUS[trace.status[row]], word(trace, "operation", row)];
  return html`
    ${folded && html`<span class="count" title="Equal siblings, folded">${trace.folds[row].rows.length} ×</span>`}
    ${status !== "ok" && html`<span class="flag"><${Status} of=${status} quiet title=${`${status}${trace.inherited[row] ? ", inherited from a child" : ", its own"}`} />${trace.inherited[row] ? html`<span class="up" aria-hidden="true">↑</span><span class="unseen">inherited</span>` : html`<span class="unseen">its own</span>`}</span>`}
    <span class="text" title=${`${word(trace, "name", row)} ${operation}`}>
      <b class=${trace.kind[row] === SEGMENT ? "strong" : ""}>${word(trace, "name", row)}</b>${operation && html` <span class="operation">${operation}</span>`}
    </span>
    ${!folded && isFoldable(trace, row) && html`<span class="chip" title="The first of equal siblings; h folds them">${trace.folds[row].rows.length} equal</span>`}
    ${trace.open[row] ? html`<span class="chip">in progress</span>` : null}
    ${skew && html`<span class="chip warn" title=${skew.text}>clock ${duration(skew.ms / 1000)}</span>`}
    ${notes.some((note) => note.kind === "ring") && html`<span class="chip warn" title=${notes.find((note) => note.kind === "ring").text}>ring</span>`}`;
}

function Bars({ trace, row, zoom, folded, path }) {
  const width = zoom[1] - zoom[0];
  const one = [trace.start[row], trace.open[row] ? trace.length_ms : trace.start[row] + trace.length[row]];
  const pieces = folded ? merged(trace.folds[row].rows.map((each) => [trace.start[each], trace.start[each] + trace.length[each]]), width * FINEST) : [one];
  const critical = path ? merged(folded ? trace.folds[row].rows.flatMap((each) => trace.critical[each] ?? []) : (trace.critical[row] ?? []), width * FINEST) : [];
  const draw = (kind) => ([start, end]) => {
    const [from, to] = [Math.max(start, zoom[0]), Math.min(end, zoom[1])];
    if (from > to) return null;
    const left = ((from - zoom[0]) / width) * 100;
    return html`<i class=${kind} style=${{ left: `${Math.min(left, 99.7)}%`, width: `${((to - from) / width) * 100}%` }}></i>`;
  };
  const look = ["bar", `hue-${hueOf(trace, row)}`, trace.open[row] ? "open" : "", folded ? "folded" : ""].join(" ");
  return html`${pieces.map(draw(look))}${critical.map(draw("critical"))}${beyond(one, zoom)}`;
}

/** Where a bar is that the zoom leaves out. */
function beyond([start, end], zoom) {
  if (end < zoom[0]) return html`<i class="beyond before" aria-hidden="true">‹</i>`;
  return start > zoom[1] ? html`<i class="beyond after" aria-hidden="true">›</i>` : null;
}

export function hueOf(trace, row) {
  const found = trace.hues ?? (trace.hues = new Map(trace.services.map(({ at, order }) => [at, order % 8])));
  return found.get(trace.service[row]) ?? "none";
}

const length = (trace, row) => (trace.kind[row] === MISSING ? "" : trace.open[row] ? `≥ ${duration(trace.length[row] / 1000)}` : duration(trace.length[row] / 1000));
const sum = (trace, row) => html`<span title="Sum of all">Σ ${duration(trace.folds[row].sum / 1000)}</span>`;

function spoken(trace, row) {
  const path = trace.critical[row] ? ", on the critical path" : "";
  return `from ${duration(trace.start[row] / 1000)} on, for ${duration(trace.length[row] / 1000)}${path}`;
}
