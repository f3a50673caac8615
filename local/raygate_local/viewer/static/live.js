/* What changes in the store, as it changes: one stream of server-sent events for the whole page.
   Each event is {version, changed: [trace ids], counts}. The browser comes again by itself with the last version that
   it saw, and is told everything since. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";

const listeners = new Set();
let source = null;
let latest = { version: null, changed: [], counts: null, isConnected: false };

/** The latest event and `isConnected`. With a `listener`, each event is given to it, and to be drawn again is its
    business; without, the component is drawn again at each. */
export function useLive(listener) {
  const [, again] = useState(0);
  const given = useRef(listener);
  given.current = listener;
  useLayoutEffect(() => {
    const listen = (event) => (given.current ? given.current(event) : again((count) => count + 1));
    listeners.add(listen);
    start();
    return () => listeners.delete(listen);
  }, []);
  return latest;
}

function start() {
  if (source) return;
  source = new EventSource("/api/live");
  source.onmessage = (message) => tell({ ...JSON.parse(message.data), isConnected: true });
  source.onerror = () => {
    if (latest.isConnected) tell({ ...latest, changed: [], isConnected: false });
  };
}

function tell(event) {
  latest = event;
  for (const listen of [...listeners]) listen(event);
}
