/* What X-Ray does not have: parked and refused documents, rejected spans, dead letters; each with its reason and what can
   be done. In the address: `row`, `state`, `trace`. */

import { ApiError, announce, ask, count, html, link, setQuery, shortTime, useAddress, useApi, useEffect, useKeys, useLayoutEffect, useRef, useSettings, useState, useTitle } from "../base.js";
import { Details } from "./details.js";

const OFTEN_MS = 2000;
export const STATES = {
  parked: ["▣", "Parked", "X-Ray refused the document; it is kept and can be replayed."],
  refused: ["✖", "Refused", "X-Ray refused the document, and it is kept nowhere."],
  rejected: ["⊘", "Rejected", "The span was invalid and never became a document."],
  "dead letter": ["✉", "Dead letter", "A message that could not be delivered."],
};

export function RefusedPage() {
  const { query } = useAddress();
  const { data, error, reload } = useApi("/api/refused");
  const [told, tell] = useState(null);
  const [busy, setBusy] = useState("");
  const [taken, setTaken] = useState(""); // it is shown until the list comes again, and lies nowhere any more
  useSettings();
  useTitle("Refused");
  useEffect(() => {
    const timer = setInterval(() => document.hidden || reload(), OFTEN_MS);
    return () => clearInterval(timer);
  }, []);
  const all = (data?.rows ?? []).map((row) => ({ ...row, row: row.key || `${row.state} ${row.trace_id} ${row.id} ${row.at_ms}` }));
  const [state, trace] = [query.get("state") ?? "", digits(query.get("trace") ?? "")];
  const rows = all.filter((row) => (!state || row.state === state) && (!trace || digits(row.trace_id) === trace));
  const at = rows.findIndex((row) => row.row === query.get("row"));
  const chosen = rows[at] ?? null;
  const choose = (row) => setQuery({ row: row && row.row }, { replace: Boolean(chosen && row) });
  const go = (to) => rows.length && choose(rows[Math.max(0, Math.min(rows.length - 1, to))]);
  const replay = async (what, name) => {
    if (busy) return;
    setBusy(name);
    tell({ text: "Replaying …" });
    try {
      const done = await ask("/api/refused/replay", { method: "POST", body: JSON.stringify(what) });
      tell({ text: done.message, isGood: done.is_delivered });
      if (done.is_delivered) setTaken(name);
      announce(done.message);
    } catch (failed) {
      if (!(failed instanceof ApiError)) throw failed;
      tell({ text: failed.message, isGood: false });
    }
    setBusy("");
    reload();
  };
  const again = (row) => {
    if (!data.can_replay) return tell({ text: "Nothing is kept that could be replayed: raygate serve needs a data folder (--data) for it.", isGood: false });
    if (row.state === "parked") return replay({ key: row.key }, row.row);
    if (row.state === "dead letter") return replay({ letters: true }, "letters");
    return tell({ text: "It is kept nowhere, so it cannot be replayed.", isGood: false });
  };
  useKeys("Refused", {
    j: ["Next row", () => go(at + 1)], ArrowDown: ["", () => go(at + 1)],
    k: ["Previous row", () => go(at < 0 ? 0 : at - 1)], ArrowUp: ["", () => go(at < 0 ? 0 : at - 1)],
    r: ["Replay the chosen one", () => chosen && again(chosen)],
    Escape: ["Close the details", () => chosen && choose(null)],
  });
  const letters = all.filter((row) => row.state === "dead letter").length;
  return html`<div class="ref">
    <header class="ref-head">
      <h1>Not in X-Ray</h1>
      <p class="quiet">Every span ends in one counted state. These are the ones that X-Ray does not have, and why.</p>
      <div class="ref-line">
        <div class="ref-states" role="group" aria-label="States">
          <${Filter} state="" words="All" many=${all.length} now=${state} />
          ${Object.entries(STATES).map(([name, [sign, words, title]]) => html`<${Filter} state=${name} words=${`${sign} ${words}`} title=${title} many=${all.filter((row) => row.state === name).length} now=${state} />`)}
        </div>
        ${trace && html`<button type="button" title="Of all traces" onClick=${() => setQuery({ trace: null })}>Of one trace ✕</button>`}
        <span class="space"></span>
        ${letters > 0 && data?.can_replay && html`<button type="button" disabled=${Boolean(busy)} onClick=${() => replay({ letters: true }, "letters")}>Replay ${count(letters, "dead letter")}</button>`}
      </div>
      ${told && html`<p class=${`ref-told ${told.isGood === false ? "bad" : told.isGood ? "good" : ""}`} role="status">${told.isGood === false ? "✖ " : told.isGood ? "✔ " : ""}${told.text} <button type="button" class="plain" aria-label="Dismiss" onClick=${() => tell(null)}>✕</button></p>`}
    </header>
    ${error && !data && html`<section class="message"><h1>This cannot be shown</h1><p role="alert">${error.message}</p></section>`}
    ${data && rows.length === 0 && html`<${Nothing} isFiltered=${all.length > 0} />`}
    ${rows.length > 0 && html`<div class=${`ref-both ${chosen ? "with-details" : ""}`}>
      <${Table} rows=${rows} chosen=${chosen} onChoose=${choose} />
      ${chosen && html`<${Details} key=${chosen.row} row=${chosen} isThere=${![busy, taken].includes(chosen.row)} canReplay=${data.can_replay} isBusy=${Boolean(busy)} onReplay=${() => again(chosen)} onClose=${() => choose(null)} />`}
    </div>`}
  </div>`;
}

function Filter({ state, words, title, many, now }) {
  if (!many && state && now !== state) return null;
  return html`<button type="button" aria-pressed=${now === state} title=${title} onClick=${() => setQuery({ state, row: null })}>${words} <b>${many}</b></button>`;
}

function Nothing({ isFiltered }) {
  return html`<section class="message"><h1>${isFiltered ? "Nothing of this kind" : "X-Ray has everything"}</h1>
    <p class="quiet">${isFiltered ? "Other rows are there." : "No document was refused, no span rejected, no message is a dead letter. What is, appears here by itself."}</p></section>`;
}

function Table({ rows, chosen, onChoose }) {
  const place = useRef(null);
  useLayoutEffect(() => place.current.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [chosen?.row]);
  return html`<div class="ref-rows" ref=${place} tabindex="0" role="group" aria-label="What X-Ray does not have"><table role="grid" aria-label="What X-Ray does not have">
    <thead><tr role="row"><th scope="col">State</th><th scope="col">When</th><th scope="col">Code</th><th scope="col">Reason</th><th scope="col">What</th><th scope="col">Tenant</th><th scope="col">Trace</th></tr></thead>
    <tbody>${rows.map((row) => html`<tr key=${row.row} role="row" aria-selected=${row === chosen} onClick=${(event) => event.target.closest("a, button") || onChoose(row)}>
      <td class="state"><button type="button" class=${`ref-state ${row.state.replace(" ", "-")}`} tabindex="-1" onClick=${() => onChoose(row)}>${STATES[row.state][0]} ${STATES[row.state][1]}</button></td>
      <td class="when">${shortTime(row.at_ms / 1000)}</td>
      <td class="code">${row.code && html`<code>${row.code}</code>`}</td>
      <td class="reason" title=${row.reason}>${row.reason || row.meaning}</td>
      <td class="what" title=${`${row.name} ${row.id}`}>${row.name || html`<code>${row.id}</code>`}</td>
      <td class="tenant">${row.tenant || html`<span class="quiet">–</span>`}</td>
      <td class="trace">${row.trace_id ? html`<a href=${link(`/traces/${row.trace_id}`)}><code>${row.trace_id}</code></a>` : html`<span class="quiet">–</span>`}</td>
    </tr>`)}</tbody>
  </table></div>`;
}

function digits(id) {
  return (id.startsWith("1-") ? id.slice(2).replaceAll("-", "") : id).toLowerCase();
}
