import { buildMap, setProto } from '../protocol/entries.js'
import type { Argument, DecodeMode, Reply } from '../protocol/types.js'

/**
 * The parts from which transforms.ts builds its transforms. They read replies in the form of RESP2, where a map is a flat array
 * of names and values. A RESP3 reply is decoded to the same arrays. A value that does not have the expected type is not changed.
 */

/** The form in which the caller wants replies. */
export interface ReplyOptions extends DecodeMode {
  /** Whether integers of INCR and related commands are numbers, or always bigints. */
  readonly integers: 'number' | 'bigint'
  /** Whether replies are returned as the server sent them. */
  readonly raw: boolean
}

/** Converts a reply to the form that a command's method promises. */
export type Transform = (reply: Reply, options: ReplyOptions, args: readonly Argument[]) => Reply

/** A value that is not changed. */
export const same: Transform = (reply) => reply

/** A list of values that all have the same form. */
export function list(element: Transform): Transform {
  return (reply, options, args) => (Array.isArray(reply) ? reply.map((value) => element(value, options, args)) : reply)
}

/** A list in which each value has its own form. Values after the last form are not changed. */
export function tuple(...elements: Transform[]): Transform {
  return (reply, options, args) =>
    Array.isArray(reply) ? reply.map((value, i) => (elements[i] ?? same)(value, options, args)) : reply
}

/** A map, with the form of some members, and the form of all other members. */
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

/** Splits a flat list into lists of `size` values. If some are left over, the last list is shorter. */
export function groups(flat: readonly Reply[], size: number): Reply[][] {
  const found: Reply[][] = []
  for (let i = 0; i < flat.length; i += size) found.push(flat.slice(i, i + size))
  return found
}

/**
 * Converts a flat list of names and values to an object or a Map, depending on the option `maps`. If the last name has no value,
 * the list is not changed.
 */
export function mapOf(flat: Reply[], options: DecodeMode): Reply {
  if (flat.length % 2 > 0) return flat
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
