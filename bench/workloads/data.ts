/** The prefix of every key and channel. The processes of the contenders inherit the variable. */
export const prefix = process.env.RESPITE_BENCH_PREFIX ?? 'bench:'

/** @throws TypeError if it has a character of more than one byte: the bare socket counts characters */
export function checkPrefix(text = prefix): void {
  if (/[^ -~]/.test(text)) throw new TypeError(`RESPITE_BENCH_PREFIX must be printable ASCII; got ${text}`)
}

/** The keys that the workloads read and write. */
export const keys = {
  small: `${prefix}key`,
  written: `${prefix}written`,
  list: `${prefix}list`,
  hash: `${prefix}hash`,
  stream: `${prefix}stream`,
  page: `${prefix}page`,
  foreign: `${prefix}foreign`,
  medium: `${prefix}medium`,
  megabyte: `${prefix}megabyte`,
  large: `${prefix}large`,
} as const

/** 16 characters. */
export const smallValue = 'value:0123456789'
/** 4 kB of ASCII. */
export const pageValue = 'p'.repeat(4 * 1024)
/** 1,000 characters: ASCII, mixed with letters of two, three and four bytes, as in real texts. */
export const foreignValue = 'Grüße aus Köln, 你好，世界! Привет 🙂 '.repeat(40).slice(0, 1_000)
/** 64 kB, 1 MB and 8 MB. */
export const mediumValue = Buffer.alloc(64 * 1024, 'x')
export const megabyteValue = Buffer.alloc(1024 * 1024, 'x')
export const largeValue = Buffer.alloc(8 * 1024 * 1024, 'x')
/** Entries of the stream. */
export const streamEntries = 100

/** The numbers from 0 to `count` - 1. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** Keys with a small value each. */
export const numberedKeys: readonly string[] = range(100).map((index) => `${prefix}key:${index}`)
/** Keys that are incremented. */
export const counterKeys: readonly string[] = range(10).map((index) => `${prefix}counter:${index}`)

/** Every key that the workloads of this folder use, except those of `custom.ts`. */
export const allKeys: readonly string[] = [...Object.values(keys), ...numberedKeys, ...counterKeys]

/** A command in the wire format; ASCII only. */
export const frame = (...args: readonly string[]): string =>
  `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`

/** Length of a bulk string in the wire format. */
export const bulkBytes = (length: number): number => `$${length}\r\n`.length + length + 2

/** Writes the keys that the workloads read. */
export async function prepare(call: (name: string, ...args: (string | Buffer)[]) => Promise<unknown>): Promise<void> {
  await call('DEL', keys.list, keys.hash, keys.stream, ...counterKeys)
  await call('SET', keys.small, smallValue)
  await call('SET', keys.page, pageValue)
  await call('SET', keys.foreign, foreignValue)
  await call('SET', keys.megabyte, megabyteValue)
  await call('SET', keys.large, largeValue)
  await call('MSET', ...numberedKeys.flatMap((key) => [key, smallValue]))
  await call('RPUSH', keys.list, ...range(1_000).map((index) => `element:${index}`))
  await call('HSET', keys.hash, ...range(1_000).flatMap((index) => [`field:${index}`, `value:${index}`]))
  for (const index of range(streamEntries)) {
    await call('XADD', keys.stream, `${index + 1}-0`, 'sensor', `sensor:${index}`, 'temperature', `${index / 8}`)
  }
}
