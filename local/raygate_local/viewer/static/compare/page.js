/* Two traces side by side: aligned by their paths, and what contributes most to the difference.
   In the address: both ids, `row`, `only` for what has changed. */

import { Status, announce, count, duration, html, link, navigate, setQuery, shortTime, useAddress, useApi, useEffect, useKeys, useMemo, useRef, useSettings, useTitle } from "../base.js";
import { Runs } from "./runs.js";
import { CHANGES, Rows, signed } from "./rows.js";

const TOP = 100;

/** Which one to compare with. */
export function ChoosePage({ before }) {
  useTitle("Compare");
  return html`<div class="cmp-choose"><h1>Compare with …</h1>
    <p class="quiet">The last runs of what <a href=${`/traces/${before}`}><code>${before}</code></a> did, the newest first. What is chosen is the second one; any other trace is compared by its id.</p>
    <${Other} before=${before} />
    <${Runs} id=${before} onChoose=${(id) => navigate(`/compare/${before}/${id}`)} />
  </div>`;
}

export function ComparePage({ before, after }) {
  const { data, error } = useApi(`/api/compare/${encodeURIComponent(before)}/${encodeURIComponent(after)}`);
  useTitle(data ? `${data.before.name} compared` : "Compare");
  if (data) return html`<${Compared} data=${data} />`;
  if (!error) return html`<section class="message"><p class="quiet" role="status">…</p></section>`;
  return html`<section class="message"><h1>These cannot be compared</h1><p>${error.message}</p><p><a href="/traces">All traces</a></p></section>`;
}

function Other({ before }) {
  const go = (event) => {
    event.preventDefault();
    const id = event.target.elements.id.value.trim();
    if (id) navigate(`/compare/${before}/${encodeURIComponent(id)}`);
  };
  return html`<form class="cmp-other" onSubmit=${go}><label>Trace <input name="id" size="38" spellcheck=${false} placeholder="1-… or 32 hexadecimal digits" /></label> <button type="submit">Compare</button></form>`;
}

function Compared({ data }) {
  const { query } = useAddress();
  useSettings();
  const only = query.get("only") === "1";
  const rows = useMemo(() => numbered(data, only), [data, only]);
  const places = useMemo(() => new Map(data.rows.map((row, number) => [idOf(row), number])), [data]);
  const chosen = places.get(query.get("row") ?? "");
  const choose = (number) => setQuery({ row: idOf(data.rows[number]) }, { replace: true });
  const at = rows.indexOf(chosen);
  const ranked = data.changes;
  const seek = (step) => {
    if (!ranked.length) return announce("Nothing has changed");
    const now = ranked.indexOf(chosen);
    const next = now < 0 ? (step > 0 ? 0 : ranked.length - 1) : (now + step + ranked.length) % ranked.length;
    announce(`Change ${next + 1} of ${ranked.length}`);
    return choose(ranked[next]);
  };
  const swap = () => navigate(link(`/compare/${data.after.id}/${data.before.id}`));
  const toggle = () => setQuery({ only: only ? null : "1" });
  useKeys("Comparison", {
    j: ["Next row", () => choose(rows[Math.min(rows.length - 1, at + 1)])], ArrowDown: ["", () => choose(rows[Math.min(rows.length - 1, at + 1)])],
    k: ["Previous row", () => choose(rows[Math.max(0, at - 1)])], ArrowUp: ["", () => choose(rows[Math.max(0, at - 1)])],
    n: ["Next change, the largest first", () => seek(1)], N: ["Previous change", () => seek(-1)],
    m: ["Changes only", toggle], x: ["The other way round", swap],
    Enter: ["Open the row in its trace", () => chosen !== undefined && open(data, data.rows[chosen])],
  });
  return html`<div class="cmp">
    <header class="cmp-head">
      <h1>${data.after.name} <span class="quiet">${data.after.operation}</span></h1>
      <div class="cmp-sides"><${Side} name="A" trace=${data.before} /><${Side} name="B" trace=${data.after} />
        <div class="cmp-delta"><span class="quiet">Difference</span><b class=${tone(data.delta)}>${signed(data.delta)}</b></div></div>
      <div class="cmp-line">
        ${Object.keys(CHANGES).filter((change) => data.counts[change]).map((change) => html`<span class=${`cmp-count ${change}`}><i aria-hidden="true">${CHANGES[change]}</i> ${count(data.counts[change], "row").replace(/ rows?/, "")} ${change}</span>`)}
        <span class="space"></span>
        <button type="button" aria-pressed=${only} title="Changes only (m)" onClick=${toggle}>Changes only</button>
        <button type="button" title="The other way round (x)" onClick=${swap}>⇄ Swap</button>
        <${Another} data=${data} />
      </div>
    </header>
    <div class="cmp-both">
      <${Rows} data=${data} rows=${rows} chosen=${chosen} onChoose=${choose} onOpen=${(row) => open(data, row)} />
      <${Ranking} data=${data} chosen=${chosen} onChoose=${choose} />
    </div>
  </div>`;
}

function Side({ name, trace }) {
  return html`<div class="cmp-side"><span class=${`cmp-letter ${name}`} aria-label=${name === "A" ? "First" : "Second"}>${name}</span>
    <div><a href=${`/traces/${trace.id}`}><code>${trace.id}</code></a>
    <span><${Status} of=${trace.status} /> <b>${duration(trace.duration_s)}</b> <span class="quiet">${shortTime(trace.start_s)}, ${count(trace.rows, "row")}</span></span></div></div>`;
}

/** Other second traces, newest first. */
function Another({ data }) {
  const { data: found } = useApi(`/api/compare/${data.before.id}`);
  const runs = found?.runs ?? [];
  if (!runs.length) return null;
  const isKnown = runs.some((run) => run.id === data.after.id);
  return html`<label class="cmp-another"><span class="unseen">Compare with another run</span><select onChange=${(event) => navigate(`/compare/${data.before.id}/${event.target.value}`)}>
    ${!isKnown && html`<option value=${data.after.id} selected>B: another trace</option>`}
    ${runs.map((run) => html`<option value=${run.id} selected=${run.id === data.after.id}>B: ${shortTime(run.start)}, ${duration(run.duration)}, ${run.status}</option>`)}
  </select></label>`;
}

function Ranking({ data, chosen, onChoose }) {
  const place = useRef(null);
  const most = Math.max(...data.changes.map((number) => Math.abs(data.rows[number].contribution)), 1e-9);
  useEffect(() => place.current?.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest" }), [chosen]);
  return html`<aside class="cmp-ranking" ref=${place} aria-label="Changes, the largest first">
    <h2>What makes the difference</h2>
    <p class="quiet">By own time: how much longer each took while nothing below it ran.</p>
    ${data.changes.length === 0 && html`<p>Nothing differs by more than half a millisecond.</p>`}
    <ol>${data.changes.slice(0, TOP).map((number) => {
      const row = data.rows[number];
      return html`<li><button type="button" class=${`cmp-change ${row.change}`} aria-pressed=${number === chosen} title=${`${row.service} ${row.name} ${row.operation}`} onClick=${() => onChoose(number)}>
        <span class="what"><i aria-hidden="true">${CHANGES[row.change]}</i><span class="unseen">${row.change}</span> ${row.name} <span class="quiet">${row.operation}</span></span>
        <b>${signed(row.contribution)}</b>
        <span class="bar" aria-hidden="true"><i style=${{ width: `${(Math.abs(row.contribution) / most) * 100}%` }}></i></span>
      </button></li>`;
    })}</ol>
    ${data.changes.length > TOP && html`<p class="quiet">and ${count(data.changes.length - TOP, "more")}</p>`}
  </aside>`;
}

const idOf = (row) => (row.after ?? row.before).id;

function open(data, row) {
  navigate(link(`/traces/${row.after ? data.after.id : data.before.id}`, { row: idOf(row) }));
}

function tone(delta) {
  if (Math.abs(delta) < 0.0005) return "";
  return delta > 0 ? "slower" : "faster";
}

/** The rows that are shown, by number: all, or those that have changed with what is above them. */
function numbered({ rows, changes }, only) {
  if (!only) return rows.map((_, number) => number);
  const wanted = new Set();
  for (const change of changes) for (let at = change; at >= 0 && !wanted.has(at); at = rows[at].parent) wanted.add(at);
  return [...wanted].sort((a, b) => a - b);
}
