import type { Moment } from '../recording/trace.js'

/** Text that may stand anywhere in HTML or SVG. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** The last part of a key: the parts before it are the same for all keys of a performance. */
export const shortKey = (key: string): string => key.slice(key.lastIndexOf(':') + 1)

/** A time, with two digits after the point below 10 ms, and one below 100 ms. */
export const milliseconds = (at: Moment): string => `${at < 10 ? at.toFixed(2) : at.toFixed(at < 100 ? 1 : 0)} ms`
