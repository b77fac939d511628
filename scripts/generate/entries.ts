import type { Facts, Server } from './facts.js'
import type { Knowledge } from './knowledge.js'

/** All that is known of one command: what servers tell, and what is kept by hand. */
export interface Entry extends Knowledge {
  /** The servers that offer it. */
  readonly servers: readonly string[]
  /** The code of its key positions, see src/commands/key-positions.ts. */
  readonly keys: string
  readonly facts: Facts | undefined
}

/** What is missing, or said of nothing, stands in `problems`. */
export function joinEntries(
  servers: readonly Server[],
  knowledge: readonly Knowledge[],
): { readonly entries: Entry[]; readonly problems: string[] } {
  const problems: string[] = []
  const known = new Map(knowledge.map((line) => [line.name, line]))
  if (known.size !== knowledge.length) problems.push('knowledge.txt: a command stands there twice')
  for (const { name, commands } of servers) {
    for (const [command, { flags }] of Object.entries(commands)) {
      if (!known.has(command) && !isContainer(command, commands)) {
        problems.push(`${command} (${name}): no class and no reply form in knowledge.txt (flags: ${flags.join(' ')})`)
      }
    }
  }
  const entries = knowledge.map((line) => {
    const offering = servers.filter(({ commands }) => commands[line.name] !== undefined)
    const told = offering.map(({ commands }) => commands[line.name] as Facts)
    const keys = keyCodeOf(line, told, problems)
    return { ...line, servers: offering.map(({ name }) => name), keys, facts: told.at(-1) }
  })
  return { entries, problems }
}

/** It only has subcommands; COMMAND can be sent alone, too. */
function isContainer(command: string, commands: Server['commands']): boolean {
  return Object.keys(commands).some((name) => name.startsWith(`${command} `))
}

function keyCodeOf({ name, more }: Knowledge, told: readonly Facts[], problems: string[]): string {
  const byHand = more.get('keys')
  if (byHand !== undefined) return byHand
  const codes = new Set(told.map(({ keys }) => keyCode(keys)))
  const [code = '', ...others] = codes
  if (told.length === 0) problems.push(`${name}: no server tells its keys, and knowledge.txt does not`)
  if (others.length > 0) problems.push(`${name}: servers differ on its keys: ${[...codes].join(', ')}`)
  if (code.includes('?')) problems.push(`${name}: its keys can't be told from its key specifications`)
  return code
}

/** The key specifications of a command (see `keySpecText`) as the code in the table. */
export function keyCode(specs: readonly string[]): string {
  const parts = specs.map((spec) => {
    const range = /^(!?)(\d+)\+(-?\d+)\/(\d+)$/.exec(spec)
    if (range !== null) {
      const [, mark = '', first = '', last = '', step = ''] = range
      const end = Number(last) < 0 ? Number(last) : Number(first) + Number(last)
      return `${mark}${rangeCode(Number(first), end, Number(step))}`
    }
    const numbered = /^(\d+)#0,1,(\d+)$/.exec(spec)
    if (numbered === null) return '?'
    return numbered[2] === '1' ? `#${numbered[1]}` : `#${numbered[1]}*${numbered[2]}`
  })
  return joined(parts)
}

function rangeCode(first: number, last: number, step: number): string {
  if (first === last) return `${first}`
  return step === 1 ? `${first}:${last}` : `${first}:${last}:${step}`
}

/** `1` and `2` are `1:2`; `1` and `2:-1` are `1:-1`. */
function joined(parts: readonly string[]): string {
  const [one, other] = parts
  if (other === undefined) return one ?? ''
  const next = /^(\d+)(:-?\d+)?$/.exec(other)
  if (one === undefined || parts.length > 2 || !/^\d+$/.test(one)) return '?'
  if (next === null) return `${one}+${other}`
  return Number(next[1]) === Number(one) + 1 ? `${one}${next[2] ?? `:${next[1]}`}` : '?'
}
