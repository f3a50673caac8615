/* The filter box: completion from the store, what is wrong under its column, the same question as a command. */

import { Copy, ask, html, useEffect, useId, useKeys, useRef, useState } from "../base.js";
import { effective, command } from "./expression.js";
import { bounds } from "./range.js";

const CHECK_MS = 250;

/** `value` is what the address says; `onApply(text)` when somebody wants another. `refused` is the list's own error. */
export function FilterBox({ value, hidden, range, refused, onApply }) {
  const field = useRef(null);
  const listId = useId();
  const [text, setText] = useState(value);
  const [offer, setOffer] = useState({ items: [], chosen: -1, cursor: 0 });
  const [error, setError] = useState(null);
  const [isCommandShown, showCommand] = useState(false);
  const asked = useRef(0);
  const typed = useRef(0);

  useEffect(() => setText(value), [value]);
  useEffect(() => grow(field.current), [text]);
  useEffect(() => {
    let isOver = false;
    wrongIn(value, refused, hidden).then((found) => isOver || setError(found));
    return () => {
      isOver = true;
    };
  }, [refused, value]);
  useKeys("Trace list", { "/": ["Write a filter", () => field.current.focus()] });

  const look = async () => {
    const turn = ++asked.current;
    const { value: now, selectionStart: cursor } = field.current;
    const query = new URLSearchParams({ text: now, cursor });
    const found = await ask(`/api/complete?${query}`).catch(() => ({ completions: [] }));
    if (turn !== asked.current || document.activeElement !== field.current) return;
    setOffer((before) => ({ items: found.completions, chosen: again(before, found.completions), cursor }));
    const written = typed.current;
    setTimeout(() => written === typed.current && setError(found.error ?? null), CHECK_MS);
  };
  const close = () => {
    asked.current += 1;
    setOffer({ items: [], chosen: -1, cursor: 0 });
  };
  const apply = () => {
    close();
    onApply(text.trim());
  };
  const take = (item) => {
    const more = field.current.selectionStart - offer.cursor; /* typed since it was offered */
    const end = Math.max(item.start, item.end + more);
    const blanks = /^\s*/.exec(field.current.value.slice(item.start, end))[0].length; /* before the word that it is for */
    field.current.setRangeText(item.text, item.start + blanks, end, "end");
    setText(field.current.value);
    field.current.focus();
    look();
  };
  const press = (event) => {
    const { items, chosen } = offer;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length) {
      setOffer({ ...offer, chosen: (chosen + step + items.length + (chosen < 0 && step < 0 ? 1 : 0)) % items.length });
    } else if (event.key === "Tab" && items.length && !event.shiftKey && text.trim()) {
      take(items[Math.max(0, chosen)]);
    } else if (event.key === "Enter" && !event.shiftKey) {
      if (chosen >= 0) take(items[chosen]);
      else apply();
    } else if (event.key === "Escape") {
      if (items.length) close();
      else field.current.blur();
    } else {
      return;
    }
    event.preventDefault();
  };

  const whole = effective(text, hidden);
  const now = Date.now() / 1000;
  const { from, to } = bounds(range, now);
  const line = command(whole, from ?? 0, to ?? now, location.origin);
  const isOpen = offer.items.length > 0;
  return html`<div class="filter">
    <div class="line">
      <div class="box">
        <textarea
          ref=${field}
          class="mono"
          rows="1"
          spellcheck=${false}
          autocomplete="off"
          aria-label="Filter expression"
          placeholder=${'Filter: fault AND service("shop")'}
          role="combobox"
          aria-expanded=${isOpen}
          aria-autocomplete="list"
          aria-controls=${listId}
          aria-activedescendant=${offer.chosen >= 0 ? `${listId}-${offer.chosen}` : undefined}
          aria-invalid=${error ? "true" : undefined}
          value=${text}
          onInput=${(event) => {
            typed.current += 1;
            setText(event.target.value);
            setError(null);
            look();
          }}
          onFocus=${look}
          onBlur=${close}
          onKeyDown=${press}
        ></textarea>
        ${text && html`<button type="button" class="plain wipe" aria-label="No filter" onClick=${() => onApply("")}>✕</button>`}
        <${Offer} id=${listId} offer=${offer} onTake=${take} />
      </div>
      <button type="button" class="primary" onClick=${apply}>Filter</button>
      <button
        type="button"
        aria-pressed=${isCommandShown}
        title="The same question for the AWS CLI"
        onClick=${() => showCommand(!isCommandShown)}
      >CLI</button>
    </div>
    ${error && !isOpen && html`<${Wrong} text=${text} error=${error} />`}
    ${isCommandShown && html`<div class="command"><code>${line}</code> <${Copy} text=${line} label="Copy the command" /></div>`}
  </div>`;
}

function Offer({ id, offer, onTake }) {
  const chosen = useRef(null);
  useEffect(() => chosen.current?.scrollIntoView({ block: "nearest" }), [offer.chosen]);
  return html`<ul id=${id} class="offer" role="listbox" aria-label="Completions" hidden=${offer.items.length === 0}>
    ${offer.items.map(
      (item, place) => html`<li
        id=${`${id}-${place}`}
        key=${`${item.text} ${place}`}
        role="option"
        ref=${place === offer.chosen ? chosen : undefined}
        aria-selected=${place === offer.chosen}
        onMouseDown=${(event) => {
          event.preventDefault();
          onTake(item);
        }}
      >
        <code>${item.text}</code> <span class="quiet">${item.note || item.sort}</span>
      </li>`,
    )}
  </ul>`;
}

/** The line in which it is wrong, and a mark below the column. */
function Wrong({ text, error }) {
  const column = Math.min(error.column ?? text.length, text.length);
  const before = text.slice(0, column).split("\n");
  const line = text.split("\n")[before.length - 1];
  const from = Math.max(0, before.at(-1).length - 60);
  const mark = before.at(-1).length - from + (from > 0 ? 1 : 0);
  const isShown = text.includes("\n") || text.length > 60;
  const shown = `${from > 0 ? "…" : ""}${line.slice(from, from + 110)}`;
  return html`<div class="wrong mono" role="alert">
    ${isShown && html`<div class="quiet">${shown}</div>`}
    <div aria-hidden="true">${" ".repeat(mark)}<span class="caret">▲</span></div>
    <div>${error.message}<span class="unseen"> at column ${column + 1}</span></div>
  </div>`;
}

/** The list's error, when it is about what stands in the box. What is hidden besides may move it: it is asked anew. */
async function wrongIn(value, refused, hidden) {
  if (refused?.body?.column === undefined) return null;
  if (!hidden.length) return { message: refused.message, column: refused.body.column };
  const found = await ask(`/api/complete?${new URLSearchParams({ text: value, cursor: 0 })}`).catch(() => ({}));
  return found.error ?? { message: `What is hidden cannot be read: ${refused.message}`, column: value.length };
}

/** What was chosen stays chosen while more is typed. */
function again({ items, chosen }, now) {
  return chosen < 0 ? -1 : now.findIndex((one) => one.text === items[chosen].text);
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(160, field.scrollHeight + 2)}px`;
}
