import { at, keyOf, wordOf } from './arguments.js'
import { error, errors, ok, type ServerReply } from './reply.js'

/** Passwords by user name; empty: no password is required. */
type Users = ReadonlyMap<string, string>

/** Whether the password of a user is right. */
export function authenticate(users: Users, user: string, password: string): ServerReply {
  // As in real servers: if no password is required, the user `default` can log in with any password.
  const isOpen = users.size === 0 && user === 'default'
  const expected = users.get(user)
  if (!isOpen && (expected === undefined || expected !== Buffer.from(password, 'latin1').toString())) {
    return error('WRONGPASS invalid username-password pair or user is disabled.')
  }
  return ok
}

/** AUTH: `ok` if the user is authenticated. */
export function auth(users: Users, args: readonly Buffer[]): ServerReply {
  if (args.length > 3) return errors.syntax
  if (args.length === 3) return authenticate(users, keyOf(at(args, 1)), keyOf(at(args, 2)))
  if (users.has('default')) return authenticate(users, 'default', keyOf(at(args, 1)))
  return error(
    'ERR AUTH <password> called without any password configured for the default user. ' +
      'Are you sure your configuration is correct?',
  )
}

/** The arguments of HELLO. */
export interface HelloOptions {
  /** Undefined: the version does not change. */
  readonly version: '2' | '3' | undefined
  readonly user: { readonly name: string; readonly password: string } | undefined
  readonly clientName: string | undefined
}

/** Parses the arguments of HELLO. @returns the error reply if they are invalid */
export function helloOptions(args: readonly Buffer[]): HelloOptions | ServerReply {
  const version = args[1] === undefined ? undefined : keyOf(args[1])
  if (version !== undefined && !/^-?\d+$/.test(version)) {
    return error('ERR Protocol version is not an integer or out of range')
  }
  if (version !== undefined && version !== '2' && version !== '3') return error('NOPROTO unsupported protocol version')
  let user: HelloOptions['user']
  let clientName: string | undefined
  for (let i = 2; i < args.length; i += 1) {
    const option = wordOf(at(args, i))
    if (option === 'AUTH' && args.length > i + 2) {
      user = { name: keyOf(at(args, i + 1)), password: keyOf(at(args, i + 2)) }
      i += 2
    } else if (option === 'SETNAME' && args.length > i + 1) {
      clientName = keyOf(at(args, i + 1))
      i += 1
    } else {
      return error(`ERR Syntax error in HELLO option '${keyOf(at(args, i)).replace(/[\r\n]/g, ' ')}'`)
    }
  }
  return { version, user, clientName }
}

/** The reply to a HELLO without a password, if one is required. */
export const helloUnauthenticated = error(
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> ' +
    'option can be used to authenticate the client and select the RESP protocol version at the same time',
)
