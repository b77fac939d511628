import type { Moment } from '../recording/trace.js'

/** Escapes text for HTML and SVG. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** The last part of a key: the other parts are the same for all keys of a run. */
export const shortKey = (key: string): string => key.slice(key.lastIndexOf(':') + 1)

/** A time, with two decimals below 10 ms, and one below 100 ms. */
export const milliseconds = (at: Moment): string => `${at < 10 ? at.toFixed(2) : at.toFixed(at < 100 ? 1 : 0)} ms`
