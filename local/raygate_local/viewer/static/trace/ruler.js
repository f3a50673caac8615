/* The time axis above the rows, and the names of their columns. */

import { duration, html } from "../base.js";
import { ticks } from "./model.js";

const MOST = 5;
const ROOM = 88; /* per cent: a text that begins later would be cut */

export function Ruler({ zoom }) {
  const marks = ticks(zoom, MOST);
  return html`<div class="ruler" role="row" aria-rowindex="1">
    <div class="name" role="columnheader">Segment or subsegment</div>
    <div class="length" role="columnheader">Duration</div>
    <div class="self" role="columnheader" title="How long none of its children ran">Self</div>
    <div class="time" role="columnheader" aria-label="Time">
      ${marks.map((ms) => {
        const left = ((ms - zoom[0]) / (zoom[1] - zoom[0])) * 100;
        return html`<span class="tick" aria-hidden="true" style=${{ left: `${left}%` }}>${left < ROOM && duration(ms / 1000)}</span>`;
      })}
    </div>
  </div>`;
}
