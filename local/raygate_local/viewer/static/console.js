/* Addresses of AWS's console, understood here: #/traces/ID, /xray/home#/traces?filter=…, #xray:traces/ID.
   Takes a location (`pathname`, `search`, `hash`). Gives our address, or null when it is ours already.
   Source: X-Ray developer guide, "Deep linking". */

const PLACES = [
  [/^traces\/([^/?]+)\/raw$/, (found) => `/traces/${found[1]}/raw`],
  [/^traces\/([^/?]+)/, (found) => `/traces/${found[1]}`],
  [/^(service-map|trace-map|map)/, () => "/map"],
  [/^/, () => "/traces"],
];

export function fromConsole({ pathname, search, hash }) {
  const isHome = pathname === "/xray/home" || pathname === "/cloudwatch/home";
  const inside = /^#(?:\/|xray:)(.*)$/.exec(hash);
  if (!inside && !isHome) return null;
  const [path, asked = ""] = (inside?.[1] ?? "").split("?");
  const [, to] = PLACES.find(([form]) => form.test(path));
  const query = new URLSearchParams(asked || (isHome ? search : ""));
  query.delete("region");
  const text = query.toString();
  return to(PLACES.find(([form]) => form.test(path))[0].exec(path)) + (text ? `?${text}` : "");
}
