import { readFileSync } from 'node:fs'
import type { Condition } from './grammar.js'

/** A line of methods.txt, whose head says what stands where. */
export interface MethodLine {
  readonly name: string
  readonly replies: readonly ConditionalReply[]
  readonly summary: string
}

/** The reply where arguments meet a condition; without one, always. */
export interface ConditionalReply {
  readonly condition: Condition
  readonly type: string
}

export function readMethodLines(): MethodLine[] {
  const text = readFileSync(new URL('methods.txt', import.meta.url), 'utf8')
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const [name, replies, summary] = line.split(/ +(?<!\\)\| +/)
    if (name === undefined || replies === undefined || summary === undefined) {
      throw new Error(`methods.txt: not three columns: ${line}`)
    }
    return { name, replies: replies.replaceAll('\\|', '|').split(' ; ').map(readReply), summary }
  })
}

function readReply(text: string): ConditionalReply {
  const [, given = '', type = text] = /^((?:[+-]\S+ )*[+-]\S+): (.*)$/.exec(text) ?? []
  const words = given.split(' ')
  const withSign = (sign: string): string[] => words.filter((word) => word[0] === sign).map((word) => word.slice(1))
  return { condition: { having: withSign('+'), lacking: withSign('-') }, type }
}
