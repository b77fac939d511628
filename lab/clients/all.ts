import { basename, extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findBun, mustFindBun } from './bun.js'
import type { MakeClient } from './client.js'

/** The clients of the lab, by name, in the order in which they are shown. Only those that run are loaded. */
export const clients: Readonly<Record<string, () => Promise<MakeClient>>> = {
  respite: async () => (await import('./respite.js')).makeRespite,
  ioredis: async () => (await import('./ioredis.js')).makeIoRedis,
  iovalkey: async () => (await import('./iovalkey.js')).makeIoValkey,
  'node-redis': async () => (await import('./node-redis.js')).makeNodeRedis,
  'valkey-glide': async () => (await import('./valkey-glide.js')).makeValkeyGlide,
  bun: async () => {
    mustFindBun()
    return (await import('./bun.js')).makeBun
  },
}

/** The clients that are installed here: without Bun, its client is missing. */
export const installedClients = (): readonly string[] =>
  Object.keys(clients).filter((name) => name !== 'bun' || findBun() !== undefined)

/** The package of each client that is one, for its version. */
export const packages: Readonly<Record<string, string>> = {
  ioredis: 'ioredis',
  iovalkey: 'iovalkey',
  'node-redis': 'redis',
  'valkey-glide': '@valkey/valkey-glide',
}

/** What a reader of the results must know of a client. */
export const remarks: Readonly<Record<string, string>> = {
  'valkey-glide':
    'The core of valkey-glide runs in threads of its own. Where a connection ends at about the time of a call, chance decides whether ' +
    'the core has seen the end by then, and which commands it sends at once: so its results in such scenarios differ between runs.',
}

/** Whether the command line names a file, rather than a client or a scenario of the lab. */
export const isFile = (name: string): boolean => /[/\\]|\.[cm]?[jt]s$/.test(name)

/** What a client is called in the results: a file by its name without folder and extension. */
export const nameOf = (client: string): string => (isFile(client) ? basename(client, extname(client)) : client)

/**
 * A client of the lab by name, or one from a file, which exports by default a function that makes it.
 * @throws Error if there is no such client, its program is missing, or the file exports none
 */
export async function loadClient(client: string): Promise<MakeClient> {
  if (isFile(client)) return (await defaultExport(client, 'function')) as MakeClient
  const load = clients[client]
  if (load === undefined) throw new TypeError(`there is no client ${client}`)
  return load()
}

/** @throws TypeError if the file has no default export of this type */
export async function defaultExport(file: string, type: 'function' | 'object'): Promise<unknown> {
  const module = (await import(pathToFileURL(resolve(file)).href)) as { readonly default?: unknown }
  const isRight = type === 'function' ? module.default instanceof Function : module.default instanceof Object
  if (!isRight) throw new TypeError(`${file}: expected a default export of type ${type}`)
  return module.default
}
