/* A service by a part of its name. */

import { announce, html, useRef, useState } from "../base.js";
import { nameOf } from "./model.js";

/** `onFind(node)`; Enter again goes to the next one with that text. */
export function Find({ nodes, onFind }) {
  const [text, setText] = useState("");
  const turn = useRef(0);
  const wanted = text.trim().toLowerCase();
  const found = wanted ? nodes.filter((node) => nameOf(node).toLowerCase().includes(wanted)) : [];
  const write = (event) => {
    turn.current = 0;
    setText(event.target.value);
  };
  const press = (event) => {
    if (event.key === "Escape") event.target.blur();
    if (event.key !== "Enter" || !found.length) return;
    const place = turn.current % found.length;
    turn.current = place + 1;
    onFind(found[place]);
    announce(`${nameOf(found[place])}, ${place + 1} of ${found.length}`);
  };
  return html`<span class="map-find">
    <input id="map-find" type="search" placeholder="Find a service  f" aria-label="Find a service" value=${text} onInput=${write} onKeyDown=${press} autocomplete="off" spellcheck=${false} />
    ${wanted && html`<span class="quiet" role="status">${found.length || "none"}</span>`}
  </span>`;
}
