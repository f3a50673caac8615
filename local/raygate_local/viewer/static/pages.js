/* Which path is which page. A page is a module beside its style: `name` is what it exports, a component that is given
   the parts of the path (`/traces/:id` → {id}). `keys` and `title` put it into the header; `uses` are styles of libraries. */

export const PAGES = [
  { path: "/", file: "list/page", name: "ListPage", uses: ["lib/uplot.css"] },
  { path: "/traces", file: "list/page", name: "ListPage", uses: ["lib/uplot.css"], title: "Traces", keys: "g t" },
  { path: "/traces/:id", file: "trace/page", name: "TracePage" },
  { path: "/map", file: "map/page", name: "MapPage", uses: ["lib/uplot.css", "list/page.css"], title: "Map", keys: "g m" },
  { path: "/compare/:before", file: "compare/page", name: "ChoosePage" },
  { path: "/compare/:before/:after", file: "compare/page", name: "ComparePage" },
  { path: "/refused", file: "refused/page", name: "RefusedPage", title: "Refused", keys: "g r" },
];

/** {page, parts} of a path, or null. */
export function match(path) {
  for (const page of PAGES) {
    const form = new RegExp(`^${page.path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}/?$`);
    const found = form.exec(path);
    if (found) return { page, parts: decoded(found.groups ?? {}) };
  }
  return null;
}

/** The page's component, once its module and its style are here. */
export async function load(page) {
  const styles = ["exchange/page.css", ...(page.uses ?? []), `${page.file}.css`];
  const [module] = await Promise.all([import(`./${page.file}.js`), ...styles.map(styled)]);
  return module[page.name];
}

function decoded(groups) {
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, readable(text)]));
}

function readable(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function styled(file) {
  const href = new URL(file, import.meta.url).href;
  const links = [...document.querySelectorAll("link[rel=stylesheet]")];
  if (links.some((one) => one.href === href)) return Promise.resolve();
  return new Promise((done) => {
    const one = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: done, onerror: done });
    document.head.append(one);
  });
}
