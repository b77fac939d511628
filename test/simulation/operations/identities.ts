import type { Reply } from '../../../src/index.js'
import type { Session } from '../../../src/sessions/session.js'
import { password } from './data.js'
import type { Maker } from './operation.js'

/** One command of a pipeline within a session, and what is wrong with its reply, or with its error. */
interface Step {
  readonly args: readonly [string, ...string[]]
  judge(reply: Reply): string | undefined
  judgeError?(error: Error): string | undefined
}

const echo = (text: string): Step => ({
  args: ['ECHO', text],
  judge: (reply) => (reply === text ? undefined : `ECHO ${text} was answered ${JSON.stringify(reply)}`),
})

const answered = (name: string, wanted: string, ...args: readonly string[]): Step => ({
  args: [name, ...args],
  judge: (reply) => (reply === wanted ? undefined : `${name} was answered ${JSON.stringify(reply)}`),
})

const rightUser = answered('AUTH', 'OK', 'default', password)

const wrongUser: Step = {
  args: ['AUTH', 'nobody', 'wrong'],
  judge: (reply) => `a wrong AUTH was answered ${JSON.stringify(reply)}`,
  judgeError: ({ message }) => (message.includes('WRONGPASS') ? undefined : `a wrong AUTH was answered ${message}`),
}

const hello = (...args: readonly string[]): Step => ({
  args: ['HELLO', ...args],
  judge: (reply) => (typeof reply === 'object' && reply !== null ? undefined : `HELLO was answered ${String(reply)}`),
})

const wrongHello: Step = { ...wrongUser, args: ['HELLO', '3', 'AUTH', 'nobody', 'wrong'] }

/** Each leaves the connection one that may run commands. */
const changes: readonly (readonly Step[])[] = [
  [rightUser],
  [wrongUser],
  [wrongUser, wrongUser],
  [hello('2')],
  [hello('3')],
  [wrongHello],
  // It may have to authenticate again.
  [answered('RESET', 'RESET'), rightUser],
]

/** Sends all at once. @returns what was wrong with the first that was answered wrongly */
async function pipeline(session: Session, steps: readonly Step[]): Promise<string | undefined> {
  const replies = steps.map(({ args: [name, ...args] }) => session.call(name, ...args))
  const results = await Promise.allSettled(replies)
  for (const [index, result] of results.entries()) {
    const { judge, judgeError } = steps[index] as Step
    if (result.status === 'fulfilled') {
      const wrong = judge(result.value)
      if (wrong !== undefined) return wrong
    } else if (!isReplyTo(result.reason)) {
      // Lost, aborted or late, or the server was busy: not what was asked for.
      throw result.reason
    } else {
      const wrong = judgeError === undefined ? String(result.reason) : judgeError(result.reason as Error)
      if (wrong !== undefined) return wrong
    }
  }
  return undefined
}

const isReplyTo = (error: { readonly code?: unknown; readonly prefix?: unknown }): boolean =>
  error.code === 'REPLY_ERROR' && error.prefix !== 'BUSY'

/** A session that changes who it is, or the protocol, in the midst of other commands. */
export const identityMaker: Maker = (mark, chance) => {
  const steps = [echo(mark)]
  const count = chance.between(1, 3)
  for (let i = 0; i < count; i += 1) {
    if (chance.happens(0.7)) steps.push(echo(`text ${i} of ${mark}.`))
    steps.push(...chance.pick(changes))
    if (chance.happens(0.7)) steps.push(echo(`more ${i} of ${mark}.`))
  }
  return {
    kind: 'session with AUTH, HELLO, RESET',
    title: `session: ${steps.map(({ args }) => args.join(' ')).join(', ')}`,
    retryClass: 'unsafe',
    own: 'session',
    mostPending: steps.length,
    failsForOthers: true,
    call: ({ client }) => client.session((session) => pipeline(session, steps)),
    judge: (wrong) => wrong as string | undefined,
  }
}
