/* The list of traces. All that one looks at is in the address: filter, timeRange, hide (more than one, as JSON). */

import { Sheet, announce, ask, changeSetting, copy, count, html, navigate, number, setQuery, settings } from "../base.js";
import { useAddress, useKeys, useLive, useTitle } from "../base.js";
import { useEffect, useMemo, useReducer, useRef, useState } from "../base.js";
import { Failed, NoMatch, Unread, Welcome } from "./empty.js";
import { and, effective } from "./expression.js";
import { FilterBox } from "./filter.js";
import { Histogram } from "./histogram.js";
import { RangePicker, written } from "./range.js";
import { Rows } from "./rows.js";
import { Hidden, Saved } from "./saved.js";
import { Table } from "./table.js";
import { ValueMenu, valuesOf } from "./values.js";

/* What stays while another page is looked at: one comes back to the same rows at the same place. */
const left = { key: null, scroll: { top: 0 }, chosen: null, isPaused: false };

export function ListPage() {
  const { query } = useAddress();
  const [filter, range, hidden] = [query.get("filter") ?? "", query.get("timeRange") ?? "", hiddenIn(query)];
  const asked = useMemo(() => ({ filter: effective(filter, hidden), range }), [filter, range, query.get("hide")]);
  const rows = useRows(asked);
  const [chosen, choose] = useChosen();
  const [menu, setMenu] = useState(null);
  const [isClearing, setClearing] = useState(false);
  useTitle(filter || "Traces");

  const index = rows.rows.findIndex((row) => row.id === chosen?.id);
  const go = (to) => {
    const row = rows.rows[Math.max(0, Math.min(rows.rows.length - 1, to))];
    if (row) choose({ id: row.id, isByKey: true });
  };
  const open = (id) => navigate(`/traces/${id}`);
  const apply = (text) => setQuery({ filter: text });
  const more = (text) => apply(and(filter, text));
  const hide = (text) => setQuery({ hide: toggled(hidden, text) });
  const pause = () => {
    left.isPaused = !rows.isPaused;
    rows.pause(!rows.isPaused);
    announce(rows.isPaused ? "Paused" : "Live");
  };
  const showValues = () => {
    const row = rows.rows[index];
    const anchor = row && document.getElementById(`row-${row.id}`);
    if (anchor) setMenu({ anchor, values: valuesOf(row) });
  };
  useKeys("Trace list", {
    j: ["Next trace", () => go(index + 1)],
    k: ["Previous trace", () => go(index < 0 ? 0 : index - 1)],
    ArrowDown: ["", () => go(index + 1)],
    ArrowUp: ["", () => go(index < 0 ? 0 : index - 1)],
    "g g": ["First trace", () => go(0)],
    G: ["Last trace that is loaded", () => go(rows.rows.length - 1)],
    Enter: ["Open the trace", () => chosen && open(chosen.id)],
    f: ["Filter by a value of the trace", showValues],
    y: ["Copy the trace's identifier", () => chosen && copy(chosen.id)],
    p: ["Pause, resume", pause],
    u: ["UTC or local time", () => changeSetting("zone", settings.zone === "utc" ? "local" : "utc")],
  });

  const isEmpty = rows.isLoaded && !rows.error && rows.total === 0;
  const isNew = isEmpty && !filter && !range && hidden.length === 0;
  return html`<div class="list" aria-busy=${!rows.isLoaded}>
    <div class="tools">
      <${FilterBox} value=${filter} hidden=${hidden} range=${range} refused=${rows.error} onApply=${apply} />
      <div class="line">
        <${RangePicker} value=${range} onChange=${(text) => setQuery({ timeRange: text })} />
        <${Saved} filter=${filter} hidden=${hidden} onApply=${apply} onHide=${hide} />
        <${Hidden} hidden=${hidden} onHide=${hide} />
        <span class="space"></span>
        <span class="found quiet" role="status">${rows.isLoaded && !rows.error ? count(rows.total, "trace") : ""}</span>
        <button type="button" aria-pressed=${rows.isPaused} title="Pause or resume (p)" onClick=${pause}>
          ${rows.isPaused ? html`▶ Resume${rows.waiting.size > 0 && html` <b>${number(rows.waiting.size)} waiting</b>`}` : "❚❚ Pause"}
        </button>
        <button type="button" disabled=${isNew} onClick=${() => setClearing(true)}>Clear all…</button>
      </div>
      ${!isNew && html`<${Histogram}
        asked=${asked}
        version=${rows.error ? null : rows.version}
        onRange=${(from, to) => setQuery({ timeRange: written(from, to) })}
        onStatus=${more}
      />`}
    </div>
    ${body({ rows, isNew, isEmpty, filter, range, hidden, chosen, choose, open, setMenu })}
    ${menu && html`<${ValueMenu} ...${menu} onAnd=${more} onClose=${() => setMenu(null)} />`}
    ${isClearing && html`<${Clearing} onClose=${() => setClearing(false)} onDone=${() => rows.reload()} />`}
  </div>`;
}

function body({ rows, isNew, isEmpty, filter, range, hidden, chosen, choose, open, setMenu }) {
  if (rows.error?.body?.column !== undefined) return html`<${Unread} />`;
  if (rows.error && rows.rows.length === 0) return html`<${Failed} error=${rows.error} onAgain=${() => rows.reload()} />`;
  if (isNew) return html`<${Welcome} />`;
  if (isEmpty) return html`<${NoMatch} filter=${filter} range=${range} hidden=${hidden} onChange=${setQuery} />`;
  return table();

  function table() {
    return html`<${Table}
      key=${left.key}
      rows=${rows.rows}
      total=${rows.total}
      chosen=${chosen}
      scroll=${left.scroll}
      onChoose=${(id) => choose({ id, isByKey: false })}
      onOpen=${open}
      onWant=${(place) => rows.want(place)}
      onMenu=${(anchor, values) => setMenu({ anchor, values })}
    />`;
  }
}

/** The rows of what is asked, drawn again when they change. */
function useRows(asked) {
  const [, again] = useReducer((turn) => turn + 1, 0);
  const held = useRef(null);
  const key = JSON.stringify(asked);
  if (held.current?.key !== key) {
    held.current?.rows.stop();
    if (left.key !== key) Object.assign(left, { key, scroll: { top: 0 }, rows: null });
    const rows = new Rows(asked, again);
    if (left.rows) Object.assign(rows, { rows: left.rows, total: left.total, isLoaded: true });
    rows.isPaused = left.isPaused;
    held.current = { key, rows };
  }
  const { rows } = held.current;
  useEffect(() => {
    rows.reload();
    return () => {
      Object.assign(left, { rows: rows.rows, total: rows.total });
      rows.stop();
    };
  }, [rows]);
  useLive((event) => rows.tell(event));
  return rows;
}

function useChosen() {
  const [chosen, set] = useState(left.chosen && { ...left.chosen, isByKey: false });
  const choose = (one) => {
    left.chosen = one;
    set(one);
  };
  return [chosen, choose];
}

function Clearing({ onClose, onDone }) {
  const [error, set] = useState(null);
  const clear = async () => {
    try {
      await ask("/api/clear", { method: "POST" });
      onDone();
      onClose();
    } catch (refused) {
      set(refused);
    }
  };
  return html`<${Sheet} title="Remove all traces?" onClose=${onClose}>
    <p>Every trace that is kept here is removed, whatever the filter. This cannot be undone.</p>
    ${error && html`<p class="status fault" role="alert">${error.message}</p>`}
    <p class="actions">
      <button type="button" onClick=${onClose}>Keep them</button>
      <button type="button" class="danger" onClick=${clear}>Remove all</button>
    </p>
  <//>`;
}

function hiddenIn(query) {
  try {
    const given = JSON.parse(query.get("hide") ?? "[]");
    return Array.isArray(given) ? given.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

function toggled(hidden, text) {
  const now = hidden.includes(text) ? hidden.filter((one) => one !== text) : [...hidden, text];
  return now.length ? JSON.stringify(now) : null;
}
