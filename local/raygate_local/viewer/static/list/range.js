/* The span of time in the address, in the console's own form: "PT15M", or "start~end" in UTC (ISO 8601). */

import { html, moment, settings, useState } from "../base.js";

const CHOICES = [
  ["", "All times"],
  ["PT5M", "Last 5 minutes"],
  ["PT15M", "Last 15 minutes"],
  ["PT1H", "Last hour"],
  ["PT6H", "Last 6 hours"],
];

/** {from, to} in seconds, either null when it is open. What cannot be read is everything. */
export function bounds(text, now = Date.now() / 1000) {
  const last = length(text);
  if (last !== null) return { from: Math.floor(now - last), to: null };
  const [start, end] = (text ?? "").split("~");
  const [from, to] = [instant(start), instant(end)];
  if (from !== null && length(end) !== null) return { from, to: from + length(end) };
  return { from, to };
}

/** The form of the address for a span of time. */
export function written(from, to) {
  return `${iso(from)}~${iso(to)}`;
}

/** What was chosen, and other choices. */
export function RangePicker({ value, onChange }) {
  const [isCustom, setCustom] = useState(false);
  const known = CHOICES.some(([text]) => text === (value ?? ""));
  const chosen = isCustom || !known ? "custom" : (value ?? "");
  const choose = (event) => {
    setCustom(event.target.value === "custom");
    if (event.target.value !== "custom") onChange(event.target.value);
  };
  return html`<div class="range">
    <select aria-label="Span of time" value=${chosen} onChange=${choose}>
      ${CHOICES.map(([text, words]) => html`<option value=${text} selected=${chosen === text}>${words}</option>`)}
      <option value="custom" selected=${chosen === "custom"}>${known ? "From … to …" : words(value)}</option>
    </select>
    ${(isCustom || !known) && html`<${Custom} key=${`${value} ${settings.zone}`} value=${value} onChange=${onChange} />`}
  </div>`;
}

function Custom({ value, onChange }) {
  const now = Date.now() / 1000;
  const given = bounds(value, now);
  const [from, setFrom] = useState(field(given.from ?? now - 3600));
  const [to, setTo] = useState(field(given.to ?? now));
  const [first, last] = [seconds(from), seconds(to)];
  const apply = (event) => {
    event.preventDefault();
    if (first !== null && last !== null) onChange(written(Math.min(first, last), Math.max(first, last)));
  };
  const input = (label, text, at, set) =>
    html`<input
      class="moment"
      aria-label=${label}
      aria-invalid=${at === null ? "true" : undefined}
      title="Such as 2026-11-22 21:09:34"
      spellcheck=${false}
      value=${text}
      onInput=${(event) => set(event.target.value)}
    />`;
  return html`<form class="custom" onSubmit=${apply}>
    ${input("From", from, first, setFrom)}<span class="quiet">to</span>${input("To", to, last, setTo)}
    <button type="submit" disabled=${first === null || last === null}>Apply</button>
    <button type="button" class="plain" title="All times" aria-label="All times" onClick=${() => onChange("")}>✕</button>
  </form>`;
}

function words(value) {
  const last = length(value);
  return last === null ? "From … to …" : `Last ${last >= 3600 ? `${last / 3600} hours` : `${last / 60} minutes`}`;
}

function length(text) {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(text ?? "");
  if (!found || !found.slice(1).some(Boolean)) return null;
  const [days, hours, minutes, secs] = found.slice(1).map((one) => Number(one ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + secs;
}

/** UTC unless it says otherwise, as in the console. */
function instant(text) {
  const found = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T(.*))?$/.exec(text ?? "");
  if (!found) return null;
  const [, year, month, day, clock = "00:00"] = found;
  const zoned = /Z$|[+-]\d\d:?\d\d$/.test(clock) ? clock : `${clock}Z`;
  const at = Date.parse(`${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}T${zoned}`);
  return Number.isNaN(at) ? null : at / 1000;
}

function iso(seconds) {
  return new Date(Math.round(seconds * 1000)).toISOString().replace(".000Z", "Z");
}

/** As it is written in the field, in the zone that was chosen: fractions of a second only when there are any. */
function field(seconds) {
  const { date, time } = moment(seconds);
  return `${date} ${time.replace(/\.000$/, "")}`;
}

function seconds(text) {
  const found = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?))?$/.exec(text.trim());
  const at = found ? Date.parse(`${found[1]}T${found[2] ?? "00:00"}${settings.zone === "utc" ? "Z" : ""}`) : Number.NaN;
  return Number.isNaN(at) ? null : at / 1000;
}
