/* X-Ray's own tabs: overview, resources, annotations, metadata, exceptions, raw. */

import { Copy, bytes, duration, html, time } from "../base.js";
import { SEGMENT, STATUS } from "./model.js";
import { Values, leaves } from "./value.js";

export function Overview({ trace, row, data, onGo }) {
  const { document, filters, notes, marks, ancestors } = data;
  const status = STATUS[trace.status[row]];
  const critical = (trace.critical[row] ?? []).reduce((sum, [start, end]) => sum + end - start, 0);
  const whose = status === "ok" ? "" : trace.inherited[row] ? "inherited: a child failed, and it says nothing else" : "its own";
  return html`
    ${ancestors.length > 0 && html`<nav class="way" aria-label="Above it">${ancestors.map((one) => html`<button type="button" class="as-link" onClick=${() => onGo(one.id)}>${one.name}</button><span aria-hidden="true"> › </span>`)}<span>${document.name}</span></nav>`}
    ${notes.map((note) => html`<p class="remark near">${note.text}</p>`)}
    <${Values} rows=${[
      ["Name", document.name, filters.name],
      ["Id", data.id],
      ["Parent id", document.parent_id ?? ancestors.at(-1)?.id],
      ["Kind", trace.kind[row] === SEGMENT ? "segment" : data.document_id === data.id ? "independent subsegment" : `subsegment embedded in ${data.document_id}`],
      ["Status", whose ? `${status}, ${whose}` : status, filters[status]],
      ["Start", time(document.start_time)],
      ["End", document.end_time ? time(document.end_time) : "in progress"],
      ["Duration", duration(trace.length[row] / 1000)],
      ["Self time", duration(trace.self[row] / 1000)],
      ["On the critical path", critical ? `${duration(critical / 1000)} (${((critical / trace.length_ms) * 100).toFixed(1)} % of the trace)` : "no"],
      ["Origin", document.origin],
      ["Namespace", document.namespace],
      ["User", document.user, filters.user],
    ]} />
    ${document.http && html`<h3>HTTP</h3><${Values} rows=${leaves(document.http).map(([path, value]) => [path, value, filters[`http.${path}`]])} />`}
    ${document.sql && html`<h3>SQL</h3><${Values} rows=${leaves(document.sql)} />`}
    ${marks.length > 0 && html`<h3>Would AWS show this?</h3><ul class="marks">${[...marks, ...trace.data.marks].map((mark) => html`<li class=${mark.level}><span aria-hidden="true">${mark.level === "ok" ? "✓" : "!"}</span> ${mark.name}: ${mark.text}</li>`)}</ul>`}`;
}

export function Resources({ data: { document, filters } }) {
  const rows = [["origin", document.origin], ...under(document.aws, "aws"), ...under(document.service, "service"), ["resource_arn", document.resource_arn]];
  return html`<${Values} rows=${rows.map(([key, value]) => [key, value, filters[key]])} empty="This row says nothing of where it ran." />`;
}

export function Annotations({ data: { document, filters } }) {
  const rows = Object.entries(document.annotations ?? {}).map(([key, value]) => [key, value, filters[`annotations.${key}`], "searchable in X-Ray"]);
  return html`<${Values} rows=${rows} empty="None. X-Ray searches annotations only; RAYGATE_INDEXED_ATTRIBUTES names the attributes that become some." />`;
}

export function Metadata({ data: { document, rules } }) {
  const settings = new Map((rules?.attributes ?? []).map((fate) => [fate.key, fate]));
  const namespaces = Object.entries(document.metadata ?? {});
  if (!namespaces.length) return html`<p class="quiet">None.</p>`;
  return html`<p class="quiet">X-Ray shows metadata, and does not search it. An attribute is searchable as an annotation: name it in <code>RAYGATE_INDEXED_ATTRIBUTES</code>.</p>
    ${namespaces.map(([namespace, members]) => html`<h3>${namespace}</h3><${Values} rows=${Object.entries(members ?? {}).map(([key, value]) => [key, value, undefined, howToSearch(settings, namespace, key)])} />`)}`;
}

function howToSearch(settings, namespace, key) {
  if (namespace !== "default") return "not searchable";
  const fate = settings.get(key) ?? settings.get(key.replace(/^otel\.resource\./, ""));
  if (fate?.searchable) return "searchable elsewhere in this document";
  return `not searchable: ${fate?.setting || `RAYGATE_INDEXED_ATTRIBUTES=${key}`}`;
}

export function Exceptions({ data: { document } }) {
  const { cause } = document;
  if (!cause) return html`<p class="quiet">None.</p>`;
  if (typeof cause === "string") return html`<p>It refers to the exception <code>${cause}</code>, which another row has.</p>`;
  const all = cause.exceptions ?? [];
  const causes = new Map(all.map((one) => [one.id, one]));
  return html`${cause.working_directory && html`<p class="quiet">in <code>${cause.working_directory}</code></p>`}
    ${all.map((one) => html`<section class="exception">
      <h3>${one.type || "Failure"}${one.remote && html` <span class="chip">remote</span>`}<${Copy} text=${() => asText(one)} label="Copy the exception" /></h3>
      ${one.message && html`<pre class="said">${one.message}</pre>`}
      ${one.stack?.length > 0 && html`<ol class="frames">${one.stack.map((frame) => html`<li><code>${frame.label ?? "?"}</code> <span class="quiet">${frame.path ?? "?"}${frame.line ? `:${frame.line}` : ""}</span></li>`)}</ol>`}
      ${(one.truncated || one.skipped) && html`<p class="quiet">${one.truncated ? `${one.truncated} frames were left out. ` : ""}${one.skipped ? `${one.skipped} exceptions were left out.` : ""}</p>`}
      ${one.cause && html`<p class="caused">caused by ${causes.get(one.cause)?.type || html`<code>${one.cause}</code>`} ↓</p>`}
    </section>`)}`;
}

function asText({ type, message, stack = [] }) {
  return [`${type}: ${message ?? ""}`, ...stack.map(({ label, path, line }) => `    at ${label} (${path}:${line})`)].join("\n");
}

export function Raw({ data: { document, raw, document_id: id } }) {
  const whole = raw ? JSON.stringify(JSON.parse(raw), null, 2) : "";
  const own = JSON.stringify(document, null, 2);
  const isPart = raw && document.id !== id;
  return html`<p class="beside"><span class="quiet">${isPart ? "This subsegment, without those within it" : `As it was put: ${bytes(new TextEncoder().encode(raw).length)}`}</span><${Copy} text=${isPart ? own : whole} label="Copy the JSON" /></p>
    <pre class="json">${isPart ? own : whole}</pre>
    ${isPart && html`<details><summary>The whole document ${id}</summary><pre class="json">${whole}</pre></details>`}`;
}

const under = (block, name) => (block ? leaves(block, name) : []);
