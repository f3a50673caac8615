/* The list's rows: loaded as far as somebody scrolled, kept right by what the server tells.
   Takes   what is asked: {filter, range}. Gives   `Rows`, which draws nothing and tells its listener when it changed.
   Rules   Newest first. While it is paused nothing moves; the traces that changed meanwhile are counted. */

import { ask } from "../base.js";
import { bounds } from "./range.js";

const FIRST = 200;
const MORE = 1000;
const REST_MS = 250; /* between two refreshes: a store that takes thousands a second must not be asked as often */

export class Rows {
  constructor(asked, onChange) {
    this.asked = asked;
    this.onChange = onChange;
    this.rows = [];
    this.total = 0;
    this.version = null;
    this.told = null;
    this.next = null;
    this.error = null;
    this.isLoaded = false;
    this.isPaused = false;
    this.waiting = new Set();
    this.wanted = 0;
    this.newest = null;
    this.turn = 0;
  }

  /** Everything anew. */
  async reload() {
    const turn = ++this.turn;
    await this.#try(turn, async () => {
      const page = await this.#ask({ limit: Math.min(MORE, Math.max(FIRST, this.rows.length)) });
      if (turn !== this.turn) return;
      this.rows = page.rows;
      this.#take(page);
      this.isLoaded = true;
      this.waiting.clear();
      if (this.told > this.version) this.tell({ version: this.told, changed: [] }); /* it came while these were on their way */
    });
    this.#fill();
  }

  /** Somebody looks at this row: it shall be here. */
  want(index) {
    this.wanted = Math.max(this.wanted, index);
    this.#fill();
  }

  /** The server's store changed. */
  tell({ version, changed }) {
    this.told = version;
    if (this.version === null || version === this.version) return;
    if (this.isPaused) {
      for (const id of changed) this.waiting.add(id);
      this.onChange();
    } else {
      this.#refresh();
    }
  }

  pause(isPaused) {
    this.isPaused = isPaused;
    this.onChange();
    if (!isPaused) this.#refresh();
  }

  stop() {
    this.turn = -1;
    clearTimeout(this.timer);
    this.onChange = () => {};
  }

  /** A refresh at a time; what changes during one is in the next. */
  #refresh() {
    if (this.isBusy) {
      this.isAgain = true;
      return;
    }
    this.isBusy = true;
    this.isAgain = false;
    this.#since().finally(() => {
      this.timer = setTimeout(() => {
        this.isBusy = false;
        if (this.isAgain && !this.isPaused) this.#refresh();
      }, REST_MS);
    });
  }

  async #since() {
    const turn = this.turn;
    await this.#try(turn, async () => {
      const told = await this.#ask({ since: this.version });
      if (turn !== this.turn || this.isPaused) return;
      this.#merge(told);
      this.version = told.version;
      this.total = told.total;
      this.waiting.clear();
      const isWhole = this.next === null ? this.rows.length === this.total : this.rows.length < this.total;
      if (!isWhole) await this.reload();
    });
  }

  #merge({ rows, gone }) {
    const changed = new Set([...gone, ...rows.map((row) => row.id)]);
    const { from } = bounds(this.asked.range);
    const last = this.rows.at(-1);
    const kept = this.rows.filter((row) => !changed.has(row.id) && (from === null || row.start >= from));
    const added = this.next === null || !last ? rows : rows.filter((row) => order(row, last) < 0);
    this.rows = added.length ? [...kept, ...added].sort(order) : kept;
  }

  #fill() {
    if (this.isFilling || this.next === null || this.wanted < this.rows.length) return;
    this.isFilling = true;
    const turn = this.turn;
    this.#try(turn, async () => {
      const page = await this.#ask({ limit: MORE, after: JSON.stringify(this.next) });
      if (turn !== this.turn) return;
      const here = new Set(this.rows.map((row) => row.id));
      this.rows = [...this.rows, ...page.rows.filter((row) => !here.has(row.id))].sort(order);
      this.next = page.next;
    }).finally(() => {
      this.isFilling = false;
      if (!this.error) this.#fill();
    });
  }

  async #try(turn, work) {
    try {
      await work();
      if (turn === this.turn) this.error = null;
    } catch (error) {
      if (turn === this.turn) Object.assign(this, { error, isLoaded: true });
    }
    this.onChange();
  }

  #take({ total, version, next }) {
    Object.assign(this, { total, version, next });
  }

  #ask(more) {
    return ask(`/api/traces?${query(this.asked, more)}`);
  }
}

/** The query that the list and the histogram send. */
export function query({ filter, range }, more = {}) {
  const { from, to } = bounds(range);
  const given = { filter: filter || null, from, to, ...more };
  return new URLSearchParams(Object.entries(given).filter(([, value]) => value !== null));
}

function order(one, other) {
  return other.start - one.start || (one.id < other.id ? 1 : -1);
}
