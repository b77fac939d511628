import { Buffer } from 'buffer/index.js'

type Words = number[]

interface Algorithm {
  readonly initial: readonly number[]
  /** Adds one block of 16 words to the state. */
  compress(state: Words, block: Words): void
}

const rotateLeft = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits))
const rotateRight = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits))

/** The first 32 bits of the fractional parts of the roots of the first 64 primes. */
const primes: readonly number[] = Array.from({ length: 400 }, (_, i) => i).filter(
  (n) => n > 1 && !Array.from({ length: n }, (_, i) => i).some((d) => d > 1 && d < n && n % d === 0),
)
const fraction = (value: number): number => ((value - Math.floor(value)) * 2 ** 32) | 0

/** FIPS 180-4. */
const sha256: Algorithm = {
  initial: primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime))),
  compress(state, block) {
    const words = [...block]
    const [w] = [words]
    for (let i = 16; i < 64; i += 1) {
      const [a, b] = [w[i - 15] as number, w[i - 2] as number]
      const s0 = rotateRight(a, 7) ^ rotateRight(a, 18) ^ (a >>> 3)
      const s1 = rotateRight(b, 17) ^ rotateRight(b, 19) ^ (b >>> 10)
      w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0
    }
    let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number]
    for (let i = 0; i < 64; i += 1) {
      const s1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25)
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + fraction(Math.cbrt(primes[i] as number)) + (w[i] as number)) | 0
      const s0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22)
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = ((state[i] as number) + word) | 0
  },
}

const sha1: Algorithm = {
  initial: [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0],
  compress(state, block) {
    const w = [...block]
    for (let i = 16; i < 80; i += 1) {
      const mixed = (w[i - 3] as number) ^ (w[i - 8] as number) ^ (w[i - 14] as number) ^ (w[i - 16] as number)
      w[i] = rotateLeft(mixed, 1)
    }
    let [a, b, c, d, e] = state as [number, number, number, number, number]
    for (let i = 0; i < 80; i += 1) {
      const [f, k] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6]
      const next = (rotateLeft(a, 5) + f + e + k + (w[i] as number)) | 0
      ;[e, d, c, b, a] = [d, c, rotateLeft(b, 30), a, next]
    }
    for (const [i, word] of [a, b, c, d, e].entries()) state[i] = ((state[i] as number) + word) | 0
  },
}

/** Hashes of `sha1` and `sha256`, at once, as Node.js makes them: those of browsers are asynchronous. */
export function createHash(name: 'sha1' | 'sha256'): {
  update(data: string | Uint8Array, encoding?: 'latin1' | 'utf8'): ReturnType<typeof createHash>
  digest(encoding: 'hex' | 'base64url'): string
} {
  const chunks: Uint8Array[] = []
  const hash: ReturnType<typeof createHash> = {
    update(data, encoding) {
      chunks.push(typeof data === 'string' ? Buffer.from(data, encoding) : data)
      return hash
    },
    digest(encoding) {
      const digest = digestOf(name === 'sha1' ? sha1 : sha256, Buffer.concat(chunks))
      if (encoding === 'hex') return digest.toString('hex')
      return digest.toString('base64').replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    },
  }
  return hash
}

function digestOf({ initial, compress }: Algorithm, message: Buffer): Buffer {
  // The message, a bit that is set, zeros, and the length in bits: a whole number of blocks.
  const padded = Buffer.alloc(Math.ceil((message.length + 9) / 64) * 64)
  padded.set(message)
  padded[message.length] = 0x80
  padded.writeUInt32BE(Math.floor(message.length / 2 ** 29), padded.length - 8)
  padded.writeUInt32BE((message.length * 8) >>> 0, padded.length - 4)
  const state = [...initial]
  for (let at = 0; at < padded.length; at += 64) {
    compress(
      state,
      Array.from({ length: 16 }, (_, i) => padded.readInt32BE(at + 4 * i)),
    )
  }
  const digest = Buffer.alloc(state.length * 4)
  for (const [i, word] of state.entries()) digest.writeInt32BE(word | 0, 4 * i)
  return digest
}

export function randomBytes(length: number): Buffer {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(length)))
}
