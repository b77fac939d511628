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
export function slotOf(
  { keys, slotOfText, route }: CommandDescriptor,
  args: readonly Argument[],
): number | 'none' | 'cross' {
  // Most commands have one key. They don't need a list of positions.
  if (typeof keys === 'object' && keys.last === keys.first && keys.first < args.length) {
    return slotOfKey(args[keys.first] as Argument)
  }
  const known = keys === 'unknown' ? undefined : (keys ?? slotOfText)
  const positions = keys === 'unknown' && route === undefined && args.length > 1 ? [1] : positionsOf(known, args)
  let slot = -1
  for (const position of positions) {
    const other = slotOfKey(args[position] as Argument)
    if (slot !== -1 && other !== slot) return 'cross'
    slot = other
  }
  return slot === -1 ? 'none' : slot
}

/** Returns the slot of a key. Only the text between its first `{` and the next `}` counts, unless that is empty or missing. */
export function slotOfKey(key: Argument): number {
  const slot = typeof key === 'string' ? slotOfAscii(key) : -1
  if (slot !== -1) return slot
  const bytes = bytesOf(key)
  const open = bytes.indexOf(0x7b)
  if (open >= 0) {
    const close = bytes.indexOf(0x7d, open + 1)
    if (close > open + 1) return crc16(bytes, open + 1, close) % slotCount
  }
  return crc16(bytes, 0, bytes.length) % slotCount
}

/** Like `slotOfKey`, but does not copy the text. @returns -1 if the part that counts is not ASCII */
function slotOfAscii(key: string): number {
  const open = key.indexOf('{')
  const close = open < 0 ? -1 : key.indexOf('}', open + 1)
  const hasTag = close > open + 1
  const to = hasTag ? close : key.length
  crcOfByte ??= makeTable()
  const table = crcOfByte
  let i = hasTag ? open + 1 : 0
  let all = 0
  let crc = 0
  if ((to - i) & 1) {
    all = key.charCodeAt(i++)
    crc = table[all & 0xff] as number
  }
  // Two characters at a time, because each step has to wait for the one before it.
  while (i < to) {
    const first = key.charCodeAt(i++)
    const second = key.charCodeAt(i++)
    all |= first | second
    crc = (table[256 + (((crc >> 8) ^ first) & 0xff)] as number) ^ (table[(crc ^ second) & 0xff] as number)
  }
  return all > 0x7f ? -1 : crc % slotCount
}

/** The CRC of each byte, then the CRC of each byte with a zero byte after it. */
let crcOfByte: Uint16Array | undefined

/**
 * Computes the CRC-16 of XMODEM: polynomial 0x1021.
 * @param before the CRC of the bytes before these; default 0, if there are none
 */
export function crc16(bytes: Uint8Array, from: number, to: number, before = 0): number {
  crcOfByte ??= makeTable()
  let crc = before
  for (let i = from; i < to; i += 1) {
    crc = ((crc << 8) & 0xffff) ^ (crcOfByte[(crc >> 8) ^ (bytes[i] as number)] as number)
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
