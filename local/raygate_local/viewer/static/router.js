/* Where the page is: its address holds everything that one looks at.
   Gives `useAddress`, `navigate`, `setQuery`, `link`, `startRouter`. */

import { useLayoutEffect, useState } from "preact/hooks";

import { fromConsole } from "./console.js";

const listeners = new Set();

/** The address now: `path`, and `query` as URLSearchParams. */
export function address() {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

/** The address; the component is drawn again when it changes. */
export function useAddress() {
  const [now, set] = useState(address);
  useLayoutEffect(() => {
    const listen = () => set(address());
    listeners.add(listen);
    return () => listeners.delete(listen);
  }, []);
  return now;
}

/** Go to a path of ours. `replace` leaves no step to go back to. */
export function navigate(to, { replace = false } = {}) {
  if (to !== location.pathname + location.search) {
    history[replace ? "replaceState" : "pushState"](null, "", to);
  }
  tell();
}

/** Change a part of the query: null or "" takes a name away. */
export function setQuery(changes, options) {
  const { path, query } = address();
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "") query.delete(name);
    else query.set(name, value);
  }
  navigate(link(path, query), options);
}

/** An address: `link("/traces", {filter: "fault"})`. */
export function link(path, query = {}) {
  const text = new URLSearchParams(query instanceof URLSearchParams ? query : whatIsGiven(query)).toString();
  return text ? `${path}?${text}` : path;
}

/** Follow the browser's own steps, links, and addresses in the form of AWS's console. `isOurs(path)` says what to take. */
export function startRouter(isOurs) {
  const arrive = () => {
    const to = fromConsole(location);
    if (to) history.replaceState(null, "", to);
    tell();
  };
  addEventListener("popstate", arrive);
  addEventListener("hashchange", arrive);
  document.addEventListener("click", (event) => {
    const anchor = event.target.closest?.("a[href]");
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!anchor || !isPlain || event.defaultPrevented || anchor.target || anchor.hasAttribute("download")) return;
    if (anchor.origin !== location.origin || anchor.hash || !isOurs(anchor.pathname)) return;
    event.preventDefault();
    navigate(anchor.pathname + anchor.search);
  });
  arrive();
}

function tell() {
  for (const listen of [...listeners]) listen();
}

function whatIsGiven(query) {
  return Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
}
