/* The service map: of the traces that a filter and a span of time leave (`filter`, `timeRange`, or `from` and `to` in
   seconds), or of one trace (`trace`). What is chosen is in the address too: `at`, and `part` of its response times. */

import { ApiError, announce, ask, count, html, link, navigate, setQuery, useAddress, useEffect, useKeys, useLayoutEffect, useLive, useMemo, useReducer, useRef, useSettings, useState, useTitle } from "../base.js";
import { FilterBox } from "../list/filter.js";
import { RangePicker, bounds, written } from "../list/range.js";
import { Find } from "./find.js";
import { useLayout } from "./layout.js";
import { nameOf, read } from "./model.js";
import { Panel, addresses } from "./panel.js";
import { Picture, Shape, size } from "./picture.js";
import { Tables } from "./table.js";

const REST_MS = 300;
const STEP = 60;
const PARTS = /^(\d+(?:\.\d+)?(?:e-?\d+)?)~(\d+(?:\.\d+)?(?:e-?\d+)?)$/;

export function MapPage() {
  const { query } = useAddress();
  const trace = query.get("trace") ?? "";
  const filter = query.get("filter") ?? "";
  const range = query.get("timeRange") ?? given(query.get("from"), query.get("to"));
  useSettings();
  useTitle(trace ? `Map of ${trace}` : "Map");
  const { map, error } = useMap({ trace, filter, range });
  return html`<div class="map">
    <div class="map-tools">
      ${trace
        ? html`<div class="map-line"><h1>Map of a trace</h1> <a href=${`/traces/${trace}`}><code>${trace}</code></a><span class="space"></span><${Look} map=${map} query=${query} /></div>`
        : html`<${FilterBox} value=${filter} hidden=${[]} range=${range} refused=${error} onApply=${(text) => setQuery({ filter: text, at: null, part: null })} />
          <div class="map-line">
            <${RangePicker} value=${range} onChange=${(text) => setQuery({ timeRange: text, from: null, to: null })} />
            <span class="space"></span><span class="quiet" role="status">${map ? told(map) : ""}</span><${Look} map=${map} query=${query} />
          </div>`}
    </div>
    ${error && error.body?.column === undefined && html`<p class="map-wrong status fault" role="alert">${error.message}</p>`}
    ${map && map.nodes.length > 0 && html`<${Shown} map=${map} query=${query} asked=${addresses(filter, range)} />`}
    ${map && map.nodes.length === 0 && html`<${Nothing} isFiltered=${Boolean(filter || range)} />`}
  </div>`;
}

function told(map) {
  return `${count(map.nodes.filter((node) => node.kind !== "client").length, "service")}, ${count(map.traces, "trace")}`;
}

function Look({ map, query }) {
  if (!map?.nodes.length) return null;
  const isTable = query.get("view") === "table";
  const look = (view) => setQuery({ view });
  return html`<span class="map-look" role="group" aria-label="Show as">
    <button type="button" aria-pressed=${!isTable} onClick=${() => look(null)}>Map</button>
    <button type="button" aria-pressed=${isTable} title="Map or table (t)" onClick=${() => look("table")}>Table</button>
  </span>`;
}

function Nothing({ isFiltered }) {
  return html`<section class="message"><h1>${isFiltered ? "No trace matches" : "No services yet"}</h1>
    <p class="quiet">${isFiltered ? "No trace of this span of time is left by the filter." : "They appear here with the first trace."}</p>
    <p class="actions">${isFiltered && html`<button type="button" onClick=${() => navigate("/map")}>Everything</button> `}<a href="/traces">Traces</a></p></section>`;
}

function Shown({ map, query, asked }) {
  const chosen = query.get("at") ?? "";
  const one = map.byKey.get(chosen) ?? null;
  const part = partOf(query.get("part"));
  const isTable = query.get("view") === "table";
  const control = useRef(null);
  const place = useRef(null);
  const [aspect, setAspect] = useState(null);
  useLayoutEffect(() => setAspect(place.current.clientWidth / Math.max(200, place.current.clientHeight)), []);
  const choose = (key) => setQuery({ at: key === chosen ? null : key, part: null }, { replace: Boolean(chosen && key) });
  const close = () => setQuery({ at: null, part: null });
  const find = (node) => {
    if (node.key !== chosen) choose(node.key);
    control.current.show(node.key);
  };
  const layout = useLayout(map.nodes, map.edges, size, aspect ?? 1.6);
  useMapKeys({ map, layout, one, choose, close, control, isTable });
  return html`<div class=${`map-both ${one ? "with-panel" : ""}`}>
    <div class="map-place" ref=${place}>
      ${isTable
        ? html`<${Tables} map=${map} chosen=${chosen} onChoose=${choose} />`
        : layout && aspect && html`<${Picture} map=${map} layout=${layout} chosen=${chosen} onChoose=${(key) => (key ? choose(key) : one && close())} control=${control} />
            <div class="map-zoom" role="group" aria-label="Zoom">
              <button type="button" title="Closer (+)" aria-label="Closer" onClick=${() => control.current.zoom(1.3)}>+</button>
              <button type="button" title="Farther (−)" aria-label="Farther" onClick=${() => control.current.zoom(1 / 1.3)}>−</button>
              <button type="button" title="All of it (0)" onClick=${() => control.current.fit()}>Fit</button>
            </div>
            <${Find} nodes=${map.nodes.filter((node) => node.kind !== "client")} onFind=${find} />
            <${Legend} map=${map} />`}
    </div>
    ${one && html`<${Panel} one=${one} map=${map} asked=${asked} part=${part} onPart=${(next) => setQuery({ part: next && next.map((value) => Number(value.toPrecision(6))).join("~") }, { replace: true })} onChoose=${choose} onClose=${close} />`}
  </div>`;
}

const SHAPES = { service: "service", remote: "no segments of its own", database: "database", queue: "queue" };

function Legend({ map }) {
  const kinds = Object.entries(SHAPES).filter(([kind]) => map.nodes.some((node) => node.kind === kind));
  return html`<p class="map-legend quiet">${kinds.map(([kind, words]) => html`<span><svg viewBox="-10 -10 20 20" aria-hidden="true"><${Shape} kind=${kind} r=${8} class="inside" /></svg> ${words}</span>`)}
    <span>ring and signs: <b class="ok">● ok</b> <b class="error">▲ error</b> <b class="throttle">◆ throttle</b> <b class="fault">✖ fault</b></span></p>`;
}

function useMapKeys({ map, layout, one, choose, close, control, isTable }) {
  const steer = (run) => () => control.current && !isTable && run(control.current);
  const nodes = useMemo(() => inOrder(map, layout), [map, layout]);
  const place = one ? nodes.indexOf(one.from ? one.from : one) : -1;
  const go = (to) => {
    const next = nodes[(to + nodes.length) % nodes.length];
    if (next && next !== one) {
      choose(next.key);
      announce(nameOf(next));
    }
  };
  const along = (near, far) => {
    if (!one) return;
    const next = one.from ? one[far] : map.edges.find((edge) => edge[near] === one.key);
    if (next) choose(next.key);
  };
  useKeys("Map", {
    j: ["Next service", () => go(place + 1)], k: ["Previous service", () => go(place < 0 ? -1 : place - 1)],
    l: ["To what it calls", () => along("source", "to")], h: ["To what calls it", () => along("target", "from")],
    Escape: ["Close the details", () => one && close()],
    "+": ["Closer", steer((it) => it.zoom(1.3))], "=": ["", steer((it) => it.zoom(1.3))], "-": ["Farther", steer((it) => it.zoom(1 / 1.3))],
    0: ["All of it", steer((it) => it.fit())],
    ArrowLeft: ["Move the map", steer((it) => it.pan(STEP, 0))], ArrowRight: ["Move the map", steer((it) => it.pan(-STEP, 0))],
    ArrowUp: ["Move the map", steer((it) => it.pan(0, STEP))], ArrowDown: ["Move the map", steer((it) => it.pan(0, -STEP))],
    f: ["Find a service", () => document.getElementById("map-find")?.focus()],
    t: ["Map or table", () => setQuery({ view: isTable ? null : "table" })],
  });
}

/** As one reads: from the left, then from the top. */
function inOrder(map, layout) {
  const at = (node) => layout?.nodes[node.key] ?? [0, 0];
  return map.nodes.filter((node) => node.kind !== "client").sort((a, b) => at(a)[0] - at(b)[0] || at(a)[1] - at(b)[1]);
}

/** What is asked, again when something has come; the next question waits as long as the last answer took. */
function useMap({ trace, filter, range }) {
  const [state, set] = useState({ map: null, error: null });
  const [turn, again] = useReducer((now) => now + 1, 0);
  const held = useRef({ version: null, isBusy: false, isStale: false });
  const key = JSON.stringify([trace, filter, range]);
  useEffect(() => {
    const control = new AbortController();
    const mine = { version: null, isBusy: true, isStale: false };
    held.current = mine;
    const begun = performance.now();
    ask(address({ trace, filter, range }), { signal: control.signal })
      .then((data) => {
        mine.version = data.version;
        set({ map: read(data), error: null });
      })
      .catch((error) => {
        if (error.name === "AbortError") return;
        set((before) => ({ map: error instanceof ApiError && error.body?.column !== undefined ? before.map : null, error }));
      })
      .finally(() =>
        setTimeout(() => {
          mine.isBusy = false;
          if (mine.isStale && held.current === mine) again();
        }, REST_MS + (performance.now() - begun)),
      );
    return () => control.abort();
  }, [key, turn]);
  useLive(({ version }) => {
    const now = held.current;
    if (version === null || version === now.version) return;
    if (now.isBusy) now.isStale = true;
    else again();
  });
  return state;
}

function address({ trace, filter, range }) {
  if (trace) return link("/api/map", { trace });
  const { from, to } = bounds(range);
  return link("/api/map", { filter, from, to });
}

function given(from, to) {
  const [start, end] = [Number(from), Number(to)];
  return from && to && end > start ? written(start, end) : "";
}

function partOf(text) {
  const found = PARTS.exec(text ?? "");
  return found ? [Number(found[1]), Number(found[2])] : null;
}
