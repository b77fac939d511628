import { methodName } from '../../src/commands/method-names.js'
import { ReplyError, RespiteError, UsageError } from '../../src/index.js'
import type { Call } from './call.js'
import type { FindingKind } from './findings.js'
import { UserFault } from './user-fault.js'

const fates = ['not-executed', 'unknown', 'executed', 'refused']

/** Messages for wrong options: from respite, from EventEmitter for listeners, and from the language for revoked Proxies. */
const aboutOptions =
  /^(unknown|impossible|invalid) options?\b|: expected |must be a number|"listener" argument|revoked|'in' operator|primitive value/

/** Checks everything about an error except whether its fate is true. */
export function judgeError(call: Call, kind: 'rejected' | 'thrown', error: unknown): [FindingKind, string] | undefined {
  if (error instanceof RespiteError) {
    if (kind === 'thrown' && !isThrownByRight(error)) return ['thrown', `${error.name}: ${error.message}`]
    return judgeOwn(call, error)
  }
  if (call.mayThrow === 'wrong options') {
    if (error instanceof UserFault) return undefined
    if (error instanceof TypeError && aboutOptions.test(error.message)) return undefined
  }
  if (kind === 'thrown') return ['thrown', String(describe(error))]
  return ['raw error', describe(error)]
}

/** `subscribe` and related methods return no promise that could reject. */
const isThrownByRight = (error: RespiteError): boolean =>
  error instanceof UsageError && /^[PS]?SUBSCRIBE$/.test(error.command ?? '')

function judgeOwn({ command, secret }: Call, error: RespiteError): [FindingKind, string] | undefined {
  const { message, fate } = error
  if (!fates.includes(fate) || typeof error.code !== 'string' || message === '' || !(error.attempts >= 0)) {
    return ['poor error', `${error.name} with fate ${fate}, code ${error.code}: ${message}`]
  }
  // The name of a command is told, whatever it is.
  const told = message.startsWith(methodName(error.command ?? '')) ? message.slice(message.indexOf(':')) : message
  if (secret !== undefined && told.includes(secret)) return ['argument told', `${error.name}: ${message}`]
  if (command === undefined) return undefined
  if (error.command === undefined) return ['unnamed', `${error.name} without a command: ${message}`]
  if (error instanceof UsageError && !isNamed(error.command, message)) return ['unnamed', `UsageError: ${message}`]
  if (error instanceof ReplyError || error.command === command) return undefined
  // A transaction's errors may name one of its commands.
  if (command === 'MULTI') return undefined
  return ['unnamed', `of ${error.command}, not of ${command}: ${message}`]
}

/** By the command, or by its method; what can't be a name is not told. */
const isNamed = (command: string, message: string): boolean =>
  /^(run|call): /.test(message) || [command, methodName(command)].some((name) => message.includes(name))

export function describe(error: unknown): string {
  if (!(error instanceof Error)) return `no Error, but a value of type ${typeof error}`
  return `${error.constructor.name}: ${error.message}`
}
