/* What one looks at, as it stands in the address: row, tab, folds, zoom, search, focus.
   Gives `useView(id)`: [view, change, undo]. `change(part)` shows it; with {step: true} it can be undone by one key. */

import { address, link, navigate, useAddress, useCallback, useEffect, useRef, useState } from "../base.js";

const WRITE_MS = 250; /* browsers take only so many changes of the address in a while */

export const PLAIN = {
  row: "", tab: "overview", zoom: null, q: "", only: false, focus: "", service: "", below: 0, path: true, equal: true,
  closed: new Set(), open: new Set(), panel: false,
};

const ids = (text) => new Set(text ? text.split(",") : []);

export function fromQuery(query) {
  const get = (name) => query.get(name) ?? "";
  const zoom = get("zoom").split("-").map(Number);
  return {
    row: get("row"), tab: get("tab") || PLAIN.tab, q: get("q"), only: get("only") === "1",
    zoom: zoom.length === 2 && zoom[1] > zoom[0] ? zoom : null,
    focus: get("focus"), service: get("service"), below: Math.max(0, Number(get("below")) || 0),
    path: get("path") !== "off", equal: get("equal") !== "off", closed: ids(get("closed")), open: ids(get("open")),
    panel: Boolean(get("row")) && get("panel") !== "off",
  };
}

export function toQuery(view) {
  return {
    row: view.row, panel: view.row && !view.panel ? "off" : "", tab: view.tab === PLAIN.tab ? "" : view.tab, q: view.q, only: view.only ? "1" : "",
    zoom: view.zoom ? view.zoom.map((ms) => Number(ms.toFixed(4))).join("-") : "", focus: view.focus,
    service: view.service, below: view.below || "", path: view.path ? "" : "off", equal: view.equal ? "" : "off",
    closed: [...view.closed].join(","), open: [...view.open].join(","),
  };
}

export function useView() {
  const { path, query } = useAddress();
  const [view, set] = useState(() => fromQuery(query));
  const kept = useRef({ written: query.toString(), steps: [], view });
  kept.current.view = view;

  useEffect(() => {
    if (query.toString() === kept.current.written) return;
    kept.current.written = query.toString(); /* somebody else changed it: a link, or a step back */
    set(fromQuery(query));
  }, [query.toString()]);

  useEffect(() => {
    const text = link("", toQuery(view)).slice(1);
    if (text === kept.current.written) return undefined;
    const write = () => {
      if (address().path !== path) return;
      kept.current.written = text;
      navigate(link(path, new URLSearchParams(text)), { replace: true });
    };
    const timer = setTimeout(write, WRITE_MS);
    return () => clearTimeout(timer);
  }, [view]);

  const change = useCallback((part, { step = false } = {}) => {
    const before = kept.current.view;
    const next = { ...before, ...(typeof part === "function" ? part(before) : part) };
    if (step) kept.current.steps.push(before);
    kept.current.view = next;
    set(next);
  }, []);
  const undo = useCallback(() => {
    const before = kept.current.steps.pop();
    if (before) change({ ...before, row: kept.current.view.row, tab: kept.current.view.tab, panel: kept.current.view.panel });
    return Boolean(before);
  }, []);
  return [view, change, undo];
}
