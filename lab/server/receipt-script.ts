import { onceSource, onceSourceFor, receiptSource } from '../../src/once/receipt-script.js'
import { at, keyOf } from './arguments.js'
import { array, bulk, error, nothing, type ServerReply } from './reply.js'
import type { RunCommand } from './scripts.js'

/** What a script can use. */
export interface ScriptCall {
  readonly keys: readonly Buffer[]
  readonly argv: readonly Buffer[]
  /** Runs the command of the caller. */
  readonly call: RunCommand
  /** Runs a command on the receipt. */
  readonly own: RunCommand
}

/** The scripts of `once` in JavaScript, because this server has no Lua. Found by their source; undefined for any other script. */
export function receiptScript(source: string): ((given: ScriptCall) => ServerReply) | undefined {
  if (source === onceSource()) return runOnce
  if (source === receiptSource) return readReceipt
  const [, name = ''] = /^reply=call\('([^']+)'/m.exec(source) ?? []
  const kind = (['', 'g', 'h'] as const).find((each) => source === onceSourceFor(name, each))
  if (kind === undefined) return undefined
  return ({ keys: [receipt, key], argv: [latest, head, ...rest], ...runs }) => {
    const argv = [latest, head, Buffer.from(kind), Buffer.from(name), key, ...rest] as Buffer[]
    return runOnce({ keys: [receipt as Buffer], argv, ...runs })
  }
}

const passing = /^(OOM|READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|NOREPLICAS|MISCONF)( |$)/
const unkept = error('ONCE_UNKNOWN it ran, and its reply can not be kept')

/** Does the same as the script in src/once/receipt-script.ts, step by step. */
function runOnce({ keys, argv, call, own: run }: ScriptCall): ServerReply {
  const [receipt, latest, head] = [at(keys, 0), at(argv, 0), at(argv, 1)]
  const own = (...args: readonly (string | Buffer)[]): ServerReply => run(args.map((arg) => Buffer.from(arg)))
  const found = own('SET', receipt, head, 'PXAT', latest, 'NX', 'GET')
  if (found.type === 'error') return found
  if (found.type === 'bulk') {
    if (!found.value.subarray(0, head.length).equals(head)) {
      return error('ONCE_MISMATCH this id was used for another call')
    }
    const extended = own('PEXPIREAT', receipt, latest, 'GT')
    if (extended.type === 'error') {
      return error(`ONCE_UNKNOWN its receipt can not be extended: ${extended.text}`)
    }
    if (found.value.length === head.length) return error('ONCE_UNKNOWN its receipt has no reply')
    return outcome(unpack(found.value.subarray(head.length)))
  }
  const left = own('PTTL', receipt)
  if (left.type === 'integer' && Number(left.value) === -2) {
    return error('ONCE_LATE it arrived after the time in which it may run')
  }
  if (left.type === 'error') {
    own('DEL', receipt)
    return left
  }
  const replies: ServerReply[] = []
  const commands = commandsOf(argv)
  for (const [index, { kind, args }] of commands.entries()) {
    const reply = exact(luaForm(call(args)), kind, args, own)
    if (reply === undefined) return unkept
    if (reply.type === 'error' && index === 0 && kind !== 'u' && passing.test(reply.text)) {
      const taken = own('DEL', receipt)
      if (taken.type === 'integer' && Number(taken.value) === 1) return reply
    }
    replies.push(reply)
  }
  const reply = isTransaction(argv) ? array(replies) : (replies[0] as ServerReply)
  const full = Buffer.concat([head, pack(reply)])
  if (full.length <= head.length + 64) {
    const length = own('APPEND', receipt, full.subarray(head.length))
    if (length.type === 'integer' && Number(length.value) === full.length) return outcome(reply)
  }
  return own('SET', receipt, full, 'PXAT', latest).type === 'error' ? unkept : outcome(reply)
}

function readReceipt({ keys, argv, own }: ScriptCall): ServerReply {
  const found = own([Buffer.from('GET'), at(keys, 0)])
  if (found.type !== 'bulk') return found.type === 'null' ? nothing : found
  const length = Number(keyOf(at(argv, 0)))
  const head = bulk(found.value.subarray(0, length))
  return array(found.value.length <= length ? [head] : [head, unpack(found.value.subarray(length))])
}

const isTransaction = (argv: readonly Buffer[]): boolean => keyOf(at(argv, 2)) === 'm'

function commandsOf(argv: readonly Buffer[]): { readonly kind: string; readonly args: readonly Buffer[] }[] {
  if (!isTransaction(argv)) return [{ kind: keyOf(at(argv, 2)), args: argv.slice(3) }]
  const commands: { kind: string; args: readonly Buffer[] }[] = []
  for (let i = 3; i < argv.length; ) {
    const count = Number(keyOf(at(argv, i)))
    commands.push({ kind: keyOf(at(argv, i + 1)), args: argv.slice(i + 2, i + 2 + count) })
    i += 2 + count
  }
  return commands
}

/** Lua rounds integers beyond 2^53, so they are read again as text. */
function exact(
  reply: ServerReply,
  kind: string,
  args: readonly Buffer[],
  own: (...args: readonly (string | Buffer)[]) => ServerReply,
): ServerReply | undefined {
  if (reply.type !== 'integer' || Math.abs(Number(reply.value)) < 2 ** 53) return reply
  const digits =
    kind === 'g' ? own('GET', at(args, 1)) : kind === 'h' ? own('HGET', at(args, 1), at(args, 2)) : undefined
  return digits?.type === 'bulk' ? digits : undefined
}

const outcome = (reply: ServerReply): ServerReply => (reply.type === 'error' ? error(`ONCE ${reply.text}`) : reply)

/** A reply as a script sees it: with the types of RESP2, and only one null. */
function luaForm(reply: ServerReply): ServerReply {
  switch (reply.type) {
    case 'null-array':
      return nothing
    case 'double':
      return bulk(String(reply.value).replace('Infinity', 'inf'))
    case 'verbatim':
      return bulk(reply.text)
    case 'array':
    case 'set':
    case 'push':
      return array(reply.items.map(luaForm))
    case 'map':
    case 'tuples':
      return array(reply.pairs.flat().map(luaForm))
    default:
      return reply
  }
}

/** The format of this server; real servers write MessagePack. */
function pack(reply: ServerReply): Buffer {
  return Buffer.from(JSON.stringify(reply, (_, value) => (typeof value === 'bigint' ? Number(value) : value)))
}

function unpack(bytes: Buffer): ServerReply {
  return JSON.parse(String(bytes), (_, value) => (value?.type === 'Buffer' ? Buffer.from(value.data) : value))
}
