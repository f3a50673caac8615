/* What a page imports: `import { html, useState, navigate, time } from "../base.js"`. */

export { Fragment, createRef, h } from "preact";
export { useCallback, useEffect, useId, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
export { ApiError, ask, useApi } from "./api.js";
export { bytes, count, duration, moment, number, shortTime, time } from "./format.js";
export { useKeys } from "./keys.js";
export { useLive } from "./live.js";
export { Copy, Sheet, Status, announce, copy, html, useTitle } from "./parts.js";
export { address, link, navigate, setQuery, useAddress } from "./router.js";
export { changeSetting, colour, remember, remembered, settings, useSettings } from "./settings.js";
