import { crc16, slotCount, slotOfKey } from '../commands/slots.js'
import { bytesOf } from '../commands/words.js'
import type { Argument } from '../protocol/types.js'

const infix = Buffer.from(':once:')
const open = 0x7b
const close = 0x7d

/**
 * Returns the name of the receipt for an id at a key. It begins with the key, so that an ACL rule for key patterns (`~app:*`)
 * that allows the key allows the receipt too. In a cluster it has the key's slot: if the key has no hash tag, three characters
 * `www` of the name are computed so that the slots are equal.
 *
 * | the key | its receipt |
 * | --- | --- |
 * | has a hash tag: `{user}:cart` | `{user}:cart:once:id` |
 * | has no `{`: `cart`, `a}b` | `cart:once:{www}:id` |
 * | has a `{` and no `}` after it: `a{b` | `a{b:once:www}:id` |
 * | has `{}`, which is not a tag: `{}x` | `{}x:once:id:www` |
 *
 * The format is documented in docs/exactly-once.md, and does not change.
 *
 * Specification: redis.io, cluster specification, hash tags.
 */
export function receiptName(key: Argument, id: string): string | Buffer {
  // For most keys, no bytes are copied.
  if (typeof key === 'string' && !key.includes('{')) return `${key}:once:${tagged(slotOfKey(key))}${id}`
  const name = bytesOf(key)
  const idBytes = Buffer.from(id)
  const begin = name.indexOf(open)
  if (begin < 0) return Buffer.concat([name, infix, Buffer.from(tagged(slotOfKey(key))), idBytes])
  const end = name.indexOf(close, begin)
  if (end > begin + 1) return Buffer.concat([name, infix, idBytes])
  if (end < 0) {
    const tag = Buffer.concat([name.subarray(begin + 1), infix])
    const word = wordFor(slotOfKey(key), crc16(tag, 0, tag.length))
    return Buffer.concat([name, infix, Buffer.from(`${word}}:`), idBytes])
  }
  const whole = Buffer.concat([name, infix, idBytes, Buffer.from(':')])
  return Buffer.concat([whole, Buffer.from(wordFor(slotOfKey(key), crc16(whole, 0, whole.length)))])
}

/** `{www}:` */
const tagged = (slot: number): string => `{${wordFor(slot, 0)}}:`

const characters = Buffer.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')

/**
 * Returns a word of three characters. If it is appended to the text, the CRC of the whole text gives this slot. If several
 * words do this, returns the first one in ASCII order.
 *
 * CRCs are linear, so the effect of a word does not depend on the text before it, and one table is enough.
 *
 * @param crc of the text before the word
 */
function wordFor(slot: number, crc: number): string {
  const words = wordsOfSlots()
  const three = Buffer.alloc(3)
  const at = ((crc16(three, 0, 3, crc) ^ slot) % slotCount) * 3
  return words.toString('latin1', at, at + 3)
}

let words: Buffer | undefined

/** The first word for each slot: three bytes each. */
function wordsOfSlots(): Buffer {
  if (words !== undefined) return words
  words = Buffer.alloc(slotCount * 3)
  const word = Buffer.alloc(3)
  for (const first of characters) {
    for (const second of characters) {
      word[0] = first
      word[1] = second
      const crc = crc16(word, 0, 2)
      for (const third of characters) {
        word[2] = third
        const at = (crc16(word, 2, 3, crc) % slotCount) * 3
        if (words[at] === 0) word.copy(words, at)
      }
    }
  }
  return words
}
