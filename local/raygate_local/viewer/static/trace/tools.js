/* Above the rows: search inside the trace, what makes it smaller, what was changed. */

import { html, useEffect, useRef, useState } from "../base.js";

const SHORTEST = [0, 0.1, 1, 10, 100, 1000];
const TYPING_MS = 150;

export function Tools({ trace, view, found, hidden, change, go, undo, field }) {
  const position = found ? found.sorted.indexOf(trace.number.get(view.row)) : -1;
  return html`<div class="tools" role="toolbar" aria-label="Rows">
    <div class="search">
      <${Search} q=${view.q} field=${field} onType=${(q) => change({ q })} onEnter=${(step) => go.match(step)} />
      ${view.q && html`<span class="found" role="status">${found ? `${position >= 0 ? `${position + 1} of ` : ""}${found.sorted.length}` : "…"}</span>
        <button type="button" class="plain" title="Previous match (N)" aria-label="Previous match" onClick=${() => go.match(-1)}>↑</button>
        <button type="button" class="plain" title="Next match (n)" aria-label="Next match" onClick=${() => go.match(1)}>↓</button>
        <button type="button" aria-pressed=${view.only} title="Matches and what is above them (m)" onClick=${() => change({ only: !view.only }, { step: true })}>Matches only</button>`}
    </div>
    ${trace.failing.length > 0 && html`<button type="button" title="Next that failed (e), previous (E)" onClick=${() => go.failing(1)}>Next failure</button>`}
    <label class="pick">Hide below
      <select value=${String(view.below)} onChange=${(event) => change({ below: Number(event.target.value) }, { step: true })}>
        ${[...new Set([...SHORTEST, view.below])].sort((one, other) => one - other).map((ms) => html`<option value=${String(ms)} selected=${ms === view.below}>${ms ? `${ms} ms` : "nothing"}</option>`)}
      </select>
    </label>
    ${trace.services.length > 1 && html`<label class="pick">Service
      <select value=${view.service} onChange=${(event) => change({ service: event.target.value }, { step: true })}>
        <option value="" selected=${!view.service}>all</option>
        ${trace.services.map(({ name, rows }) => html`<option value=${name} selected=${name === view.service}>${name} (${rows})</option>`)}
      </select>
    </label>`}
    <button type="button" aria-pressed=${view.path} title="What the end of the trace was waiting for (c)" onClick=${() => change({ path: !view.path })}>Critical path</button>
    ${Object.keys(trace.folds).length > 0 && html`<button type="button" aria-pressed=${view.equal} title="Five or more equal siblings as one row (z)" onClick=${() => change({ equal: !view.equal, open: new Set() }, { step: true })}>Fold equal</button>`}
    <span class="space"></span>
    ${view.focus && trace.number.has(view.focus) && html`<button type="button" class="on" onClick=${() => change({ focus: "" }, { step: true })}>Sub-tree of ${trace.words[trace.name[trace.number.get(view.focus)]] || view.focus} ✕</button>`}
    ${view.zoom && html`<button type="button" class="on" title="All of the time (x)" onClick=${() => change({ zoom: null }, { step: true })}>Zoomed ✕</button>`}
    ${hidden > 0 && html`<span class="quiet hidden-rows" role="status">${hidden.toLocaleString("en-US")} not shown</span>`}
    <button type="button" class="plain" title="Undo the last step (u)" aria-label="Undo" onClick=${undo}>↶</button>
  </div>`;
}

function Search({ q, field, onType, onEnter }) {
  const [text, set] = useState(q);
  const typed = useRef(q);
  useEffect(() => {
    if (q !== typed.current) set((typed.current = q));
  }, [q]);
  useEffect(() => {
    if (text === typed.current) return undefined;
    const timer = setTimeout(() => onType((typed.current = text)), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const press = (event) => {
    if (event.key === "Enter") onEnter(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") event.target.blur();
    else return;
    event.preventDefault();
  };
  return html`<input
    type="search" ref=${field} value=${text} placeholder="Search in this trace  /" aria-label="Search in this trace: any key, value, id or exception"
    spellcheck=${false} autocomplete="off" onInput=${(event) => set(event.target.value)} onKeyDown=${press}
  />`;
}
