import type { CommandEvent, Moment, Performance, Said } from '../recording/trace.js'
import { milliseconds, shortKey } from './format.js'

/** One event of a run, in words. */
export interface Step {
  readonly at: Moment
  readonly text: string
  readonly isFault: boolean
}

const words: Readonly<Record<CommandEvent['what'], string>> = {
  called: 'is called',
  sent: 'is sent',
  ran: 'runs on the server',
  answered: 'is answered by the server',
  lost: 'loses its connection',
  settled: 'is settled: its caller gets',
}

function gotOf(said: Said): string {
  if (said.settled !== 'error') return 'the reply'
  return `${said.name}${said.fate === undefined ? '' : `, fate ${said.fate}`}`
}

/** Everything that happened, in order. */
export function stepsOf({ commands, links, statuses, faults, death }: Performance): Step[] {
  const step = (at: Moment, text: string, isFault = false): Step => ({ at, text, isFault })
  return [
    ...links.map(({ id, node, openedAt }) =>
      step(openedAt, `link ${id} opens${node === undefined ? '' : ` to ${node}`}`),
    ),
    ...statuses.map(({ at, text }) => step(at, `the client is ${text}`)),
    ...faults.map(({ at, text }, i) => step(at, `fault ${i + 1}: ${text}`, true)),
    ...commands.flatMap(({ name, key, events, said }) =>
      events.map(({ at, what, link }) => {
        const where = what === 'settled' ? ` ${gotOf(said)}` : link === undefined ? '' : ` on link ${link}`
        return step(at, `${name} ${shortKey(key)} ${words[what]}${where}`)
      }),
    ),
    ...links.flatMap(({ id, leftAt }) =>
      leftAt === undefined ? [] : [step(leftAt, `the client has left link ${id}`)],
    ),
    ...links.flatMap(({ id, closedAt }) => (closedAt === undefined ? [] : [step(closedAt, `link ${id} closes`)])),
    ...(death === undefined ? [] : [step(death.at, `uncaught exception: ${death.text}`, true)]),
  ].sort((a, b) => a.at - b.at)
}

/** A step as a line of text. */
export const lineOf = ({ at, text }: Step): string => `${milliseconds(at)}: ${text}`
