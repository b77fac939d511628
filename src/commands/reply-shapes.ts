import { buildMap, setProto } from '../protocol/entries.js'
import type { Argument, DecodeMode, Reply } from '../protocol/types.js'

/**
 * The parts of which transforms.ts builds the form of a reply. They read what RESP2 sends, where a map is an array of names
 * and values in turn; a reply by RESP3 is decoded to the same arrays. What does not have the expected type stays as it is.
 */

/** What the caller wants of a reply. */
export interface ReplyOptions extends DecodeMode {
  /** Integers of INCR and related commands as numbers, or always as bigints. */
  readonly integers: 'number' | 'bigint'
  /** Replies as the server sent them. */
  readonly raw: boolean
}

/** Gives a reply the form that a command's method promises. */
export type Transform = (reply: Reply, options: ReplyOptions, args: readonly Argument[]) => Reply

/** A member that stays as it is. */
export const same: Transform = (reply) => reply

/** A list of values that all have the same form. */
export function list(element: Transform): Transform {
  return (reply, options, args) => (Array.isArray(reply) ? reply.map((value) => element(value, options, args)) : reply)
}

/** A list whose values have a form each; those behind the last named one stay as they are. */
export function tuple(...elements: Transform[]): Transform {
  return (reply, options, args) =>
    Array.isArray(reply) ? reply.map((value, i) => (elements[i] ?? same)(value, options, args)) : reply
}

/** A map: the form of the members that have one, and of all others. */
export function record(members: Readonly<Record<string, Transform>>, others: Transform = same): Transform {
  return (reply, options, args) => {
    if (!Array.isArray(reply)) return reply
    const entries = reply.map((value, i) => {
      if (i % 2 === 0) return value
      const name = String(reply[i - 1])
      return ((Object.hasOwn(members, name) && members[name]) || others)(value, options, args)
    })
    return mapOf(entries, options)
  }
}

/** Lists of so many values, from a list of values in turn. */
export function groups(flat: readonly Reply[], size: number): Reply[][] {
  const found: Reply[][] = []
  for (let i = 0; i + size <= flat.length; i += size) found.push(flat.slice(i, i + size))
  return found
}

/** Names and values in turn, as the option `maps` says. */
export function mapOf(flat: readonly Reply[], options: DecodeMode): Reply {
  if (options.maps === 'map') return buildMap(flat)
  const object: { [key: string]: Reply } = {}
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const name = String(flat[i])
    const value = flat[i + 1] as Reply
    if (name === '__proto__') setProto(object, value)
    else object[name] = value
  }
  return object
}
