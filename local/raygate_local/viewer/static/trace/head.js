/* What is said of the whole trace: where it came in, how long, how many, both ids, what is missing, what AWS would do. */

import { Copy, Status, count, duration, html, moment, number, time, useSettings } from "../base.js";
import { TraceActions } from "../exchange/actions.js";

const SHOWN_OUTCOMES = 5;

export function Head({ trace, onGo }) {
  const { data } = trace;
  const { counts, root } = data;
  useSettings();
  return html`<header class="head">
    <h1 title=${`${root.name} ${root.operation}`}>
      <${Status} of=${root.status} quiet /> ${root.name} <span class="operation">${root.operation}</span>
    </h1>
    <dl class="facts">
      <div><dt>Duration</dt><dd>${duration(data.duration_s)}</dd></div>
      <div><dt>Start</dt><dd>${time(data.start_s)} <span class="quiet">${moment(data.start_s).zone}</span></dd></div>
      <div><dt>Here</dt><dd title=${count(counts.documents, "document")}>${count(counts.segments, "segment")}, ${count(counts.subsegments, "subsegment")}, ${count(counts.services, "service")}</dd></div>
      ${trace.failing.length > 0 && html`<div><dt>Failed</dt><dd>${failed(counts)}</dd></div>`}
      <div><dt>Trace</dt><dd class="id"><code>${data.id}</code><${Copy} text=${data.id} label="Copy the X-Ray id" /></dd></div>
      <div><dt>W3C</dt><dd class="id"><code>${data.w3c}</code><${Copy} text=${data.w3c} label="Copy the W3C id" /></dd></div>
      <div><dt>Also</dt><dd><${TraceActions} id=${data.id} /></dd></div>
    </dl>
    <${Remarks} trace=${trace} onGo=${onGo} />
  </header>`;
}

function failed({ failed: kinds, own }) {
  const all = Object.values(kinds).reduce((sum, many) => sum + many, 0);
  return html`${Object.entries(kinds).map(([kind, many]) => html`<span class="failures"><${Status} of=${kind} quiet /> ${count(many, kind)}</span> `)}<span class="quiet">${own === all ? "" : `${number(own)} of their own, ${number(all - own)} inherited`}</span>`;
}

function Remarks({ trace, onGo }) {
  const { remarks, outcomes, marks, missing } = trace.data;
  const beyond = marks.filter((mark) => mark.level !== "ok");
  return html`
    ${remarks.length > 0 && html`<p class="remark" role="note"><b>Not complete or not in order:</b> ${remarks.join("; ")}.
      ${missing.length > 0 && html` <button type="button" class="copy" onClick=${() => onGo(missing[0])}>Show the first that is missing</button>`}</p>`}
    ${outcomes.slice(0, SHOWN_OUTCOMES).map((one) => html`<${Outcome} one=${one} />`)}
    ${outcomes.length > SHOWN_OUTCOMES && html`<p class="remark quiet">and ${count(outcomes.length - SHOWN_OUTCOMES, "more")}</p>`}
    ${beyond.map((mark) => html`<p class=${`remark ${mark.level}`} role="note"><b>${mark.level === "over" ? "AWS would not show all of this: " : ""}${mark.name}.</b> ${mark.text}</p>`)}`;
}

function Outcome({ one }) {
  return html`<p class="remark over" role="note"><b>${one.state === "rejected" ? "Rejected" : "Refused by X-Ray"}</b>
    <span> ${one.name || "a span"} <code>${one.id || "without id"}</code>: ${one.code && html`<code>${one.code}</code> `}${one.reason}</span></p>`;
}
