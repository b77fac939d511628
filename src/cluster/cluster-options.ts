import type { ReplyOptions } from '../commands/types/replies.js'
import type { CallOptions, ClientOptions, ResolvedCallOptions, ResolvedOptions } from '../options/options.js'
import { resolveCallOptions, resolveOptions } from '../options/resolve.js'
import { checkOptions, instance, isPlainObject, milliseconds, oneOf, wholeNumber } from '../options/rules.js'
import type { Address } from './view.js'

/** The options of a client that say where to connect, or have no meaning in a cluster. */
type NotInCluster = 'url' | 'host' | 'port' | 'path' | 'database' | 'sentinels' | 'name' | 'sentinel'

/** The options of a cluster: those of a client, without those that say where to connect. */
export interface ClusterOptions extends Omit<ClientOptions, NotInCluster> {
  /**
   * Where a node is reached, if not at the address that the servers announce: behind NAT, or through a tunnel. Called with that
   * address and the node's id; undefined: at that address. Default: none.
   */
  readonly mapAddress?:
    | ((node: { readonly host: string; readonly port: number; readonly id: string }) => Address | undefined)
    | undefined
  /** How often a command may be sent on from one node to another, from 1; default 16. */
  readonly maxRedirects?: number | undefined
  /**
   * Milliseconds without data, with replies pending, after which the other nodes are asked whether this one still has its slots;
   * default 1,000.
   */
  readonly suspectAfter?: number | undefined
}

/** Options of single calls of a cluster; undefined counts as omitted. */
export interface ClusterCallOptions extends CallOptions {
  /**
   * A key, without `keyPrefix`: a command that has no key, or whose keys are not known, goes to the node that has this one.
   * Default: none.
   */
  readonly route?: string | Uint8Array | undefined
  /**
   * What becomes of a command whose keys have different slots: refused with a UsageError, code `CROSS_SLOT`; or MGET, MSET, DEL,
   * UNLINK, EXISTS and TOUCH are sent as one command for each slot, and PartialError tells what became of each. Default `refuse`.
   */
  readonly crossSlot?: 'refuse' | 'split' | undefined
}

/** Completes the options of a call, see `resolveCallOptions`. */
export function resolveClusterCallOptions(given: ClusterCallOptions, base: ResolvedCallOptions): ResolvedCallOptions {
  if (!isPlainObject(given)) throw new TypeError('invalid options: expected a plain object')
  const { route, crossSlot, ...rest } = given
  checkOptions({ route, crossSlot }, callRules)
  const { routing } = base
  return {
    ...resolveCallOptions(rest, base),
    routing: routing && {
      ...routing,
      route: route ?? routing.route,
      crossSlot: crossSlot ?? routing.crossSlot,
    },
  }
}

const callRules = {
  route: instance('a key: a string or bytes', (value) => typeof value === 'string' || value instanceof Uint8Array),
  crossSlot: oneOf('refuse', 'split'),
}

/** {@link ClusterOptions} with known types of replies. */
export type ClusterOptionsOf<O extends ReplyOptions> = Omit<ClusterOptions, keyof ReplyOptions> & Partial<O>

/** A seed: a URL, or an address. */
export type Seed = string | URL | { readonly host: string; readonly port?: number | undefined }

export interface ResolvedClusterOptions {
  readonly seeds: readonly Address[]
  /** Those of the connections; host and port are the first seed's. */
  readonly options: ResolvedOptions
  readonly mapAddress: ClusterOptions['mapAddress']
  readonly maxRedirects: number
}

const rules = {
  mapAddress: instance('a function', (value) => typeof value === 'function'),
  maxRedirects: wholeNumber(1),
  suspectAfter: milliseconds(1),
}

const excluded: readonly NotInCluster[] = ['url', 'host', 'port', 'path', 'database', 'sentinels', 'name', 'sentinel']

/** @throws TypeError that names an unknown or invalid option */
export function resolveClusterOptions(
  seeds: Seed | readonly Seed[],
  given: ClusterOptions = {},
): ResolvedClusterOptions {
  if (!isPlainObject(given)) throw new TypeError('invalid options: expected a plain object')
  const { mapAddress, maxRedirects, ...rest } = given
  checkOptions({ mapAddress, maxRedirects }, rules)
  for (const name of excluded) {
    if ((rest as ClientOptions)[name] !== undefined) throw new TypeError(`invalid option ${name}: a cluster has none`)
  }
  const list: readonly Seed[] = Array.isArray(seeds) ? seeds : [seeds as Seed]
  if (list.length === 0) throw new TypeError('invalid seeds: expected at least one address of a node')
  const resolved = list.map((seed) => optionsOf(seed, rest))
  const [first] = resolved as [ResolvedOptions]
  return {
    seeds: resolved.map(({ host, port }) => ({ host, port })),
    options: first,
    mapAddress,
    maxRedirects: maxRedirects ?? 16,
  }
}

/** The first seed's URL may hold user, password and options; they are those of all nodes. */
function optionsOf(seed: Seed, rest: ClientOptions): ResolvedOptions {
  const isUrl = typeof seed === 'string' || seed instanceof URL
  if (!isUrl && !isPlainObject(seed)) throw new TypeError('invalid seeds: expected URLs, or objects with host and port')
  const resolved = isUrl ? resolveOptions(seed, rest) : resolveOptions({ ...rest, host: seed.host, port: seed.port })
  if (resolved.path !== undefined || resolved.database !== 0 || resolved.sentinels !== undefined) {
    throw new TypeError('invalid seeds: expected hosts and ports, without a database: a cluster has only number 0')
  }
  return resolved
}
