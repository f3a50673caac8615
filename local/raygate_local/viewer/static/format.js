/* Numbers, times and sizes as people read them. Times are seconds since 1970, as in X-Ray's documents. */

import { settings } from "./settings.js";

const two = (value) => String(value).padStart(2, "0");

/** {date: "2026-11-22", time: "21:09:34.120", zone: "UTC"} in the zone that was chosen. */
export function moment(seconds) {
  const at = new Date(Math.round(seconds * 1000));
  const get = settings.zone === "utc" ? "getUTC" : "get";
  const ms = String(at[`${get}Milliseconds`]()).padStart(3, "0");
  return {
    date: `${at[`${get}FullYear`]()}-${two(at[`${get}Month`]() + 1)}-${two(at[`${get}Date`]())}`,
    time: `${two(at[`${get}Hours`]())}:${two(at[`${get}Minutes`]())}:${two(at[`${get}Seconds`]())}.${ms}`,
    zone: settings.zone === "utc" ? "UTC" : offset(at),
  };
}

/** "2026-11-22 21:09:34.120" */
export function time(seconds) {
  const { date, time: clock } = moment(seconds);
  return `${date} ${clock}`;
}

/** The date only when it is not today's. */
export function shortTime(seconds, now = Date.now() / 1000) {
  const at = moment(seconds);
  return at.date === moment(now).date ? at.time : `${at.date} ${at.time}`;
}

/** "250 µs", "12.3 ms", "1.25 s", "2 m 5 s", "1 h 2 m" */
export function duration(seconds) {
  const value = Math.max(0, seconds);
  if (value === 0) return "0 ms";
  if (value < 0.0009995) return `${Math.max(1, Math.round(value * 1e6))} µs`;
  if (value < 0.9995) return `${three(value * 1000)} ms`;
  if (value < 59.995) return `${three(value)} s`;
  const whole = Math.round(value);
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} m`;
}

/** "812 B", "1.2 MB" */
export function bytes(count) {
  let value = count;
  for (const unit of ["B", "kB", "MB", "GB"]) {
    if (value < 1000 || unit === "GB") return `${unit === "B" ? value : three(value)} ${unit}`;
    value /= 1000;
  }
  return "";
}

/** "12,345" */
export function number(count) {
  return Math.round(count).toLocaleString("en-US");
}

/** "1 trace", "2 traces" */
export function count(many, noun) {
  return `${number(many)} ${noun}${many === 1 ? "" : "s"}`;
}

function three(value) {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}

function offset(at) {
  const minutes = -at.getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? "−" : "+"}${hours}${rest ? `:${two(rest)}` : ""}`;
}
