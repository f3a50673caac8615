/* The map in words: every service and every call as a row, for those who do not see a picture, or want numbers. */

import { duration, html, number } from "../base.js";
import { STATUSES, meanWords, nameOf, percentile, rateWords } from "./model.js";

const HEADINGS = ["Requests", "Rate", "Mean", "p99", "OK", "Errors", "Throttles", "Faults"];

export function Tables({ map, chosen, onChoose }) {
  const by = (a, b) => b.total - a.total || (a.key < b.key ? -1 : 1);
  return html`<div class="map-tables">
    <${Numbers} title="Services" first=${["Service", "Type"]} rows=${map.nodes.filter((node) => node.kind !== "client").sort(by)}
      cells=${(node) => [nameOf(node), node.type || node.kind]} ...${{ map, chosen, onChoose }} />
    <${Numbers} title="Calls" first=${["From", "To"]} rows=${[...map.edges].sort(by)}
      cells=${(edge) => [nameOf(edge.from), `${nameOf(edge.to)}${edge.link ? " (link)" : ""}`]} ...${{ map, chosen, onChoose }} />
  </div>`;
}

function Numbers({ title, first, rows, cells, map, chosen, onChoose }) {
  return html`<table class="map-table">
    <caption>${title}</caption>
    <thead><tr>${first.map((name) => html`<th scope="col">${name}</th>`)}${HEADINGS.map((name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
    <tbody>${rows.map((one) => {
      const [name, second] = cells(one);
      const p99 = percentile(one.times, 0.99);
      return html`<tr key=${one.key} class=${one.key === chosen ? "chosen" : ""}>
        <th scope="row"><button type="button" class="map-link" aria-pressed=${one.key === chosen} onClick=${() => onChoose(one.key)}>${name}</button></th>
        <td class="quiet">${second}</td>
        <td class="number">${number(one.total)}</td><td class="number">${rateWords(one, map)}</td><td class="number">${meanWords(one)}</td>
        <td class="number">${p99 === null ? "" : duration(p99)}</td>
        ${STATUSES.map((status) => html`<td class=${`number ${one[status] ? status : "quiet"}`}>${number(one[status])}</td>`)}
      </tr>`;
    })}</tbody>
  </table>`;
}
