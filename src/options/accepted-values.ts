import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { defaultLimits } from '../protocol/limits.js'
import type { CallOptions, ClientOptions } from './options.js'
import {
  boolean,
  count,
  group,
  instance,
  isPlainObject,
  isText,
  milliseconds,
  notInUrl,
  oneOf,
  type Rule,
  type Rules,
  text,
  wholeNumber,
} from './rules.js'

/** The accepted values of each option of a call. */
export const callRules = {
  signal: instance('an AbortSignal', isAbortSignal),
  once: instance(
    'true, false or an id that is not empty',
    (value) => typeof value === 'boolean' || isFilledText(value),
  ),
  timeout: milliseconds(0, 'no limit'),
  retry: oneOf('never', 'read', 'idempotent', 'convergent', 'always'),
  maxAttempts: count(),
  buffers: boolean(),
  maps: oneOf('object', 'map'),
  sets: oneOf('array', 'set'),
  integers: oneOf('number', 'bigint'),
  raw: boolean(),
} satisfies Record<keyof CallOptions, Rule>

export const functionRule = instance('a function', isFunction)

/** The accepted values of each option of a subscription. */
export const subscribeRules: Rules = {
  onMessage: functionRule,
  onGap: functionRule,
  onError: functionRule,
  buffers: callRules.buffers,
  maxBuffered: count(),
  overflow: oneOf('drop-oldest', 'end'),
  signal: callRules.signal,
}

/** The accepted values of each option of `close()`. */
export const closeRules: Rules = {
  timeout: instance('milliseconds from 0', (value) => typeof value === 'number' && value >= 0),
}

const backoffRules = { baseDelay: milliseconds(1), maxDelay: milliseconds(1), maxAttempts: count() }

const host = instance('a host name or address', isFilledText)
const port = instance('a whole number from 1 to 65535', wholeNumber(1, 65_535).accepts)
const tls = instance('true, false or options of tls.connect, without an address', isTlsOption)
const password = { ...text(), isSecret: true }

/** The accepted values of each option of a client. */
export const clientRules = {
  url: instance('a URL', isAddress),
  host,
  port,
  path: instance('the path of a Unix socket', isFilledText),
  tls,
  username: text(),
  password,
  credentials: functionRule,
  database: wholeNumber(0),
  sentinels: {
    expected: 'a list of { host, port }, with at least one',
    accepts: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      [...value].every((item) => isPlainObject(item) && item.host !== undefined),
    members: { host, port },
  },
  name: instance('the name of the master at the sentinels', isFilledText),
  sentinel: group({ username: text(), password, tls }),
  suspectAfter: milliseconds(1),
  // The server refuses other names, and the connection would fail.
  clientName: text('printable ASCII without spaces', /^[!-~]+$/),
  protocol: oneOf(3, 2),
  setInfo: boolean(),
  keyPrefix: text(),
  retry: callRules.retry,
  maxAttempts: callRules.maxAttempts,
  timeout: callRules.timeout,
  queueTimeout: milliseconds(0, 'no limit'),
  stallTimeout: milliseconds(0, 'never'),
  pingInterval: milliseconds(0, 'never'),
  connectTimeout: milliseconds(1),
  connectDeadline: milliseconds(1),
  reconnect: {
    expected: `false, a function, or ${group(backoffRules).expected}`,
    accepts: (value) => value === false || isFunction(value) || isPlainObject(value),
    members: backoffRules,
  },
  offline: oneOf('queue', 'reject'),
  maxQueued: count(),
  maxQueuedBytes: count(),
  blocking: group({ maxConnections: count(), idleTimeout: milliseconds(1), acquireTimeout: milliseconds(1) }),
  limits: group(Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, wholeNumber(1)]))),
  fence: oneOf('try', 'require', 'off'),
  fenceTimeout: milliseconds(1),
  // The socket option counts seconds; less than one would mean the system default. Linux ignores more than 32,767.
  keepAlive: milliseconds(1_000, undefined, 32_767_000),
  family: oneOf(0, 4, 6),
  lookup: functionRule,
  localAddress: instance('an address of this machine', (value) => typeof value === 'string' && isIP(value) > 0),
  // A URL can't contain these options, because they decide the types of replies, and the compiler can't read a URL.
  buffers: notInUrl(callRules.buffers),
  maps: notInUrl(callRules.maps),
  sets: notInUrl(callRules.sets),
  integers: notInUrl(callRules.integers),
  traceArguments: boolean(),
  onceTtl: wholeNumber(1),
  oncePrefix: text(),
} satisfies Record<keyof ClientOptions, Rule>

/** Whether this is a URL, not an options object. */
export function isAddress(value: unknown): value is string | URL {
  return typeof value === 'string' || value instanceof URL
}

function isFilledText(value: unknown): boolean {
  return isText(value) && value !== ''
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function isTlsOption(value: unknown): boolean {
  if (typeof value === 'boolean') return true
  if (!isPlainObject(value) || ['host', 'port', 'path', 'socket'].some((name) => name in (value as object)))
    return false
  // tls.connect refuses another type only when it has opened a socket, which nobody could close then.
  return typeof ((value as ConnectionOptions).servername ?? '') === 'string'
}

/** Checks the members of a signal, not its class, so that signals from other realms and polyfills are accepted too. */
function isAbortSignal(value: unknown): boolean {
  const { aborted, addEventListener, removeEventListener } = Object(value) as Partial<AbortSignal>
  return typeof aborted === 'boolean' && isFunction(addEventListener) && isFunction(removeEventListener)
}
