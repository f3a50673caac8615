/* What can be done with a whole trace: its map, a comparison, a file. */

import { ApiError, ask, copy, html, link, useEffect, useRef, useState } from "../base.js";

const FORMS = [
  ["html", "One HTML file", "opens without a server"],
  ["otlp", "OTLP", "the spans as they were sent"],
  ["xray", "X-Ray JSON", "as batch-get-traces prints it"],
  ["csv", "CSV", "a line for each span"],
  ["markdown", "Markdown", "for a chat"],
];

export function TraceActions({ id }) {
  return html`<span class="io-actions">
    <a href=${link("/map", { trace: id })}>Map</a>
    <a href=${`/compare/${id}`}>Compare</a>
    <${Export} id=${id} />
  </span>`;
}

function Export({ id }) {
  const place = useRef(null);
  const [known, set] = useState(null);
  const [error, tell] = useState("");
  useEffect(() => {
    const leave = (event) => {
      if (event.type === "keydown" ? event.key === "Escape" : !place.current.contains(event.target)) place.current.open = false;
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("keydown", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("keydown", leave);
    };
  }, []);
  const opened = ({ currentTarget }) => {
    if (!currentTarget.open) return;
    stand(currentTarget);
    ask(`/api/traces/${id}/export`).then(set).catch((failed) => failed instanceof ApiError && tell(failed.message));
  };
  const toClipboard = async () => {
    const answer = await fetch(`/api/traces/${id}/export/markdown`);
    if (answer.ok) await copy(await answer.text());
  };
  const hasSpans = known === null || known.spans > 0;
  return html`<details class="io-export" ref=${place} onToggle=${opened}><summary>Export</summary><div class="io-menu">
    ${FORMS.map(([form, words, hint]) => form === "otlp" && !hasSpans
      ? html`<p class="quiet"><b>${words}</b> <span>the spans were not kept: this came as documents</span></p>`
      : html`<a href=${`/api/traces/${id}/export/${form}`} download=""><b>${words}</b> <span class="quiet">${hint}</span></a>`)}
    <button type="button" onClick=${toClipboard}>Copy as Markdown</button>
    ${error && html`<p class="status fault" role="alert">${error}</p>`}
  </div></details>`;
}

/** Below the word, within the window, whatever scrolls around it. */
function stand(details) {
  const [box, menu] = [details.getBoundingClientRect(), details.lastElementChild];
  menu.style.top = `${box.bottom + 6}px`;
  menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - menu.offsetWidth - 8))}px`;
}
