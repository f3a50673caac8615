/* One trace: what is said of all of it, minimap, rows, and the chosen row in full. Everything by keyboard. */

import { announce, ask, html, useApi, useEffect, useKeys, useLive, useMemo, useRef, useState, useTitle } from "../base.js";
import { Details, TABS } from "./details.js";
import { Head } from "./head.js";
import { Minimap } from "./minimap.js";
import { isFoldable, isFolded, nextOf, read, revealing, visible } from "./model.js";
import { ROW_PX, Rows } from "./rows.js";
import { useView } from "./state.js";
import { Tools } from "./tools.js";

const digits = (id) => (id.startsWith("1-") ? id.slice(2).replaceAll("-", "") : id).toLowerCase();

export function TracePage({ id }) {
  const { data, error, reload } = useApi(`/api/traces/${encodeURIComponent(id)}`);
  const trace = useMemo(() => (data ? read(data) : null), [data]);
  useLive(({ changed }) => {
    if (changed.some((one) => digits(one) === digits(id))) reload();
  });
  useTitle(trace ? `${trace.data.root.name} ${trace.data.root.operation}`.trim() : `Trace ${id}`);
  if (trace) return html`<${Trace} trace=${trace} />`;
  if (!error) return html`<section class="message"><p class="quiet" role="status">…</p></section>`;
  return html`<section class="message"><h1>This trace is not here</h1><p>${error.message}</p>
    <p>If it still comes, it appears here by itself.</p><p><a href="/traces">All traces</a></p></section>`;
}

function Trace({ trace }) {
  const [view, change, undo] = useView();
  const found = useFound(trace, view.q);
  const field = useRef(null);
  const list = useMemo(() => visible(trace, view, found?.rows ?? null), [trace, view.closed, view.open, view.below, view.focus, view.service, view.only, view.equal, found]);
  const chosen = trace.number.get(view.row.toLowerCase());

  const choose = (row, panel = view.panel) => row !== undefined && change({ row: trace.id[row], panel });
  const reveal = (row) => row !== undefined && change((now) => ({ ...revealing(trace, now, row, found?.rows ?? null), row: trace.id[row] }));
  const goTo = (name) => reveal(trace.number.get(name));
  const toggle = (row) => change((now) => toggled(trace, now, row), { step: true });
  const seek = (sorted, step, what) => {
    const next = nextOf(sorted, chosen ?? (step > 0 ? -1 : trace.total), step);
    if (next === undefined) return announce(`No ${what}`);
    announce(`${what} ${sorted.indexOf(next) + 1} of ${sorted.length}`);
    return reveal(next);
  };
  const go = { match: (step) => seek(found?.sorted ?? [], step, "match"), failing: (step) => seek(trace.failing, step, "failure") };
  useRowKeys({ trace, view, list, chosen, choose, reveal, toggle, change, undo, go, field });
  useFirstSight(trace, view, found, chosen, reveal);

  const hidden = (view.focus ? trace.size[trace.number.get(view.focus)] ?? trace.total : trace.total) - list.length;
  return html`<div class=${`trace ${view.panel && chosen !== undefined ? "with-details" : ""}`}>
    <${Head} trace=${trace} onGo=${goTo} />
    <${Minimap} trace=${trace} zoom=${view.zoom} onZoom=${(zoom) => change({ zoom }, { step: true })} />
    <${Tools} trace=${trace} view=${view} found=${found} hidden=${hidden} change=${change} go=${go} undo=${undo} field=${field} />
    <div class="both">
      <${Rows} trace=${trace} view=${view} list=${list} chosen=${chosen} matches=${found?.rows} onChoose=${(row) => choose(row, true)} onToggle=${toggle} />
      ${view.panel && chosen !== undefined && html`<${Details} trace=${trace} row=${chosen} tab=${view.tab} onTab=${(tab) => change({ tab })} onGo=${goTo} onClose=${() => change({ panel: false })} />`}
    </div>
  </div>`;
}

/** The rows that the text is in: {rows, sorted}; null as long as nobody knows. */
function useFound(trace, q) {
  const [found, set] = useState(null);
  useEffect(() => {
    if (!q.trim()) {
      set(null);
      return undefined;
    }
    const control = new AbortController();
    ask(`/api/traces/${trace.data.id}/search?q=${encodeURIComponent(q)}`, { signal: control.signal })
      .then(({ rows }) => set({ rows: new Set(rows), sorted: rows }))
      .catch((error) => error.name !== "AbortError" && set({ rows: new Set(), sorted: [] }));
    return () => control.abort();
  }, [q, trace]);
  return q.trim() ? found : null;
}

/** A row that the address names is to be seen, even if it is folded away. */
function useFirstSight(trace, view, found, chosen, reveal) {
  const shown = useRef("");
  useEffect(() => {
    if (chosen === undefined || shown.current === view.row) return;
    shown.current = view.row;
    if (!visible(trace, view, found?.rows ?? null).includes(chosen)) reveal(chosen);
  }, [view.row, chosen === undefined]);
}

function toggled(trace, view, row) {
  const [closed, open] = [new Set(view.closed), new Set(view.open)];
  const id = trace.id[row];
  if (isFolded(trace, view, row)) open.add(id);
  else if (trace.size[row] > 1) closed[closed.has(id) ? "delete" : "add"](id);
  else if (isFoldable(trace, row)) open.delete(id);
  return { closed, open };
}

function useRowKeys({ trace, view, list, chosen, choose, reveal, toggle, change, undo, go, field }) {
  const at = chosen === undefined ? -1 : list.indexOf(chosen);
  const move = (to) => choose(list[Math.min(Math.max(to, 0), list.length - 1)]);
  const isOpen = chosen !== undefined && trace.size[chosen] > 1 && !view.closed.has(trace.id[chosen]) && !isFolded(trace, view, chosen);
  const left = () => {
    if (chosen === undefined) return;
    const leader = trace.fold[chosen];
    if (isOpen) toggle(chosen);
    else if (leader >= 0 && view.open.has(trace.id[leader])) {
      const open = new Set(view.open);
      open.delete(trace.id[leader]);
      change({ open, row: trace.id[leader] }, { step: true });
    } else if (trace.parent[chosen] >= 0) choose(trace.parent[chosen]);
  };
  const right = () => {
    if (chosen === undefined) return;
    if (isOpen) move(at + 1);
    else if (trace.size[chosen] > 1 || isFolded(trace, view, chosen)) toggle(chosen);
  };
  const tab = (step) => {
    const names = TABS.map(([name]) => name);
    change({ tab: names[(names.indexOf(view.tab) + step + names.length) % names.length], panel: true });
  };
  const details = () => {
    change({ panel: true });
    focusOn("tab-content");
  };
  const page = Math.max(1, Math.floor((document.querySelector(".rows")?.clientHeight ?? 400) / ROW_PX) - 1);
  const shift = (share) => change((now) => ({ zoom: shifted(now.zoom, trace, share) }));
  const scale = (by) => change((now) => ({ zoom: scaled(now.zoom, trace, chosen, by) }), { step: true });
  useKeys("Trace", {
    j: ["Next row", () => move(at + 1)], ArrowDown: ["", () => move(at + 1)],
    k: ["Previous row", () => move(at - 1)], ArrowUp: ["", () => move(at - 1)],
    l: ["Unfold, or into it", right], ArrowRight: ["", right],
    h: ["Fold, or to the parent", left], ArrowLeft: ["", left],
    PageDown: ["", () => move(at + page)], PageUp: ["", () => move(at - page)],
    "g g": ["First row", () => move(0)], Home: ["", () => move(0)],
    G: ["Last row", () => move(list.length - 1)], End: ["", () => move(list.length - 1)],
    Enter: ["Details", () => chosen !== undefined && details()],
    Escape: ["Close the details", () => change({ panel: false })],
    "[": ["Previous tab", () => tab(-1)], "]": ["Next tab", () => tab(1)],
    "/": ["Search in this trace", () => field.current.select()],
    n: ["Next match", () => go.match(1)], N: ["Previous match", () => go.match(-1)],
    e: ["Next that failed", () => go.failing(1)], E: ["Previous that failed", () => go.failing(-1)],
    m: ["Matches only", () => change({ only: !view.only }, { step: true })],
    f: ["Only this sub-tree", () => chosen !== undefined && change({ focus: trace.id[chosen] }, { step: true })],
    s: ["Only this service", () => chosen !== undefined && change({ service: view.service ? "" : trace.words[trace.service[chosen]] }, { step: true })],
    u: ["Undo the last step", () => undo() || announce("Nothing to undo")],
    z: ["Fold equal siblings", () => change({ equal: !view.equal, open: new Set() }, { step: true })],
    c: ["Critical path", () => change({ path: !view.path })],
    "+": ["Zoom in", () => scale(0.5)], "-": ["Zoom out", () => scale(2)], x: ["All of the time", () => change({ zoom: null }, { step: true })],
    ",": ["Earlier", () => shift(-0.25)], ".": ["Later", () => shift(0.25)],
  });
}

function focusOn(id) {
  requestAnimationFrame(() => document.getElementById(id)?.focus({ preventScroll: true }));
}

/** Around the middle of the chosen row, where it is in sight. */
function scaled(zoom, trace, chosen, by) {
  const [from, to] = zoom ?? [0, trace.length_ms];
  const middle = chosen === undefined ? (from + to) / 2 : trace.start[chosen] + trace.length[chosen] / 2;
  const around = middle >= from && middle <= to ? middle : (from + to) / 2;
  const half = Math.max(((to - from) * by) / 2, 0.0005);
  if (half * 2 >= trace.length_ms) return null;
  return shifted([around - half, around + half], trace, 0);
}

function shifted(zoom, trace, share) {
  if (!zoom) return null;
  const width = zoom[1] - zoom[0];
  const from = Math.min(Math.max(zoom[0] + width * share, 0), trace.length_ms - width);
  return [from, from + width];
}
