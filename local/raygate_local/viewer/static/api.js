/* Asking our own server. Gives `ask`, `useApi`, `ApiError`. */

import { useCallback, useLayoutEffect, useState } from "preact/hooks";

/** What the server refused: `status` (0: it is away), `message`, and `body`, the whole answer when it was JSON. */
export class ApiError extends Error {
  constructor(status, message, body = {}) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

/** JSON from our server; throws `ApiError`. */
export async function ask(url, options) {
  let answer;
  try {
    answer = await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "The server does not answer. Is raygate serve still running?");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new ApiError(answer.status, body.message ?? `The server answered ${answer.status}.`, body);
  return body;
}

/** {data, error, isLoading, reload}. What was there stays while the next comes; null asks nothing. */
export function useApi(url) {
  const [state, set] = useState({ data: null, error: null, isLoading: url !== null });
  const [turn, again] = useState(0);
  // Not after the next picture: what is asked for no more is called back before anything else is done.
  useLayoutEffect(() => {
    if (url === null) return undefined;
    const control = new AbortController();
    set((before) => ({ ...before, isLoading: true }));
    ask(url, { signal: control.signal })
      .then((data) => set({ data, error: null, isLoading: false }))
      .catch((error) => {
        if (error.name !== "AbortError") set((before) => ({ ...before, error, isLoading: false }));
      });
    return () => control.abort();
  }, [url, turn]);
  return { ...state, reload: useCallback(() => again((count) => count + 1), []) };
}
