/* Begins here: header, the page that the address names, help. */

import { render } from "preact";

import { Sheet, html, navigate, useAddress, useEffect, useKeys, useSettings, useState } from "./base.js";
import { Header } from "./header.js";
import { keysNow, startKeys } from "./keys.js";
import { PAGES, load, match } from "./pages.js";
import { startRouter } from "./router.js";

function App() {
  const { path } = useAddress();
  const [isHelpShown, showHelp] = useState(false);
  const [loaded, set] = useState({});
  const found = match(path);
  useSettings();
  useEffect(() => {
    if (!found) return;
    const { file, name } = found.page;
    load(found.page)
      .then((Page) => set({ key: `${file} ${name}`, Page }))
      .catch((error) => set({ key: `${file} ${name}`, error }));
  }, [found?.page.file, found?.page.name]);
  const places = PAGES.filter((page) => page.keys).map(({ keys, title, path: to }) => [
    keys,
    [title, () => navigate(to)],
  ]);
  useKeys("Everywhere", { ...Object.fromEntries(places), "?": ["This sheet", () => showHelp((shown) => !shown)] });
  return html`<a class="skip" href="#main">To the content</a>
    <${Header} path=${path} onHelp=${() => showHelp(true)} />
    <main id="main" tabindex="-1">${content(found, loaded)}</main>
    ${isHelpShown && html`<${Help} onClose=${() => showHelp(false)} />`}
    <div id="said" class="unseen" role="status" aria-live="polite"></div>`;
}

function content(found, { key, Page, error }) {
  if (!found) return html`<${Nothing} title="Nothing here">There is no page at this address.<//>`;
  if (key !== `${found.page.file} ${found.page.name}`) return null;
  if (error || !Page) return html`<${Nothing} title="This page cannot be shown">${String(error)}<//>`;
  return html`<${Page} key=${key} ...${found.parts} />`;
}

function Nothing({ title, children }) {
  return html`<section class="message">
    <h1>${title}</h1>
    <p>${children}</p>
    <p><a href="/traces">All traces</a></p>
  </section>`;
}

function Help({ onClose }) {
  return html`<${Sheet} title="Keys" onClose=${onClose}>
    <div class="keys">
      ${keysNow().map(
        (group) =>
          html`<section>
            <h3>${group.title}</h3>
            <dl>
              ${Object.entries(group.keys)
                .filter(([, [does]]) => does)
                .map(([key, [does]]) => html`<div><dt>${key.split(" ").map(cap)}</dt><dd>${does}</dd></div>`)}
            </dl>
          </section>`,
      )}
    </div>
  <//>`;
}

const CAPS = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", " ": "Space" };

function cap(key) {
  return html`<kbd>${CAPS[key] ?? key}</kbd>`;
}

startKeys();
startRouter((path) => match(path) !== null);
render(html`<${App} />`, document.getElementById("app"));
