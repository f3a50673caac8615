/* The aligned waterfall: a row for each place of the two trees, its bar in A above its bar in B, from each trace's start.
   Only the rows in sight are in the page. */

import { duration, html, useLayoutEffect, useRef, useState } from "../base.js";

export const CHANGES = { added: "+", removed: "−", slower: "▲", faster: "▼", same: "=" };
const ROW_PX = 34;
const AROUND = 12;

/** "+12.3 ms" */
export function signed(seconds) {
  if (Math.abs(seconds) < 1e-6) return "±0";
  return `${seconds > 0 ? "+" : "−"}${duration(Math.abs(seconds))}`;
}

export function Rows({ data, rows, chosen, onChoose, onOpen }) {
  const place = useRef(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useLayoutEffect(() => {
    const watch = new ResizeObserver(([{ contentRect }]) => setHeight(contentRect.height));
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    const at = rows.indexOf(chosen);
    if (at < 0) return;
    const { scrollTop, clientHeight } = place.current;
    if (at * ROW_PX < scrollTop) place.current.scrollTop = at * ROW_PX;
    else if ((at + 2) * ROW_PX > scrollTop + clientHeight) place.current.scrollTop = (at + 2) * ROW_PX - clientHeight;
  }, [chosen, rows]);
  const first = Math.max(0, Math.floor(top / ROW_PX) - AROUND);
  const shown = rows.slice(first, first + Math.ceil(height / ROW_PX) + 2 * AROUND);
  const length = Math.max(data.before.duration_s, data.after.duration_s, 1e-6) * 1000;
  return html`<div class="cmp-rows" role="treegrid" aria-label="Both traces" aria-rowcount=${rows.length + 1} tabindex="0" ref=${place} onScroll=${(event) => setTop(event.currentTarget.scrollTop)}>
    <div class="cmp-row cmp-heading" role="row" aria-rowindex="1">
      <span role="columnheader">Row</span><span role="columnheader" class="number a">A</span><span role="columnheader" class="number b">B</span>
      <span role="columnheader" class="number">Difference</span><span role="columnheader" class="time">0 … ${duration(length / 1000)}</span>
    </div>
    <div class="cmp-room" role="rowgroup" style=${{ height: `${rows.length * ROW_PX}px` }}>
      ${shown.map((number, place) => html`<${Row} key=${number} row=${data.rows[number]} at=${first + place} length=${length} isChosen=${number === chosen} onChoose=${() => onChoose(number)} onOpen=${onOpen} />`)}
    </div>
  </div>`;
}

function Row({ row, at, length, isChosen, onChoose, onOpen }) {
  const { before, after } = row;
  return html`<div class=${`cmp-row ${row.change}`} role="row" aria-rowindex=${at + 2} aria-level=${row.depth + 1} aria-selected=${isChosen}
    style=${{ transform: `translateY(${at * ROW_PX}px)` }} onClick=${onChoose} onDblClick=${() => onOpen(row)}>
    <span role="gridcell" class="what" title=${`${row.service} ${row.name} ${row.operation}`} style=${{ paddingLeft: `${Math.min(row.depth, 24) * 12}px` }}>
      <i class="sign" aria-hidden="true">${CHANGES[row.change]}</i><span class="unseen">${row.change} </span>
      <b>${row.name}</b> <span class="quiet">${row.operation}</span>${row.other && html` <span class="cmp-other-status">${before.status} → ${after.status}</span>`}
    </span>
    <span role="gridcell" class="number a">${before ? duration(before.length / 1000) : "–"}</span>
    <span role="gridcell" class="number b">${after ? duration(after.length / 1000) : "–"}</span>
    <span role="gridcell" class="number delta">${row.change === "same" ? "" : signed(row.delta)}</span>
    <span role="gridcell" class="time" aria-hidden="true"><${Bar} side=${before} name="A" length=${length} /><${Bar} side=${after} name="B" length=${length} /></span>
  </div>`;
}

function Bar({ side, name, length }) {
  if (!side) return null;
  const left = Math.max(0, Math.min(100, (side.start / length) * 100));
  const width = Math.min(100 - left, (side.length / length) * 100);
  return html`<i class=${`cmp-bar ${name} ${side.status}`} style=${{ left: `${left}%`, width: `${width}%` }}></i>`;
}
