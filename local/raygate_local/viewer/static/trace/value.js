/* A key and its value, and what can be done with it: copy, find traces with it, leave them out. */

import { Copy, html, link, useState } from "../base.js";

const LONG = 600;

/** Rows of [key, value, filters, note]: filters is {by, without} or nothing. */
export function Values({ rows, empty = "Nothing." }) {
  const shown = rows.filter(([, value]) => value !== undefined && value !== null && value !== "");
  if (!shown.length) return html`<p class="quiet">${empty}</p>`;
  return html`<dl class="values">${shown.map(([key, value, filters, note]) => html`<${One} name=${key} value=${value} filters=${filters} note=${note} />`)}</dl>`;
}

function One({ name, value, filters, note }) {
  const text = written(value);
  return html`<div>
    <dt>${name}</dt>
    <dd>
      <${Shown} value=${value} text=${text} />
      ${note && html`<span class="note">${note}</span>`}
      <span class="doing">
        <${Copy} text=${text} label=${`Copy ${name}`} />
        ${filters && html`<a class="copy" href=${link("/traces", { filter: filters.by })} title=${`Traces where ${filters.by}`}>Filter by</a>
          <a class="copy" href=${link("/traces", { filter: filters.without })} title=${`Traces where ${filters.without}`}>Exclude</a>`}
      </span>
    </dd>
  </div>`;
}

function Shown({ value, text }) {
  const [isWhole, whole] = useState(false);
  const [isRaw, raw] = useState(false);
  const pretty = typeof value === "string" ? prettyOf(value) : null;
  const long = (pretty && !isRaw ? pretty : text);
  const cut = long.length > LONG && !isWhole;
  const isBlock = pretty || typeof value === "object" || text.includes("\n");
  return html`${isBlock ? html`<pre>${cut ? `${long.slice(0, LONG)}…` : long}</pre>` : html`<span class="plain-value">${cut ? `${long.slice(0, LONG)}…` : long}</span>`}
    ${long.length > LONG && html`<button type="button" class="copy" onClick=${() => whole(!isWhole)}>${isWhole ? "Less" : `All ${long.length.toLocaleString("en-US")} characters`}</button>`}
    ${pretty && html`<button type="button" class="copy" onClick=${() => raw(!isRaw)}>${isRaw ? "Pretty" : "As it is"}</button>`}`;
}

/** JSON within a text, laid out; null when it is none. */
function prettyOf(text) {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}

export function written(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** An object as [path, value] for each of its leaves; lists stay whole. */
export function leaves(value, path = "") {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, one]) => leaves(one, path ? `${path}.${key}` : key));
}
