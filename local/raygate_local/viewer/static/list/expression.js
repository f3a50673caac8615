/* Filter expressions, as far as the page writes them: clauses of values, several joined, the command line. */

/** A clause for a value that is seen: kind is status, service, method, url, code, user or annotation. */
export function clause(kind, value, key) {
  if (kind === "status") return value;
  if (kind === "service") return `service(${literal(value)})`;
  if (kind === "annotation") return `annotation[${key}] = ${literal(value)}`;
  return `${{ method: "http.method", url: "http.url", code: "http.status", user: "user" }[kind]} = ${literal(value)}`;
}

/** The filter with one clause more; nothing changes when it is there already. */
export function and(filter, more) {
  const text = filter.trim();
  if (!text) return more;
  if (text === more || text.endsWith(` AND ${more}`) || text.startsWith(`${more} AND `)) return text;
  return `${closed(text)} AND ${more}`;
}

/** The opposite of a clause. */
export function not(text) {
  return /^\w+$/.test(text) ? `!${text}` : `!(${text})`;
}

/** What is asked: the filter, less what is hidden. */
export function effective(filter, hidden) {
  if (!hidden.length) return filter;
  return [...(filter.trim() ? [closed(filter.trim())] : []), ...hidden.map(not)].join(" AND ");
}

/** The same question to X-Ray itself, for a shell. */
export function command(filter, fromS, toS, endpoint) {
  const words = ["aws xray get-trace-summaries", `--start-time ${Math.floor(fromS)}`, `--end-time ${Math.ceil(toS)}`];
  if (filter.trim()) words.push(`--filter-expression ${quoted(filter.trim())}`);
  words.push(`--endpoint-url ${endpoint}`);
  return words.join(" ");
}

function closed(text) {
  return /\bOR\b|\|\|/i.test(text) ? `(${text})` : text;
}

function literal(value) {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
