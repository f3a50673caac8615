/* A value that can be taken into the filter, left out of it, or copied: by mouse on the value, by key on a row. */

import { clause, not } from "./expression.js";
import { copy, html, useEffect, useLayoutEffect, useRef } from "../base.js";

const WORDS = { status: "Status", service: "Service", method: "Method", url: "URL", code: "HTTP status", user: "User" };

/** All that can be asked of a row: [{words, value, clause}] */
export function valuesOf(row) {
  const one = (kind, value, key) => ({ words: key ?? WORDS[kind], value: String(value), clause: clause(kind, value, key) });
  return [
    one("status", row.status),
    ...row.services.map((name) => one("service", name)),
    ...["method", "url", "code"].filter((kind) => row[kind] !== "" && row[kind] !== null).map((kind) => one(kind, row[kind])),
    ...row.users.map((name) => one("user", name)),
    ...Object.entries(row.annotations).flatMap(([key, values]) => values.map((value) => one("annotation", value, key))),
  ];
}

/** A value as a button that opens the menu. */
export function Value({ kind, value, name, onMenu, children }) {
  const open = (event) => {
    event.stopPropagation();
    onMenu(event.currentTarget, [{ words: name ?? WORDS[kind], value: String(value), clause: clause(kind, value, name) }]);
  };
  return html`<button type="button" class="value" tabindex="-1" onClick=${open}>${children ?? value}</button>`;
}

/** The menu: for each value to filter by it, to leave it out, to copy it. */
export function ValueMenu({ anchor, values, onAnd, onClose }) {
  const place = useRef(null);
  useLayoutEffect(() => stand(place.current, anchor), [anchor]);
  useEffect(() => {
    const before = document.activeElement;
    place.current.querySelector("button").focus();
    const leave = (event) => place.current?.contains(event.target) || onClose();
    document.addEventListener("pointerdown", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      before?.focus?.({ preventScroll: true });
    };
  }, []);
  const press = (event) => {
    const buttons = [...place.current.querySelectorAll("button")];
    const step = { ArrowDown: 3, ArrowUp: -3, ArrowRight: 1, ArrowLeft: -1, j: 3, k: -3, l: 1, h: -1 }[event.key];
    if (event.key === "Escape") onClose();
    else if (step) buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const button = (words, run) =>
    html`<button type="button" role="menuitem" onClick=${() => {
      run();
      onClose();
    }}>${words}</button>`;
  return html`<div class="menu" ref=${place} role="menu" aria-label="What to do with a value" onKeyDown=${press}>
    ${values.map(
      (one) => html`<div class="item" role="group" aria-label=${`${one.words} ${one.value}`}>
        <span class="words quiet">${one.words}</span><span class="what" title=${one.value}>${one.value}</span>
        ${button("Filter by", () => onAnd(one.clause))} ${button("Exclude", () => onAnd(not(one.clause)))}
        ${button("Copy", () => copy(one.value))}
      </div>`,
    )}
  </div>`;
}

/** Below what it belongs to, and within the window. */
function stand(menu, anchor) {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const top = box.bottom + height + 8 > innerHeight ? Math.max(8, box.top - height - 4) : box.bottom + 4;
  menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  menu.style.top = `${top}px`;
}
