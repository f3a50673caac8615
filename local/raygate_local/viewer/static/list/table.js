/* The rows: only those in sight are in the page, so that ten thousand scroll as well as ten. */

import { Status, duration, html, moment, number, useEffect, useLayoutEffect, useRef, useState } from "../base.js";
import { Value } from "./values.js";

const MARGIN = 12;
const MOST_VALUES = 3;
const COLUMNS = ["Status", "Time", "Duration", "Service", "Request", "Services", "Spans", "Annotations"];

/** `rows` may be fewer than `total`: `onWant(index)` asks for more. `chosen` is a trace id. */
export function Table({ rows, total, chosen, scroll, onChoose, onOpen, onWant, onMenu }) {
  const body = useRef(null);
  const [view, setView] = useState({ top: scroll.top, height: 600, rowHeight: 30 });
  const first = Math.max(0, Math.floor(view.top / view.rowHeight) - MARGIN);
  const last = Math.min(total, Math.ceil((view.top + view.height) / view.rowHeight) + MARGIN);
  const anchor = useRef(null);

  useEffect(() => onWant(last - 1), [last, rows.length]);
  useLayoutEffect(() => {
    const measure = () => {
      const rowHeight = parseFloat(getComputedStyle(body.current).getPropertyValue("--row-height"));
      setView((before) => ({ ...before, height: body.current.clientHeight, rowHeight }));
    };
    measure();
    body.current.scrollTop = scroll.top;
    const watch = new ResizeObserver(measure);
    watch.observe(body.current);
    return () => watch.disconnect();
  }, []);
  /* What somebody reads stays where it is when rows come above it. */
  useLayoutEffect(() => {
    const was = anchor.current;
    if (was && body.current.scrollTop > 0) {
      const place = rows.findIndex((row) => row.id === was.id);
      if (place >= 0 && place !== was.place) body.current.scrollTop += (place - was.place) * view.rowHeight;
    }
    const place = Math.min(rows.length - 1, Math.ceil(body.current.scrollTop / view.rowHeight));
    anchor.current = place >= 0 ? { id: rows[place].id, place } : null;
  }, [rows, view.top]);
  useLayoutEffect(() => {
    const place = rows.findIndex((row) => row.id === chosen?.id);
    if (place >= 0 && chosen.isByKey) reveal(body.current, place, view.rowHeight);
  }, [chosen]);

  const scrolled = () => {
    scroll.top = body.current.scrollTop;
    setView((before) => ({ ...before, top: body.current.scrollTop }));
  };
  const shown = rows.slice(first, last);
  const isToday = rows.length > 0 && moment(rows.at(-1).start).date === moment(Date.now() / 1000).date;
  return html`<div
    class=${`table ${isToday ? "" : "with-dates"}`}
    ref=${body}
    role="grid"
    aria-label="Traces"
    aria-rowcount=${total + 1}
    aria-colcount=${COLUMNS.length}
    tabindex="0"
    aria-activedescendant=${chosen ? `row-${chosen.id}` : undefined}
    onScroll=${scrolled}
  >
    <div class="head" role="row" aria-rowindex="1">
      ${COLUMNS.map((name) => html`<span role="columnheader" class=${name.toLowerCase()}>${name}</span>`)}
    </div>
    <div class="room" role="rowgroup" style=${{ height: `${total * view.rowHeight}px` }}>
      ${shown.map(
        (row, place) => html`<${Row}
          key=${row.id}
          row=${row}
          index=${first + place}
          top=${(first + place) * view.rowHeight}
          isChosen=${chosen?.id === row.id}
          onChoose=${onChoose}
          onOpen=${onOpen}
          onMenu=${onMenu}
        />`,
      )}
      ${last > rows.length && html`<p class="more quiet" style=${{ top: `${rows.length * view.rowHeight}px` }}>Loading…</p>`}
    </div>
  </div>`;
}

function Row({ row, index, top, isChosen, onChoose, onOpen, onMenu }) {
  const [at, today] = [moment(row.start), moment(Date.now() / 1000).date];
  const click = (event) => {
    if (event.target.closest("a, button")) return;
    onChoose(row.id);
    if (!getSelection().toString()) onOpen(row.id);
  };
  const cell = (name, content) => html`<span role="gridcell" class=${name}>${content}</span>`;
  const more = row.services.filter((name) => name !== row.service);
  return html`<div
    id=${`row-${row.id}`}
    class=${`row ${isChosen ? "chosen" : ""}`}
    role="row"
    aria-rowindex=${index + 2}
    aria-selected=${isChosen}
    style=${{ transform: `translateY(${top}px)` }}
    onClick=${click}
  >
    ${cell(
      "status",
      html`<${Value} kind="status" value=${row.status} onMenu=${onMenu}><${Status} of=${row.status} /><//>
        ${row.inner && html`<${Status} of=${row.inner} quiet title=${`${row.inner} in a part of it`} />`}
        ${row.partial && html`<span class="quiet" title="In progress: a part of it has no end yet">…</span>`}`,
    )}
    ${cell("time", html`${at.date !== today && html`<span class="date">${at.date}</span> `}${at.time}`)}
    ${cell("duration number", duration(row.duration))}
    ${cell("service", html`<${Value} kind="service" value=${row.service} onMenu=${onMenu} />`)}
    ${cell(
      "request",
      html`<a href=${`/traces/${row.id}`} tabindex="-1" title=${`${row.method} ${row.url}\n${row.id}`}>${request(row)}</a>
        ${row.code && html` <${Value} kind="code" value=${row.code} onMenu=${onMenu} />`}`,
    )}
    ${cell(
      "services",
      html`${more.slice(0, MOST_VALUES).map((name) => html`<${Value} kind="service" value=${name} onMenu=${onMenu} />`)}
        ${rest(more)}`,
    )}
    ${cell("spans number", number(row.spans))}
    ${cell("annotations", annotations(row, onMenu))}
  </div>`;
}

/** What was asked of the service: method and path, else the path alone, else the trace's id. */
function request({ method, url, id }) {
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(\/[^?#]*)?/i.exec(url)?.[1] ?? url;
  if (!method && !url) return html`<span class="mono quiet">${id}</span>`;
  return html`${method && html`<b>${method}</b> `}${path || (url && "/")}`;
}

function annotations(row, onMenu) {
  const all = Object.entries(row.annotations).flatMap(([key, values]) => values.map((value) => [key, value]));
  const shown = all.slice(0, MOST_VALUES).map(
    ([key, value]) => html`<${Value} kind="annotation" name=${key} value=${value} onMenu=${onMenu}>
      <span class="quiet">${key}</span> ${String(value)}
    <//>`,
  );
  return html`${shown}${rest(all.map(([key, value]) => `${key} ${value}`))}`;
}

/** How many there are besides those that are shown. */
function rest(all) {
  const more = all.slice(MOST_VALUES);
  return more.length > 0 && html`<span class="quiet" title=${more.join(", ")}>+${more.length}</span>`;
}

/** Below the head, which stays where it is. */
function reveal(body, place, rowHeight) {
  const top = place * rowHeight;
  const height = body.clientHeight - body.firstElementChild.offsetHeight;
  if (top < body.scrollTop) body.scrollTop = top;
  else if (top + rowHeight > body.scrollTop + height) body.scrollTop = top + rowHeight - height;
}
