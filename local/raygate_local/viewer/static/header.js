/* What stands above every page: where one can go, what the store holds, theme and zone. */

import { bytes, changeSetting, html, moment, number, useLive, useSettings } from "./base.js";
import { Files } from "./exchange/files.js";
import { PAGES } from "./pages.js";

const THEMES = { system: ["◐", "light"], light: ["☀", "dark"], dark: ["☾", "system"] };

export function Header({ path, onHelp }) {
  const { theme, zone } = useSettings();
  const { counts, isConnected, version } = useLive();
  const [sign, nextTheme] = THEMES[theme];
  const isLost = !isConnected && version !== null;
  return html`<header class="top">
    <a class="home" href="/traces">Raygate <span>local X-Ray</span></a>
    <nav aria-label="Pages">
      ${PAGES.filter((page) => page.title).map(
        (page) =>
          html`<a href=${page.path} aria-current=${isCurrent(page, path) ? "page" : undefined}>${page.title}</a>`,
      )}
    </nav>
    <span class="space"></span>
    ${isLost && html`<span class="lost" role="status">Not connected. Trying again…</span>`}
    ${counts && html`<${Kept} counts=${counts} />`}
    <${Files} />
    <button
      type="button"
      class="plain zone"
      title=${`Times are ${zone === "utc" ? "UTC" : "local"}. Switch to ${zone === "utc" ? "local" : "UTC"}`}
      onClick=${() => changeSetting("zone", zone === "utc" ? "local" : "utc")}
    >
      ${moment(Date.now() / 1000).zone}
    </button>
    <button
      type="button"
      class="plain"
      title=${`Theme: ${theme}. Switch to ${nextTheme}`}
      aria-label=${`Theme: ${theme}. Switch to ${nextTheme}`}
      onClick=${() => changeSetting("theme", nextTheme)}
    >
      ${sign}
    </button>
    <button type="button" class="plain" title="Keys (?)" aria-label="Keys" onClick=${onHelp}>?</button>
  </header>`;
}

/** What the store holds, what it may hold, and what had to go. */
function Kept({ counts }) {
  const { traces, evicted, bounds } = counts;
  const [most, oldest] = [bounds.max_bytes, bounds.max_age_s];
  const title = `Kept: ${number(traces)} traces in ${bytes(counts.bytes)} of at most ${bytes(most)}${
    oldest ? `, for ${number(oldest / 86400)} days` : ""
  }. ${number(evicted)} evicted, the oldest first.`;
  return html`<span class="kept" title=${title}>
    <span><b>${number(traces)}</b> ${traces === 1 ? "trace" : "traces"}</span>
    <span class="wide-only"><b>${bytes(counts.bytes)}</b> of ${bytes(most)}</span>
    ${evicted > 0 && html`<span><b>${number(evicted)}</b> evicted</span>`}
  </span>`;
}

function isCurrent(page, path) {
  return path === page.path || path.startsWith(`${page.path}/`) || (page.path === "/traces" && path === "/");
}
