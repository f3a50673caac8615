/* Small things that every page uses. */

import { h } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import htm from "htm";

export const html = htm.bind(h);

const SHOWN_MS = 1500;
const STATUSES = {
  ok: ["●", "OK"],
  error: ["▲", "Error"],
  fault: ["✖", "Fault"],
  throttle: ["◆", "Throttle"],
};

/** A status by shape, word and colour: `of` is ok, error, fault or throttle. `quiet` leaves the word to readers. */
export function Status({ of, quiet = false, title }) {
  const [sign, word] = STATUSES[of] ?? STATUSES.ok;
  return html`<span class="status ${of}" title=${title ?? (quiet ? word : undefined)}>
    <span class="sign" aria-hidden="true">${sign}</span><span class=${quiet ? "unseen" : ""}>${word}</span>
  </span>`;
}

/** A button that copies, and says that it did. */
export function Copy({ text, label = "Copy", children }) {
  const [done, set] = useState(false);
  useEffect(() => {
    const timer = done && setTimeout(() => set(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [done]);
  const run = async () => {
    await copy(typeof text === "function" ? text() : text);
    set(true);
  };
  return html`<button type="button" class="copy" title=${label} aria-label=${label} onClick=${run}>
    ${done ? "Copied" : (children ?? "Copy")}
  </button>`;
}

/** Into the clipboard. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text, className: "unseen" });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  announce("Copied");
}

/** Said to screen readers. */
export function announce(text) {
  const place = document.getElementById("said");
  if (place) place.textContent = text;
}

/** The page's title while it is shown. */
export function useTitle(title) {
  useEffect(() => {
    document.title = title ? `${title} · Raygate` : "Raygate";
  }, [title]);
}

/** A modal sheet; `onClose` when it was closed, by whatever way. */
export function Sheet({ title, onClose, children }) {
  const place = useRef(null);
  useLayoutEffect(() => {
    if (!place.current.open) place.current.showModal();
  }, []);
  const close = () => place.current.close();
  return html`<dialog
    ref=${place}
    class="sheet"
    aria-label=${title}
    onClose=${onClose}
    onClick=${(event) => event.target === place.current && close()}
  >
    <header><h2>${title}</h2><button type="button" class="plain" aria-label="Close" onClick=${close}>✕</button></header>
    <div class="inside">${children}</div>
  </dialog>`;
}
