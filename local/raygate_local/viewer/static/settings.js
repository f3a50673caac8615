/* What this browser remembers: the theme, UTC or local time, and whatever a page wants to keep.
   Gives `settings` (read it anywhere), `changeSetting`, `useSettings`, `remembered`, `remember`. */

import { useLayoutEffect, useState } from "preact/hooks";

const PREFIX = "raygate.";
const listeners = new Set();

/** What was kept under this name; `otherwise` when nothing was, or what was cannot be read. */
export function remembered(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Keep a value under this name; a browser that keeps nothing is no reason to stop. */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    /* private windows */
  }
}

/** theme: "system" | "light" | "dark". zone: "local" | "utc". */
export const settings = { theme: remembered("theme", "system"), zone: remembered("zone", "local") };

export function changeSetting(name, value) {
  settings[name] = value;
  remember(name, value);
  if (name === "theme") showTheme();
  for (const listen of [...listeners]) listen();
}

/** The settings; the component is drawn again when one changes. */
export function useSettings() {
  const [, again] = useState(0);
  useLayoutEffect(() => {
    const listen = () => again((count) => count + 1);
    const system = matchMedia("(prefers-color-scheme: dark)");
    listeners.add(listen);
    system.addEventListener("change", listen);
    return () => {
      listeners.delete(listen);
      system.removeEventListener("change", listen);
    };
  }, []);
  return settings;
}

/** A colour of base.css as the canvas wants it: `colour("--fault")`. */
export function colour(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function showTheme() {
  if (settings.theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = settings.theme;
}
