/* The chosen row in full: X-Ray's tabs, the span as it was sent, the rules between, links and events. */

import { Status, html, useApi } from "../base.js";
import { MISSING, STATUS, word } from "./model.js";
import { Annotations, Exceptions, Metadata, Overview, Raw, Resources } from "./document.js";
import { Links, Otlp, Rules } from "./span.js";

export const TABS = [
  ["overview", "Overview", Overview],
  ["resources", "Resources", Resources],
  ["annotations", "Annotations", Annotations, ({ document }) => Object.keys(document.annotations ?? {}).length],
  ["metadata", "Metadata", Metadata, ({ document }) => Object.values(document.metadata ?? {}).reduce((sum, one) => sum + Object.keys(one ?? {}).length, 0)],
  ["exceptions", "Exceptions", Exceptions, ({ document }) => document.cause?.exceptions?.length ?? (document.cause ? 1 : 0)],
  ["raw", "Raw", Raw],
  ["otlp", "OTLP", Otlp],
  ["rules", "Rules", Rules],
  ["links", "Links and events", Links, ({ links, otlp }) => links.length + (otlp?.events.length ?? 0)],
];

export function Details({ trace, row, tab, onTab, onGo, onClose }) {
  const { data, error } = useApi(`/api/traces/${trace.data.id}/spans/${encodeURIComponent(trace.id[row])}?revision=${trace.data.revision}`);
  const isThis = data?.id === trace.id[row];
  const [, , Content] = TABS.find(([name]) => name === tab) ?? TABS[0];
  const status = STATUS[trace.status[row]];
  const title = word(trace, "name", row) || trace.id[row];
  return html`<aside class="details" aria-label="Details">
    <header>
      <h2 title=${`${title} ${word(trace, "operation", row)}`}>${status !== "ok" && html`<${Status} of=${status} quiet /> `}${title} <span class="operation">${word(trace, "operation", row)}</span></h2>
      <button type="button" class="plain" title="Close (Esc)" aria-label="Close" onClick=${onClose}>✕</button>
    </header>
    <${Tabs} data=${isThis ? data : null} tab=${tab} onTab=${onTab} />
    <div class="content" role="tabpanel" id="tab-content" aria-labelledby=${`tab-${tab}`} tabindex="0">
      ${error && !isThis ? html`<p class="quiet">${error.message}</p>` : !isThis ? html`<p class="quiet">…</p>` : trace.kind[row] === MISSING ? html`<${Missing} trace=${trace} row=${row} onGo=${onGo} />` : html`<${Content} key=${`${tab} ${data.id}`} trace=${trace} row=${row} data=${data} onGo=${onGo} />`}
    </div>
  </aside>`;
}

function Tabs({ data, tab, onTab }) {
  const press = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const names = TABS.map(([name]) => name);
    const next = names[(names.indexOf(tab) + step + names.length) % names.length];
    onTab(next);
    document.getElementById(`tab-${next}`).focus();
  };
  return html`<div class="tabs" role="tablist" aria-label="About this row" onKeyDown=${press}>
    ${TABS.map(([name, title, , count]) => {
      const many = data && count ? count(data) : 0;
      return html`<button type="button" role="tab" id=${`tab-${name}`} aria-selected=${name === tab} aria-controls="tab-content" tabindex=${name === tab ? 0 : -1} onClick=${() => onTab(name)}>
        ${title}${many > 0 && html` <span class="many">${many}</span>`}
      </button>`;
    })}
  </div>`;
}

function Missing({ trace, row, onGo }) {
  const children = [];
  for (let at = row + 1; at < row + trace.size[row]; at += 1) if (trace.parent[at] === row) children.push(at);
  const outcome = trace.data.outcomes.find((one) => one.id === trace.id[row]);
  return html`<p><code>${trace.id[row]}</code> is named as the parent of ${children.length === 1 ? "one row" : `${children.length} rows`}, and is not here.</p>
    ${outcome
      ? html`<p>It was ${outcome.state === "rejected" ? "rejected" : "refused by X-Ray"}: ${outcome.code} ${outcome.reason}</p>`
      : html`<p>It may still run: a span is sent when it ends. It may be on its way, have been refused, or have been dropped by its sender. Where the request came from a caller that is not traced, or sends its traces elsewhere, it never comes.</p>`}
    <h3>Its children</h3>
    <ul class="plain-list">${children.slice(0, 100).map((one) => html`<li><button type="button" class="as-link" onClick=${() => onGo(trace.id[one])}>${word(trace, "name", one)} ${word(trace, "operation", one)}</button></li>`)}</ul>`;
}
