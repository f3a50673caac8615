/* Filters under a name, kept by this browser: to be used, or to hide the noise that they match. What is hidden stands
   in the address too, so that a link shows the same. */

import { html, remember, remembered, useEffect, useRef, useState } from "../base.js";

const NAME = "filters";
const FIRST = [{ name: "Health checks", filter: 'http.url CONTAINS "/health" OR http.url CONTAINS "/ping"' }];

/** `hidden` are the expressions that are hidden now. */
export function Saved({ filter, hidden, onApply, onHide }) {
  const place = useRef(null);
  const [isOpen, open] = useState(false);
  const [filters, set] = useState(() => remembered(NAME, FIRST));
  const [name, setName] = useState("");
  useEffect(() => {
    if (!isOpen) return undefined;
    const leave = (event) => place.current.contains(event.target) || open(false);
    document.addEventListener("pointerdown", leave);
    return () => document.removeEventListener("pointerdown", leave);
  }, [isOpen]);
  const keep = (all) => {
    set(all);
    remember(NAME, all);
  };
  const save = (event) => {
    event.preventDefault();
    if (!name.trim() || !filter.trim()) return;
    keep([...filters.filter((one) => one.name !== name.trim()), { name: name.trim(), filter: filter.trim() }]);
    setName("");
  };
  const forget = (one) => keep(filters.filter((other) => other !== one));
  const leave = (event) => {
    if (event.key !== "Escape") return;
    open(false);
    place.current.querySelector("button").focus();
  };
  return html`<div class="saved" ref=${place} onKeyDown=${leave}>
    <button type="button" aria-expanded=${isOpen} aria-haspopup="true" onClick=${() => open(!isOpen)}>Saved filters</button>
    ${isOpen && html`<div class="drop" role="group" aria-label="Saved filters">
      ${filters.length === 0 && html`<p class="quiet">None yet.</p>`}
      ${filters.map(
        (one) => html`<div class="item" key=${one.name}>
          <span><b>${one.name}</b> <code class="quiet">${one.filter}</code></span>
          <button type="button" onClick=${() => onApply(one.filter)}>Use</button>
          <button type="button" aria-pressed=${hidden.includes(one.filter)} onClick=${() => onHide(one.filter)}>Hide</button>
          <button type="button" class="plain" aria-label=${`Forget ${one.name}`} onClick=${() => forget(one)}>✕</button>
        </div>`,
      )}
      <form onSubmit=${save}>
        <input aria-label="Name for the filter" placeholder="Name" value=${name} onInput=${(event) => setName(event.target.value)} />
        <button type="submit" disabled=${!filter.trim() || !name.trim()}>Save this filter</button>
      </form>
    </div>`}
  </div>`;
}

/** What is hidden now, each with a way to show it again. */
export function Hidden({ hidden, onHide }) {
  const names = new Map(remembered(NAME, FIRST).map((one) => [one.filter, one.name]));
  return hidden.map(
    (one) => html`<button type="button" class="chip" key=${one} title=${`Show again: ${one}`} onClick=${() => onHide(one)}>
      Hidden: ${names.get(one) ?? html`<code>${one}</code>`} <span aria-hidden="true">✕</span>
    </button>`,
  );
}
