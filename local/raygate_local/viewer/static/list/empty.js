/* Where no row is: nothing came yet, nothing matches, or the server cannot tell. */

import { Copy, announce, ask, html, useApi, useState } from "../base.js";

/** The first screen: how to send. */
export function Welcome() {
  const { data: first } = useApi("/api/first");
  const [state, set] = useState({});
  const send = async () => {
    set({ isBusy: true });
    try {
      await ask("/api/sample", { method: "POST" });
      announce("Sent");
      set({});
    } catch (error) {
      set({ error });
    }
  };
  const settings = `OTEL_EXPORTER_OTLP_ENDPOINT=${first?.endpoint}\nOTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`;
  return html`<section class="message">
    <h1>No traces yet</h1>
    <p class="quiet">They appear here as soon as the endpoint takes them.</p>
    ${first?.command && html`<div class="line">
      <pre>${first.command}</pre>
      <${Copy} text=${first.command} label="Copy the command" />
    </div>`}
    ${first?.endpoint && html`<p>
      <button type="button" class="primary" disabled=${state.isBusy} onClick=${send}>Send a sample trace</button>
    </p>`}
    ${state.error && html`<p class="status fault" role="alert">${state.error.message}</p>`}
    ${first?.endpoint && html`<p class="quiet">From an application, with any OpenTelemetry SDK:</p>
      <div class="line"><pre>${settings}</pre><${Copy} text=${settings} label="Copy the settings" /></div>`}
  </section>`;
}

/** Nothing is left of what there is. */
export function NoMatch({ filter, range, hidden, onChange }) {
  return html`<section class="message">
    <h1>No trace matches</h1>
    ${filter && html`<p><code>${filter}</code></p>`}
    ${!filter && range && html`<p class="quiet">Nothing is of this span of time.</p>`}
    ${hidden.length > 0 && html`<p class="quiet">Some may be hidden.</p>`}
    <p class="actions">
      ${filter && html`<button type="button" onClick=${() => onChange({ filter: null })}>Without the filter</button>`}
      ${range && html`<button type="button" onClick=${() => onChange({ timeRange: null })}>All times</button>`}
      ${hidden.length > 0 && html`<button type="button" onClick=${() => onChange({ hide: null })}>Hide nothing</button>`}
    </p>
  </section>`;
}

/** It is not known what there is. */
export function Failed({ error, onAgain }) {
  return html`<section class="message">
    <h1>The list cannot be shown</h1>
    <p role="alert">${error.message}</p>
    <p><button type="button" onClick=${onAgain}>Try again</button></p>
  </section>`;
}

const EXAMPLES = `fault AND service("shop")
http.status >= 400 AND responsetime > 0.5
annotation[tenant] = "acme" OR user = "ada"
edge("shop", "payment") { fault }`;

/** The filter has to be mended first; what is wrong stands under it. */
export function Unread() {
  return html`<section class="message">
    <h1>The filter cannot be read</h1>
    <p class="quiet">The mark under it shows where. Its language is X-Ray's own:</p>
    <pre>${EXAMPLES}</pre>
  </section>`;
}
