import type { RetryClass } from '../../../src/commands/retry.js'
import type { RespiteError } from '../../../src/errors.js'
import type { Argument } from '../../../src/index.js'
import { type CallContext, countsExecutions, expectReply, type Operation } from './operation.js'
import { judgeTransactionError } from './transactions.js'

/** A way in which a value gets to the server. */
export interface Carrier extends Pick<Operation, 'own' | 'runsUserCode' | 'mayComeToNothing'> {
  readonly kind: string
  readonly retryClass: RetryClass
  /** Sends it. @param pass is given the call, and tells it on: a buffer is the caller's again when that has settled */
  send(context: CallContext, mark: string, value: Argument, pass: Pass): Promise<unknown>
  judge(reply: unknown, executions: number): string | undefined
  judgeError?(error: RespiteError): string | undefined
  /** Of a command that carries it, where the value stands. */
  valueOf(args: readonly Buffer[]): Buffer | undefined
}

export type Pass = <Result>(call: () => Promise<Result>) => Promise<Result>

const onlyOf =
  (name: string, position: number) =>
  (args: readonly Buffer[]): Buffer | undefined =>
    String(args[0]) === name ? args[position] : undefined

/** Every kind of request that can be larger than what a socket takes at once. */
export const carriers: readonly Carrier[] = [
  {
    kind: 'SET',
    retryClass: 'idempotent',
    send: ({ view }, mark, value, pass) => pass(() => view.call('SET', `s:${mark}`, value)),
    judge: expectReply('OK'),
    valueOf: onlyOf('SET', 2),
  },
  {
    kind: 'RPUSH',
    retryClass: 'unsafe',
    send: ({ view }, mark, value, pass) => pass(() => view.call('RPUSH', `l:${mark}`, value)),
    judge: countsExecutions,
    valueOf: onlyOf('RPUSH', 2),
  },
  {
    kind: 'MSET',
    retryClass: 'idempotent',
    // Twice the same memory in one request.
    send: ({ view }, mark, value, pass) => pass(() => view.call('MSET', `s:${mark}`, value, `s2:${mark}`, value)),
    judge: expectReply('OK'),
    valueOf: onlyOf('MSET', 4),
  },
  {
    kind: 'MULTI with a large end',
    retryClass: 'unsafe',
    send: ({ view }, mark, value, pass) =>
      pass(() => view.multi().incr(`c:${mark}`).call('SET', `s:${mark}`, value).exec()),
    judge: (reply, executions) => countsExecutions((reply as unknown[])[0], executions),
    judgeError: judgeTransactionError(2),
    valueOf: onlyOf('SET', 2),
  },
  {
    kind: 'MULTI with a large beginning',
    retryClass: 'unsafe',
    send: ({ view }, mark, value, pass) =>
      pass(() => view.multi().call('SET', `s:${mark}`, value).incr(`c:${mark}`).exec()),
    judge: (reply, executions) => countsExecutions((reply as unknown[])[1], executions),
    judgeError: judgeTransactionError(2),
    valueOf: onlyOf('SET', 2),
  },
  {
    kind: 'EVAL',
    retryClass: 'unsafe',
    runsUserCode: true,
    send: ({ view }, mark, value, pass) =>
      pass(() => view.call('EVAL', "return redis.call('SET', KEYS[1], ARGV[1])", 1, `s:${mark}`, value)),
    judge: expectReply('OK'),
    valueOf: onlyOf('EVAL', 4),
  },
  {
    kind: 'session: SET',
    retryClass: 'unsafe',
    own: 'session',
    send: ({ client }, mark, value, pass) =>
      client.session((session) => pass(() => session.call('SET', `s:${mark}`, value))),
    judge: expectReply('OK'),
    valueOf: onlyOf('SET', 2),
  },
  {
    kind: 'BLPOP',
    retryClass: 'unsafe',
    own: 'blocking',
    mayComeToNothing: true,
    send: ({ view }, mark, value, pass) => pass(() => view.call('BLPOP', `nothing:${mark}`, value, '0.01')),
    judge: expectReply(null),
    valueOf: () => undefined,
  },
]
