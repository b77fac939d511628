import type { Argument } from '../protocol/types.js'
import type { CommandDescriptor } from './descriptor.js'
import { positionsOf } from './key-positions.js'
import { bytesOf } from './words.js'

/** The slot of a command in a cluster. Redis cluster specification: key distribution model. */

export const slotCount = 16_384

/**
 * Returns the slot of a command. For an unknown command, the first argument counts as its key.
 *
 * @param args the arguments as they are sent, with the `keyPrefix`
 * @returns a number; `'none'` if the command has no key; `'cross'` if its keys have different slots
 */
export function slotOf(descriptor: CommandDescriptor, args: readonly Argument[]): number | 'none' | 'cross' {
  let slot = slotOfOneKey(descriptor, args)
  if (slot !== -1) return slot
  const { keys, slotOfText, route } = descriptor
  const known = keys === 'unknown' ? undefined : (keys ?? slotOfText)
  const positions = keys === 'unknown' && route === undefined && args.length > 1 ? [1] : positionsOf(known, args)
  for (const position of positions) {
    const other = slotOfKey(args[position] as Argument)
    if (slot !== -1 && other !== slot) return 'cross'
    slot = other
  }
  return slot === -1 ? 'none' : slot
}

/** Like `slotOf`, for commands with one key. These are most commands, and don't need a list of positions. @returns -1 for others */
export function slotOfOneKey({ keys }: CommandDescriptor, args: readonly Argument[]): number {
  const hasOne = typeof keys === 'object' && keys.last === keys.first && keys.first < args.length
  return hasOne ? slotOfKey(args[keys.first] as Argument) : -1
}

/** Returns the slot of a key. Only the text between its first `{` and the next `}` counts, unless that is empty or missing. */
export function slotOfKey(key: Argument): number {
  const slot = typeof key === 'string' ? slotOfLatin1(key, 0x7f) : -1
  return slot === -1 ? slotOfLatin1(bytesOf(key).toString('latin1'), 0xff) : slot
}

/**
 * Like `slotOfKey`, for text in which each character stands for a byte. It reads the text once, because nothing else takes as long.
 * @param highest the highest character that stands for a byte
 * @param stop `{`; -1 if the part of the key that counts is already known
 * @returns -1 if the part that counts has a higher character
 */
function slotOfLatin1(key: string, highest: number, from = 0, to = key.length, stop = 0x7b): number {
  crcTable ??= makeTable()
  const table = crcTable
  let all = 0
  let crc = 0
  // Two characters at a time, because each step has to wait for the one before it. A zero at the beginning changes nothing.
  for (let i = from - ((to - from) & 1); i < to; i += 2) {
    const first = i < from ? 0 : key.charCodeAt(i)
    const second = key.charCodeAt(i + 1)
    if (first === stop || second === stop) {
      const open = key.indexOf('{') + 1
      const close = key.indexOf('}', open)
      return close > open ? slotOfLatin1(key, highest, open, close, -1) : slotOfLatin1(key, highest, from, to, -1)
    }
    all |= first | second
    crc = (table[256 + (((crc >> 8) ^ first) & 0xff)] as number) ^ (table[(crc ^ second) & 0xff] as number)
  }
  return all > highest ? -1 : crc % slotCount
}

/** The CRC of each byte, then the CRC of each byte with a zero byte after it. */
let crcTable: Uint16Array | undefined

/**
 * Computes the CRC-16 of XMODEM: polynomial 0x1021.
 * @param before the CRC of the bytes before these; default 0, if there are none
 */
export function crc16(bytes: Uint8Array, from: number, to: number, before = 0): number {
  crcTable ??= makeTable()
  let crc = before
  for (let i = from; i < to; i += 1) {
    crc = ((crc << 8) & 0xffff) ^ (crcTable[(crc >> 8) ^ (bytes[i] as number)] as number)
  }
  return crc
}

function makeTable(): Uint16Array {
  return Uint16Array.from({ length: 512 }, (_, index) => {
    let crc = index << 8
    for (let bit = index < 256 ? 8 : 16; bit > 0; bit -= 1) crc = (crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)
    return crc
  })
}
