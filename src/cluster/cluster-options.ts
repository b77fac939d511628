import type { Text } from '../commands/types/arguments.js'
import type { DefaultReplies, ReplyOptions } from '../commands/types/replies.js'
import type { ClientOptionsOf } from '../core/options-of.js'
import { callRules, clientRules, functionRule, isAddress } from '../options/accepted-values.js'
import type { CallOptions, ClientOptions, ResolvedCallOptions, ResolvedOptions } from '../options/options.js'
import { requirePlainObject, resolveCallOptions, resolveOptions } from '../options/resolve.js'
import { checkOptions, instance, isPlainObject, oneOf, type Rules, wholeNumber } from '../options/rules.js'
import type { Address } from './view.js'

/** The options of a client for its address, and those that have no meaning in a cluster. */
type NotInCluster = 'url' | 'host' | 'port' | 'path' | 'database' | 'sentinels' | 'name' | 'sentinel'

/** The options of a cluster: the options of a client, except the options for the address. */
export interface ClusterOptions extends Omit<ClientOptions, NotInCluster> {
  /**
   * Returns the address of a node, if it is not the one that the servers announce, for example because of NAT or a tunnel. Called
   * with the announced address and the node's id. If it returns undefined or throws, the announced address is used; an `error`
   * event says what it has thrown. Default: none.
   */
  readonly mapAddress?:
    | ((node: { readonly host: string; readonly port: number; readonly id: string }) => Address | undefined)
    | undefined
  /** Maximum number of times that a command is redirected from one node to another, 1 or more; default 16. */
  readonly maxRedirects?: number | undefined
  /**
   * Where commands that only read keys are sent. `master`: to the node that has the slot, like all other commands. `replica`: to
   * one of its replicas, if one is ready; the reply may be older than the last write. Default `master`.
   */
  readonly readFrom?: 'master' | 'replica' | undefined
  /**
   * Milliseconds without data while replies are pending, after which other nodes are asked whether this node still has its slots;
   * default 1,000.
   */
  readonly suspectAfter?: number | undefined
}

/** Options of single calls of a cluster; undefined counts as omitted. */
export interface ClusterCallOptions extends CallOptions {
  /**
   * A key, without `keyPrefix`. A command that has no keys, or whose keys are not known, is sent to the node that has this key.
   * Default: none.
   */
  readonly route?: string | Uint8Array | undefined
  /**
   * What happens to a command whose keys have different slots. `refuse`: it is rejected with a UsageError, code `CROSS_SLOT`.
   * `split`: MGET, MSET, DEL, UNLINK, EXISTS and TOUCH are sent as one command for each slot; if a part fails, a PartialError
   * contains the result of each part. Default `refuse`.
   */
  readonly crossSlot?: 'refuse' | 'split' | undefined
  /** As in {@link ClusterOptions}; default: the cluster's. */
  readonly readFrom?: 'master' | 'replica' | undefined
}

/** Completes the options of a call, see `resolveCallOptions`. */
export function resolveClusterCallOptions(given: ClusterCallOptions, base: ResolvedCallOptions): ResolvedCallOptions {
  requirePlainObject(given)
  // Each option is read only once: what is checked is what is used.
  const own = { ...given }
  const { routing } = base
  return {
    ...resolveCallOptions(own, base, allCallRules),
    routing: routing && {
      ...routing,
      route: own.route ?? routing.route,
      crossSlot: own.crossSlot ?? routing.crossSlot,
      readFrom: own.readFrom ?? routing.readFrom,
    },
  }
}

/** Whether a value can be a key or a channel. */
export const isTextOrBytes = (value: unknown): value is Text => typeof value === 'string' || value instanceof Uint8Array

const readFromRule = oneOf('master', 'replica')

const allCallRules: Rules = {
  ...callRules,
  route: instance('a key: a string or bytes', isTextOrBytes),
  crossSlot: oneOf('refuse', 'split'),
  readFrom: readFromRule,
}

/** {@link ClusterOptions} with known types of replies, like ClientOptionsOf for a client. */
export type ClusterOptionsOf<O extends ReplyOptions = DefaultReplies> = Omit<ClusterOptions, keyof ReplyOptions> &
  Omit<ClientOptionsOf<O>, Exclude<keyof ClientOptions, keyof ReplyOptions>>

/** The arguments of a constructor, if the default options result in these replies; otherwise no arguments are accepted. */
export type ClusterDefaultsOf<O extends ReplyOptions> =
  Record<never, never> extends ClusterOptionsOf<O>
    ? [seeds: Seed | readonly Seed[], options?: ClusterOptionsOf<O>]
    : [never]

/** A seed: a URL, or an address. */
export type Seed = string | URL | { readonly host: string; readonly port?: number | undefined }

export interface ResolvedClusterOptions {
  readonly seeds: readonly Address[]
  /** The options of the connections, with the host and port of the first seed. */
  readonly options: ResolvedOptions
  readonly mapAddress: ClusterOptions['mapAddress']
  readonly maxRedirects: number
  readonly readFrom: 'master' | 'replica'
}

const excluded: readonly string[] = ['url', 'host', 'port', 'path', 'database', 'sentinels', 'name', 'sentinel']

const rules: Rules = {
  ...Object.fromEntries(Object.entries(clientRules).filter(([name]) => !excluded.includes(name))),
  mapAddress: functionRule,
  maxRedirects: wholeNumber(1),
  readFrom: readFromRule,
}

const seedRules: Rules = { host: clientRules.host, port: clientRules.port }

/** @throws TypeError that names an unknown or invalid option */
export function resolveClusterOptions(
  seeds: Seed | readonly Seed[],
  given: ClusterOptions = {},
): ResolvedClusterOptions {
  requirePlainObject(given)
  const own: Record<string, unknown> = { ...given }
  for (const name of excluded) {
    if (own[name] !== undefined) throw new TypeError(`invalid option ${name}: a cluster has none`)
    delete own[name]
  }
  checkOptions(own, rules)
  // The rules have just checked this.
  const { mapAddress, maxRedirects, readFrom, ...rest } = own as ClusterOptions
  const list = [seeds].flat() as readonly Seed[]
  if (list.length === 0) throw new TypeError(expectedSeeds)
  const resolved = list.map((seed) => optionsOf(seed, rest, contentOf(list[0])))
  return {
    seeds: resolved.map(({ host, port }) => ({ host, port })),
    options: resolved[0] as ResolvedOptions,
    mapAddress,
    maxRedirects: maxRedirects ?? 16,
    readFrom: readFrom ?? 'master',
  }
}

const expectedSeeds =
  'invalid seeds: expected URLs or objects with host and port, database 0, and user, password, TLS and options in the first'

/** What a URL contains besides its address: TLS, user, password, options. */
const contentOf = (seed: unknown): string => String(String(seed).match(/[sy]s:\/\/|[^/]*@|\?.+/gi))

/** @param shared what the first seed contains, and applies to all nodes. The others may repeat it */
function optionsOf(seed: Seed, rest: ClientOptions, shared: string): ResolvedOptions {
  if (!isAddress(seed)) {
    if (!isPlainObject(seed) || seed.host === undefined) throw new TypeError(expectedSeeds)
    checkOptions(seed, seedRules, 'seed.')
  }
  const resolved = resolveOptions(seed, rest)
  if (resolved.path || resolved.database || !['null', shared].includes(contentOf(seed)))
    throw new TypeError(expectedSeeds)
  return resolved
}
