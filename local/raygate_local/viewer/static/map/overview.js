/* The whole map in a corner, while only a part of it is on the screen: what is on the screen is framed, and goes where
   one points. Keys move the map itself. */

import { html, useRef } from "../base.js";
import { STATUSES } from "./model.js";

const MOST = { width: 190, height: 130 };
const SHARE = { width: 0.18, height: 0.28 }; /* of a small box: what lies below it is the map */
const DOT = 2.5;

/** `onPoint([x, y])`: that place is wanted in the middle. */
export function Overview({ map, layout, view, box, onPoint }) {
  const place = useRef(null);
  const k = Math.min(...["width", "height"].map((side) => Math.min(MOST[side], SHARE[side] * box[side]) / layout[side]));
  const [width, height] = [layout.width * k, layout.height * k];
  const point = (event) => {
    if (!event.buttons) return;
    event.preventDefault();
    place.current.setPointerCapture(event.pointerId);
    const { left, top } = place.current.getBoundingClientRect();
    onPoint([(event.clientX - left) / k, (event.clientY - top) / k]);
  };
  const frame = { x: (-view.x / view.k) * k, y: (-view.y / view.k) * k, width: (box.width / view.k) * k, height: (box.height / view.k) * k };
  return html`<div class="map-overview" aria-hidden="true">
    <svg ref=${place} width=${width} height=${height} onPointerDown=${point} onPointerMove=${point}>
      ${map.nodes.filter((node) => layout.nodes[node.key]).map((node) => {
        const [x, y] = layout.nodes[node.key];
        return html`<circle key=${node.key} class=${worst(node)} cx=${x * k} cy=${y * k} r=${DOT} />`;
      })}
      <rect ...${frame} />
    </svg>
  </div>`;
}

const worst = (node) => (node.kind === "client" ? "client" : (STATUSES.findLast((status) => node[status] > 0) ?? "ok"));
