import { at, keyOf, wordOf } from './arguments.js'
import { globPattern } from './glob.js'
import type { ServerModel } from './model.js'
import { array, bulk, error, errors, integer, map, type ServerReply, verbatim } from './reply.js'
import type { ProtocolVersion } from './reply-writer.js'

/** The version that the server reports: the one whose commands it imitates. */
export const serverVersion = '7.0.0'

/** INFO: what clients read before they use a server; all sections, or the given ones. */
export function info(model: ServerModel, args: readonly Buffer[] = []): ServerReply {
  const sections = {
    server: ['# Server', `redis_version:${serverVersion}`, 'redis_mode:standalone', `run_id:${model.runId}`],
    persistence: ['# Persistence', `loading:${model.isLoading ? 1 : 0}`],
    replication: [
      '# Replication',
      `role:${model.isReadonly ? 'slave' : 'master'}`,
      ...(model.isReadonly ? ['master_link_status:up'] : []),
    ],
  }
  const asked = args.slice(1).map((name) => keyOf(name).toLowerCase())
  const hasAll = asked.length === 0 || asked.some((name) => ['all', 'default', 'everything'].includes(name))
  const lines = Object.entries(sections).flatMap(([name, lines]) => (hasAll || asked.includes(name) ? lines : []))
  return verbatim(lines.map((line) => `${line}\r\n`).join(''))
}

/** The reply to HELLO. */
export function helloReply(model: ServerModel, id: number, protocol: ProtocolVersion): ServerReply {
  return map([
    [bulk('server'), bulk('redis')],
    [bulk('version'), bulk(serverVersion)],
    [bulk('proto'), integer(protocol)],
    [bulk('id'), integer(id)],
    [bulk('mode'), bulk('standalone')],
    [bulk('role'), bulk(model.isReadonly ? 'replica' : 'master')],
    [bulk('modules'), array([])],
  ])
}

/** ROLE: a master without replicas, or a replica. This server does not know where its master is. */
export function role(model: ServerModel): ServerReply {
  if (!model.isReadonly) return array([bulk('master'), integer(0), array([])])
  return array([bulk('slave'), bulk('127.0.0.1'), integer(6379), bulk('connected'), integer(0)])
}

/** CONFIG GET: the few parameters that have a meaning here. */
export function config(model: ServerModel, args: readonly Buffer[]): ServerReply {
  if (wordOf(at(args, 1)) !== 'GET') return unknownSubcommand('CONFIG', at(args, 1))
  if (args.length < 3) return error("ERR wrong number of arguments for 'config|get' command")
  const parameters = { databases: String(model.store.size), appendonly: 'no', save: '', maxmemory: '0' }
  const patterns = args.slice(2).map((pattern) => globPattern(keyOf(pattern), 'i'))
  const found = Object.entries(parameters).filter(([name]) => patterns.some((pattern) => pattern.test(name)))
  return map(found.map(([name, value]) => [bulk(name), bulk(value)] as const))
}

/** COMMAND: only the names of the commands. */
export function command(args: readonly Buffer[], count: number): ServerReply {
  if (args[1] === undefined) return array([])
  switch (wordOf(args[1])) {
    case 'COUNT':
      return integer(count)
    case 'DOCS':
      return map([])
    default:
      return unknownSubcommand('COMMAND', args[1])
  }
}

/** TIME: seconds and microseconds. */
export function time(now: number): ServerReply {
  const microseconds = Math.floor(now * 1_000)
  return array([bulk(String(Math.floor(microseconds / 1_000_000))), bulk(String(microseconds % 1_000_000))])
}

/** The error for an unknown subcommand. */
export function unknownSubcommand(name: string, subcommand: Buffer): ServerReply {
  const printable = keyOf(subcommand).replace(/[\r\n]/g, ' ')
  return error(`ERR unknown subcommand '${printable}'. Try ${name} HELP.`)
}

/** PING: replies with its argument, or PONG. */
export function ping(args: readonly Buffer[]): ServerReply {
  if (args.length > 2) return errors.arity('PING')
  return args[1] === undefined ? { type: 'simple', text: 'PONG' } : bulk(args[1])
}
