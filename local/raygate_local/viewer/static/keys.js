/* Keys: pages name what each does, and the help sheet lists what is named.
   `useKeys("Trace list", {j: ["Next trace", run], "g t": ["Trace list", run]})`: by `event.key`, or two of them one
   after the other. A key works as soon as what it works on is seen. Nothing is taken while somebody types, or with Ctrl, Alt or Meta. */

import { useLayoutEffect, useRef } from "preact/hooks";

const WAIT_MS = 1500;
const groups = [];
let first = null;

export function useKeys(title, keys) {
  const given = useRef(null);
  given.current = keys;
  useLayoutEffect(() => {
    const group = { title, keys: () => given.current };
    groups.push(group);
    return () => groups.splice(groups.indexOf(group), 1);
  }, [title]);
}

/** What there is now: [{title, keys: {key: [what it does, run]}}]; a title stands once. */
export function keysNow() {
  const titles = [...new Set(groups.map((group) => group.title))];
  const keysOf = (title) => groups.filter((group) => group.title === title).map((group) => group.keys());
  return titles.map((title) => ({ title, keys: Object.assign({}, ...keysOf(title)) }));
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
    const asked = first && Date.now() - first.at < WAIT_MS ? `${first.key} ${event.key}` : event.key;
    first = null;
    const run = find(asked) ?? find(event.key);
    if (run) {
      event.preventDefault();
      run(event);
    } else if (groups.some((group) => Object.keys(group.keys()).some((name) => name.startsWith(`${event.key} `)))) {
      first = { key: event.key, at: Date.now() };
    }
  });
}

function find(name) {
  for (const group of [...groups].reverse()) {
    const [, run] = group.keys()[name] ?? [];
    if (run) return run;
  }
  return undefined;
}

function isTyping({ target, key }) {
  const isField = target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const isPressed = (key === "Enter" || key === " ") && target.closest?.("button, a[href], summary, input");
  return Boolean(isField || isPressed || (document.querySelector("dialog[open]") && key !== "?"));
}
