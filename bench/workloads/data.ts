/** What every key and channel begins with. The processes that are measured inherit the variable. */
export const prefix = process.env.RESPITE_BENCH_PREFIX ?? 'bench:'

/** What the workloads read and write, under keys of their own. */
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
/** 1,000 characters: letters of two, three and four bytes among ASCII, as texts have them. */
export const foreignValue = 'Grüße aus Köln, 你好，世界! Привет 🙂 '.repeat(40).slice(0, 1_000)
/** 64 kB, 1 MB and 8 MB. */
export const mediumValue = Buffer.alloc(64 * 1024, 'x')
export const megabyteValue = Buffer.alloc(1024 * 1024, 'x')
export const largeValue = Buffer.alloc(8 * 1024 * 1024, 'x')
/** Entries of the stream. */
export const streamEntries = 100

/** So many numbers from 0. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** Keys that hold a small value each. */
export const numberedKeys: readonly string[] = range(100).map((index) => `${prefix}key:${index}`)
/** Keys that are counted up. */
export const counterKeys: readonly string[] = range(10).map((index) => `${prefix}counter:${index}`)

/** Every key that the workloads of this folder touch, those of `custom.ts` apart. */
export const allKeys: readonly string[] = [...Object.values(keys), ...numberedKeys, ...counterKeys]

/** A command as it goes over the wire; ASCII only. */
export const frame = (...args: readonly string[]): string =>
  `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`

/** Length of a bulk string on the wire. */
export const bulkBytes = (length: number): number => `$${length}\r\n`.length + length + 2

/** Puts what the workloads read. */
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
