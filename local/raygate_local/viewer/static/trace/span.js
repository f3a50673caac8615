/* The other side of a row: the span as it was sent, the rule behind each field, links and events. */

import { Copy, duration, html, link } from "../base.js";
import { Values, leaves, written } from "./value.js";

const UNKNOWN = "The span that this came from is not kept here: it was not sent to this endpoint, or had to make room.";

export function Otlp({ data: { otlp, otlp_request: request } }) {
  if (!otlp) return html`<p class="quiet">${UNKNOWN}</p>`;
  const { attributes, resource, scope, events, links, dropped, ...own } = otlp;
  return html`<p class="beside"><span class="quiet">As it was sent; redacted values are not kept.</span><${Copy} text=${() => JSON.stringify(request, null, 2)} label="Copy as OTLP JSON">Copy as OTLP JSON<//></p>
    <${Values} rows=${leaves(own)} />
    <h3>Attributes</h3><${Values} rows=${Object.entries(attributes)} empty="None." />
    <h3>Resource</h3><${Values} rows=${Object.entries(resource)} empty="None." />
    <h3>Scope</h3><${Values} rows=${leaves(scope).filter(([, value]) => Object.keys(value ?? {}).length || typeof value === "string")} empty="None." />
    ${Object.keys(dropped).length > 0 && html`<h3>Dropped by the sender</h3><${Values} rows=${Object.entries(dropped)} />`}
    ${(events.length > 0 || links.length > 0) && html`<p class="quiet">${events.length} events and ${links.length} links: see Links and events.</p>`}`;
}

export function Rules({ data: { rules } }) {
  if (!rules) return html`<p class="quiet">${UNKNOWN}</p>`;
  const { documents, rows } = rules;
  const fates = rules.attributes;
  return html`
    ${documents.map(({ document, fields, changes }, at) => html`
      <h3>${documents.length > 1 ? `${at + 1}. document, ` : "Document "}<code>${document.id}</code></h3>
      ${changes.length > 0 ? html`<p class="remark near"><b>Changed so that X-Ray takes it:</b> ${changes.join("; ")}</p>` : html`<p class="quiet">X-Ray takes it as the mapping makes it.</p>`}
      <ul class="rules">
        ${fields.map((one) => html`<li class=${one.fitted ? "fitted" : ""}>
          <code>${one.path}</code> <span class="is">${short(one.value)}</span>${one.fitted && html` <span class="chip warn">fitted</span>`}
          <div class="quiet">${sources(one)}${ruleText(one)}</div></li>`)}
      </ul>`)}
    <h3>What became of each attribute</h3>
    <ul class="rules">
      ${fates.map((fate) => html`<li><code>${fate.text}</code> ${fate.ends.length ? html`is in ${fate.ends.map((end) => html`<code>${end.path}</code> `)}` : fate.why || (fate.decides.length ? `decides ${fate.decides.join(", ")}` : "is nowhere")}
        <div class="quiet">${found(fate)}</div></li>`)}
    </ul>
    ${rows.length > 0 && html`<h3>Rows of the mapping that apply</h3><ul class="plain-list">${rows.map((row) => html`<li><code>${row.id}</code> ${row.section}: ${row.effect}</li>`)}</ul>`}`;
}

function sources({ from, decided_by: by }) {
  const texts = (list) => list.map((one, at) => html`${at > 0 && ", "}<code>${one.text}</code>`);
  return html`${from.length > 0 && html`from ${texts(from)}; `}${by.length > 0 && html`decided by ${texts(by)}; `}`;
}

function ruleText({ rule, rows }) {
  return html`<span title=${rule.file}>${rule.words.replaceAll("`", "")} ${rule.source}</span>${rows.length > 0 && html`; ${rows.length === 1 ? "row" : "rows"} <code>${rows.join(" ")}</code> of docs/mapping.md`}`;
}

function found(fate) {
  const searches = fate.ends.filter((end) => end.search);
  if (searches.length) return html`searchable in X-Ray: ${searches.map((end) => html`<code>${end.search}</code> `)}`;
  return fate.setting ? html`not searchable in X-Ray; <code>${fate.setting}</code> makes it so` : "not searchable in X-Ray";
}

const short = (value) => {
  const text = written(value) ?? "";
  return text.length > 120 ? html`<span title=${text.slice(0, 2000)}>${text.slice(0, 120)}…</span>` : text;
};

export function Links({ trace, row, data: { links, otlp, document } }) {
  const start = otlp ? BigInt(otlp.start_ns) : 0n;
  const children = trace.size[row] - 1;
  return html`<h3>Links</h3>
    ${links.length ? html`<ul class="links">${links.map((one) => html`<li>
      <a href=${link(`/traces/${one.trace_id}`, { row: one.id })}>${one.trace_id === trace.data.id ? "This trace" : html`Trace <code>${one.trace_id}</code>`}, row <code>${one.id || "?"}</code></a>
      ${Object.keys(one.attributes).length > 0 && html`<${Values} rows=${Object.entries(one.attributes)} />`}</li>`)}</ul>` : html`<p class="quiet">It points to no other span.</p>`}
    <h3>Events</h3>
    ${!otlp ? html`<p class="quiet">${UNKNOWN} X-Ray itself keeps exceptions only.</p>` : otlp.events.length ? html`<ol class="events">${otlp.events.map((event) => html`<li>
      <b>${event.name}</b> <span class="quiet">${duration(Number(BigInt(event.time_ns) - start) / 1e9)} after the start</span>
      <${Values} rows=${Object.entries(event.attributes)} empty="" /></li>`)}</ol>` : html`<p class="quiet">None.</p>`}
    <h3>In this trace</h3>
    <p>${document.parent_id ? html`Parent <code>${document.parent_id}</code>; ` : ""}${children === 0 ? "nothing below it" : `${children.toLocaleString("en-US")} rows below it`}.</p>`;
}
