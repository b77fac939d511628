import { unknownSubcommand } from './about.js'
import { at, indexOf, keyOf, wordOf } from './arguments.js'
import type { ServerModel } from './model.js'
import { bulk, error, errors, integer, nothing, ok, type ServerReply, verbatim } from './reply.js'

/** What CLIENT reads and changes of its connection. */
export interface ClientState {
  readonly id: number
  name: string
  /** CLIENT REPLY: `skip-next` becomes `skip` with the next command. */
  replies: 'on' | 'off' | 'skip-next' | 'skip'
  /** Its line of CLIENT LIST. */
  describe(): string
}

const unprintableName = error('ERR Client names cannot contain spaces, newlines or special characters.')

export const isPrintable = (name: string): boolean => /^[!-~]*$/.test(name)

const arities: Readonly<Record<string, number>> = {
  ID: 2,
  INFO: 2,
  LIST: -2,
  KILL: -3,
  REPLY: 3,
  GETNAME: 2,
  SETNAME: 3,
  SETINFO: 4,
  UNBLOCK: -3,
}

/** CLIENT and its subcommands. */
export function client(state: ClientState, model: ServerModel, args: readonly Buffer[]): ServerReply {
  const subcommand = wordOf(at(args, 1))
  const arity = arities[subcommand]
  if (arity === undefined) return unknownSubcommand('CLIENT', at(args, 1))
  if (arity < 0 ? args.length < -arity : args.length !== arity) return errors.arity(`client|${subcommand}`)
  switch (subcommand) {
    case 'ID':
      return integer(state.id)
    case 'INFO':
      return verbatim(`${state.describe()}\n`)
    case 'LIST':
      return model.connections.list(args)
    case 'KILL':
      return model.connections.kill(args, state.id)
    case 'REPLY':
      return setReplies(state, wordOf(at(args, 2)))
    case 'GETNAME':
      return state.name === '' ? nothing : bulk(Buffer.from(state.name, 'latin1'))
    case 'SETINFO':
      return /^lib-(name|ver)$/i.test(keyOf(at(args, 2))) ? ok : error('ERR Unrecognized option for CLIENT SETINFO')
    case 'UNBLOCK':
      return unblock(model, args)
    default:
      return setName(state, keyOf(at(args, 2)))
  }
}

/** OFF and SKIP get no reply, because of the mode that they set. */
function setReplies(state: ClientState, mode: string): ServerReply {
  if (mode !== 'ON' && mode !== 'OFF' && mode !== 'SKIP') return errors.syntax
  if (mode === 'ON') state.replies = 'on'
  else if (mode === 'OFF') state.replies = 'off'
  else if (state.replies !== 'off') state.replies = 'skip-next'
  return ok
}

/** The error for an invalid name; undefined if it is valid. */
export function setName(state: ClientState, name: string): ServerReply {
  if (!isPrintable(name)) return unprintableName
  state.name = name
  return ok
}

function unblock(model: ServerModel, args: readonly Buffer[]): ServerReply {
  const how = args[3] === undefined ? 'TIMEOUT' : wordOf(args[3])
  if (how !== 'TIMEOUT' && how !== 'ERROR') {
    return error('ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR')
  }
  const reply = how === 'ERROR' ? error('UNBLOCKED client unblocked via CLIENT UNBLOCK') : undefined
  return integer(model.waitingRoom.unblock(indexOf(at(args, 2)), reply) ? 1 : 0)
}
