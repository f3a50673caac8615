/* A trace in one file: draws the rows from the data beside it. Everything that was sent is written as text. */
"use strict";
{
  const data = JSON.parse(document.getElementById("data").textContent);
  const { columns, words } = data;
  const KINDS = ["ok", "error", "throttle", "fault"];
  const SIGNS = { ok: "●", error: "▲", throttle: "◆", fault: "✖" };
  const STEP = 14;

  const made = (tag, name, ...inside) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...inside);
    return element;
  };

  const duration = (ms) => {
    if (ms < 1) return `${Math.round(ms * 1000)} µs`;
    if (ms < 999.5) return `${ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`;
    return ms < 59995 ? `${(ms / 1000).toFixed(2)} s` : `${Math.floor(ms / 60000)} m ${Math.round((ms % 60000) / 1000)} s`;
  };

  const head = () => {
    const sign = made("span", data.status, `${SIGNS[data.status]} `);
    sign.title = data.status;
    const remarks = [...data.remarks, ...data.limits].map((text) => made("p", "remark", text));
    const started = new Date(data.start_s * 1000).toISOString().replace("T", " ").replace("Z", " UTC");
    return made(
      "header", "",
      made("h1", "", sign, data.name, " ", made("span", "", data.operation)),
      made("p", "", `${data.status}, ${duration(data.duration_s * 1000)}, ${started}, ${columns.id.length} rows`),
      made("p", "quiet", "X-Ray ", made("code", "", data.id), "  W3C ", made("code", "", data.w3c)),
      ...remarks,
    );
  };

  const row = (number) => {
    const status = KINDS[columns.status[number]];
    const whole = Math.max(data.duration_s * 1000, 1e-6);
    const bar = made("i", status);
    bar.style.left = `${Math.max(0, Math.min(99.8, (columns.start[number] / whole) * 100))}%`;
    bar.style.width = `${Math.min(100, (columns.length[number] / whole) * 100)}%`;
    const sign = made("span", status, status === "ok" ? "" : `${SIGNS[status]} ${status} `);
    const name = made("span", "name", sign, words[columns.name[number]] || columns.id[number], " ", made("span", "quiet", words[columns.operation[number]]));
    name.style.paddingLeft = `${columns.depth[number] * STEP}px`;
    const line = made("div", "row", name, made("span", "length", duration(columns.length[number])), made("span", "time", bar));
    line.tabIndex = 0;
    line.setAttribute("role", "button");
    line.setAttribute("aria-expanded", "false");
    line.dataset.number = String(number);
    return line;
  };

  const toggle = (line) => {
    const isOpen = line.getAttribute("aria-expanded") === "true";
    line.setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) line.nextElementSibling.remove();
    else line.after(made("pre", "", JSON.stringify(data.documents[Number(line.dataset.number)], null, 2)));
  };

  const list = made("section", "", ...columns.id.map((_, number) => row(number)));
  list.addEventListener("click", (event) => {
    const line = event.target.closest(".row");
    if (line) toggle(line);
  });
  list.addEventListener("keydown", (event) => {
    const line = event.target.closest(".row");
    if (!line) return;
    const rows = [...list.querySelectorAll(".row")];
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (event.key === "Enter" || event.key === " ") toggle(line);
    else if (step) rows[rows.indexOf(line) + step]?.focus();
    else return;
    event.preventDefault();
  });
  document.title = `${data.name} ${data.operation}`.trim() || data.id;
  document.getElementById("trace").replaceChildren(head(), list);
}
