/* What is known about a node or an edge, and the traces behind it. */

import { Copy, Status, duration, html, link, number } from "../base.js";
import { and } from "../list/expression.js";
import { STATUSES, between, expression, meanWords, nameOf, percentile, rateWords, title } from "./model.js";
import { Times } from "./times.js";

const KINDS = {
  client: "Who calls from outside",
  service: "Told about itself by segments",
  remote: "Known only from calls to it",
  database: "Known from calls to it",
  queue: "Messages go through it",
};
const SHARES = [["p50", 0.5], ["p90", 0.9], ["p99", 0.99]];

export function Panel({ one, map, asked, part, onPart, onChoose, onClose }) {
  const isEdge = Boolean(one.from);
  return html`<aside class="map-panel" aria-label="Details">
    <header>
      <h2>${title(one)}</h2>
      <button type="button" class="plain" aria-label="Close the details" title="Close (Esc)" onClick=${onClose}>✕</button>
    </header>
    <div class="inside">
      <p class="quiet">${isEdge ? (one.link ? "Linked: what the one sent, the other worked on" : "Calls, as the caller saw them") : html`${one.type && one.kind !== "client" && html`<code>${one.type}</code> · `}${KINDS[one.kind]}${one.account && html` · account ${one.account}`}`}</p>
      ${one.total > 0 ? html`<${Numbers} one=${one} map=${map} asked=${asked} />` : html`<p>${one.kind === "client" ? "Requests come in at the services that it calls." : "Nothing has ended here yet."}</p>`}
      ${one.times.length > 0 && html`<h3>Response times</h3><${Times} times=${one.times} part=${part} onPart=${onPart} />`}
      <${Found} one=${one} map=${map} asked=${asked} part=${part} />
      <${Neighbours} one=${one} map=${map} onChoose=${onChoose} />
    </div>
  </aside>`;
}

function Numbers({ one, map, asked }) {
  const share = (many) => `${((many / one.total) * 100).toFixed(many && many / one.total < 0.0995 ? 1 : 0)} %`;
  return html`<table class="map-numbers">
      <caption class="unseen">Requests by how they went</caption>
      <tbody>${STATUSES.filter((status) => one[status] > 0).map(
        (status) => html`<tr>
          <th scope="row"><${Status} of=${status} /></th>
          <td class="number">${number(one[status])}</td>
          <td class="number">${share(one[status])}</td>
          <td><span class="bar" aria-hidden="true"><i class=${status} style=${{ width: `${(one[status] / one.total) * 100}%` }}></i></span></td>
          <td>${map.trace ? "" : html`<a href=${asked.list(expression(one.filter, status))}>Traces</a>`}</td>
        </tr>`,
      )}</tbody>
    </table>
    <dl class="map-facts">
      <div><dt>Mean</dt><dd>${meanWords(one)}</dd></div>
      ${SHARES.map(([name, at]) => html`<div><dt>${name}</dt><dd>${duration(percentile(one.times, at) ?? 0)}</dd></div>`)}
      <div><dt>${map.trace ? "Calls" : "Rate"}</dt><dd>${rateWords(one, map)}</dd></div>
      ${one.ages?.length > 0 && html`<div><dt>Waited</dt><dd title="Median time between sending and working on it">${duration(percentile(one.ages, 0.5))}</dd></div>`}
    </dl>`;
}

/** What is asked, as an expression, and the way to the traces. */
function Found({ one, map, asked, part }) {
  if (map.trace) {
    const service = one.from ? one.from : one;
    if (service.kind !== "service") return null;
    return html`<p class="map-go"><a class="button primary" href=${link(`/traces/${map.trace}`, { service: service.name })}>Rows of ${nameOf(service)}</a></p>`;
  }
  const text = expression(one.filter, part ? between(part) : "");
  return html`<h3>Filter</h3>
    <div class="map-filter"><code>${text}</code><${Copy} text=${text} label="Copy the filter" /></div>
    <p class="map-go">
      <a class="button primary" href=${asked.list(text)}>View traces${part ? " of this part" : ""}</a>
      <a class="button" href=${asked.map(text)}>Map of these</a>
    </p>`;
}

function Neighbours({ one, map, onChoose }) {
  if (one.from) {
    return html`<h3>Between</h3><ul class="map-near">${[one.from, one.to].map((node) => html`<li><${Go} one=${node} words=${nameOf(node)} onChoose=${onChoose} /></li>`)}</ul>`;
  }
  const group = (words, edges, side) =>
    edges.length > 0 &&
    html`<h3>${words}</h3><ul class="map-near">${edges.map((edge) => html`<li><${Go} one=${edge} words=${nameOf(edge[side])} onChoose=${onChoose} /><span class="quiet">${meanWords(edge)}, ${rateWords(edge, map)}</span></li>`)}</ul>`;
  return html`${group("Called by", map.edges.filter((edge) => edge.target === one.key), "from")}${group("Calls", map.edges.filter((edge) => edge.source === one.key), "to")}`;
}

function Go({ one, words, onChoose }) {
  return html`<button type="button" class="map-link" onClick=${() => onChoose(one.key)}>${words}</button>`;
}

/** Addresses for what is asked now, and a node's filter with it. */
export function addresses(filter, range) {
  const query = (more) => ({ filter: and(filter, more), timeRange: range });
  return { list: (more) => link("/traces", query(more)), map: (more) => link("/map", query(more)) };
}
