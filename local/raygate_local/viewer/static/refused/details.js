/* One row in full: what the code means, what to do, the document as X-Ray got it. */

import { Copy, html, link, time, useApi } from "../base.js";

export function Details({ row, isThere, canReplay, isBusy, onReplay, onClose }) {
  const { data, error } = useApi(row.key && isThere ? `/api/refused/document?key=${encodeURIComponent(row.key)}` : null);
  return html`<aside class="ref-details" aria-label="Details">
    <header><h2>${row.name || row.id}</h2><button type="button" class="plain" aria-label="Close the details" title="Close (Esc)" onClick=${onClose}>✕</button></header>
    <div class="inside">
      ${row.state === "parked" || row.state === "dead letter"
        ? html`<p><button type="button" class="primary" disabled=${!canReplay || isBusy} onClick=${onReplay}>${row.state === "parked" ? "Replay it" : "Replay the dead letters"} <kbd>r</kbd></button></p>`
        : html`<p class="quiet">It is kept nowhere, so it cannot be replayed.</p>`}
      <h3>${row.code ? html`What <code>${row.code}</code> means` : "What it means"}</h3>
      <p>${written(row.meaning)}</p>
      <h3>What to do</h3>
      <p>${written(row.advice)}</p>
      <h3>${row.state === "rejected" ? "Reason" : row.code ? "What X-Ray says" : "Reason"}</h3>
      <p class="said">${row.reason || "nothing more"}</p>
      <dl>
        <div><dt>When</dt><dd>${time(row.at_ms / 1000)}</dd></div>
        ${row.trace_id && html`<div><dt>Trace</dt><dd><a href=${link(`/traces/${row.trace_id}`)}><code>${row.trace_id}</code></a></dd></div>`}
        ${row.id && html`<div><dt>${row.state === "dead letter" ? "Message" : row.state === "rejected" ? "Span" : "Document"}</dt><dd><code>${row.id}</code></dd></div>`}
        ${row.tenant && html`<div><dt>Tenant</dt><dd>${row.tenant}</dd></div>`}
        ${row.request_id && html`<div><dt>Request</dt><dd><code>${row.request_id}</code></dd></div>`}
        ${row.key && html`<div><dt>Lies at</dt><dd><code>${row.key}</code></dd></div>`}
      </dl>
      ${error && html`<p class="status fault" role="alert">${error.message}</p>`}
      ${data && html`<h3>Document <${Copy} text=${data.document} label="Copy the document" /></h3><pre tabindex="0">${pretty(data.document)}</pre>`}
    </div>
  </aside>`;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** What stands between backticks is code. */
function written(text) {
  return text.split("`").map((part, place) => (place % 2 ? html`<code>${part}</code>` : part));
}
