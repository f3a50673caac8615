/* Files in: chosen, or dropped anywhere on the page; each is told of in a sentence. */

import { ask, count, html, useEffect, useKeys, useRef, useState } from "../base.js";
import { Sheet } from "../parts.js";

/** A button for the header; the whole page takes what is dropped on it. */
export function Files() {
  const [isOpen, open] = useState(false);
  const [isOver, setOver] = useState(false);
  const [files, set] = useState([]);
  const take = async (given) => {
    const list = [...given];
    if (!list.length) return;
    open(true);
    for (const file of list) {
      set((before) => [{ name: file.name, isBusy: true, file }, ...before]);
      const done = await sent(file);
      set((before) => before.map((one) => (one.file === file ? { ...done, file } : one)));
    }
  };
  const given = useRef(take);
  given.current = take;
  useEffect(() => {
    let depth = 0;
    const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    const on = (name, run) => {
      const listen = (event) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        run(event);
      };
      document.addEventListener(name, listen);
      return () => document.removeEventListener(name, listen);
    };
    const show = (change) => {
      depth = Math.max(0, depth + change);
      setOver(depth > 0);
    };
    const offs = [
      on("dragenter", () => show(1)),
      on("dragleave", () => show(-1)),
      on("dragover", (event) => (event.dataTransfer.dropEffect = "copy")),
      on("drop", (event) => {
        show(-Infinity);
        given.current(event.dataTransfer.files);
      }),
    ];
    return () => offs.forEach((off) => off());
  }, []);
  useKeys("Everywhere", { i: ["Import files", () => open(true)] });
  return html`<button type="button" class="plain" title="Import files (i), or drop them anywhere" onClick=${() => open(true)}>Import</button>
    ${isOver && html`<div class="io-over" aria-hidden="true"><p>Drop to import</p></div>`}
    ${isOpen && html`<${Sheet} title="Import" onClose=${() => open(false)}><${Inside} files=${files} onTake=${take} /><//>`}`;
}

function Inside({ files, onTake }) {
  const field = useRef(null);
  const chosen = (event) => {
    onTake([...event.target.files]);
    event.target.value = "";
  };
  return html`<div class="io-in">
    <p><button type="button" class="primary" onClick=${() => field.current.click()}>Choose files…</button> <span class="quiet">or drop them anywhere on the page.</span></p>
    <input class="unseen" ref=${field} type="file" multiple tabindex="-1" aria-label="Files to import" onChange=${chosen} />
    <p class="quiet">OTLP as JSON, protobuf or JSON lines; X-Ray documents, one a line or in a list; what <code>aws xray batch-get-traces</code> prints. Compressed by gzip or zstd, or not.</p>
    <ul class="io-files" aria-live="polite">${files.map((one) => html`<li class=${one.isBusy ? "" : one.is_good ? "good" : "bad"}>
      <b>${one.isBusy ? "…" : one.is_good ? "✔" : "▲"}</b>
      <div><span class="name">${one.name}</span>
        <p>${one.isBusy ? "Reading …" : one.sentence}</p>
        ${one.trace_ids?.length > 0 && html`<p class="io-links">${one.trace_ids.slice(0, 3).map((id) => html`<a href=${`/traces/${id}`}><code>${id}</code></a> `)}${one.traces > 3 && html`<span class="quiet">and ${count(one.traces - 3, "more")}</span>`}</p>`}
        ${reasons(one).length > 0 && html`<details><summary>${count(reasons(one).length, "reason")}</summary><ul>${reasons(one).map((text) => html`<li>${text}</li>`)}</ul></details>`}
      </div></li>`)}</ul>
  </div>`;
}

function reasons({ refused = [], rejected = [], errors = [] }) {
  return [...refused.map((one) => `${one.Id ?? "a document"}: ${one.ErrorCode}, ${one.Message}`), ...rejected, ...errors];
}

async function sent(file) {
  try {
    return await ask(`/api/import?${new URLSearchParams({ name: file.name })}`, { method: "POST", body: file });
  } catch (error) {
    return { name: file.name, is_good: false, sentence: error.message };
  }
}
