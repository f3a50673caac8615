/* The last runs of the same operation. */

import { Status, count, duration, html, number, time, useApi } from "../base.js";

export function Runs({ id, onChoose }) {
  const { data, error } = useApi(`/api/compare/${encodeURIComponent(id)}`);
  if (error) return html`<p class="status fault" role="alert">${error.message}</p>`;
  if (!data) return html`<p class="quiet" role="status">…</p>`;
  if (!data.runs.length) return html`<p>There is no other run of it here.</p>`;
  return html`<table class="cmp-runs">
    <caption class="unseen">${count(data.runs.length, "run")}</caption>
    <thead><tr><th scope="col">Start</th><th scope="col">Status</th><th scope="col" class="number">Duration</th><th scope="col" class="number">Spans</th><th scope="col">Request</th></tr></thead>
    <tbody>${data.runs.map((run) => html`<tr key=${run.id} onClick=${() => onChoose(run.id)}>
      <th scope="row"><a href=${`/compare/${id}/${run.id}`}>${time(run.start)}</a></th>
      <td><${Status} of=${run.status} /></td><td class="number">${duration(run.duration)}</td><td class="number">${number(run.spans)}</td>
      <td class="request">${run.method} ${run.url || run.service}</td></tr>`)}</tbody>
  </table>`;
}
