import { readFileSync } from 'node:fs'

/** A line of knowledge.txt, whose head says what stands where. */
export interface Knowledge {
  readonly name: string
  readonly retryClass: string
  readonly reply: string
  readonly route: string
  readonly more: ReadonlyMap<string, string>
  readonly reason: string
}

export function readKnowledge(): Knowledge[] {
  const text = readFileSync(new URL('knowledge.txt', import.meta.url), 'utf8')
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const columns = line.split('|').map((column) => column.trim())
    const [name, retryClass, reply, route, more, reason] = columns as [string, string, string, string, string, string]
    if (columns.length !== 6 || reason === '') throw new Error(`knowledge.txt: not six columns: ${line}`)
    const tokens = more.split(' ').filter((token) => token !== '')
    return { name, retryClass, reply, route, more: new Map(tokens.map(pair)), reason }
  })
}

const pair = (token: string): [string, string] => {
  const [key = '', value = ''] = token.split(/=(.*)/s)
  return [key, value]
}
