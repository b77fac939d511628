import type { Entry } from './entries.js'
import type { Method } from './methods.js'

/** The text of src/commands/generated/commands.ts: a line for all commands that have everything but their names in common. */
export function tableText(entries: readonly Entry[]): string {
  const text = linesOf(entries)
  const names = entries.map(({ name }) => name)
  return `// Made by \`npm run generate\`: not to be changed by hand. What it says: scripts/generate/README.md.

/** \`keys|class|reply|wait|connection|route names\`: src/commands/catalogue.ts decodes it. */
export const commandText =
  ${quoted(text.join('\n'))}

export type CommandName =
${names.map((name) => `  | ${quoted(name)}`).join('\n')}
`
}

/** The lines of the table, and the names in each, in descending order: so the code is smaller by 0.05 kB when it is compressed. */
function linesOf(entries: readonly Entry[]): string[] {
  const lines = new Map<string, string[]>()
  for (const entry of entries) {
    const profile = profileOf(entry)
    const names = lines.get(profile)
    if (names === undefined) lines.set(profile, [entry.name])
    else names.push(entry.name)
  }
  return [...lines]
    .map(([profile, names]) => `${profile} ${listOf(names.toReversed())}`)
    .sort()
    .reverse()
}

/**
 * The text of src/commands/generated/shapes.ts: the shape of the method of each command, in the order in which the table names
 * commands.
 */
export function shapesText(entries: readonly Entry[], methods: readonly Method[]): string {
  const shapes = [...new Set(methods.map(({ shape }) => shape))].sort()
  const byName = new Map(methods.map(({ entry, shape }) => [entry.name, shape]))
  const letters = linesOf(entries)
    .flatMap(namesOf)
    .map((name) => {
      const shape = byName.get(name)
      return shape === undefined ? ' ' : letterOf(shapes.indexOf(shape))
    })
  return `// Made by \`npm run generate\`: not to be changed by hand. What it says: scripts/generate/README.md.

/** \`least-most@from-behind:\`: src/commands/methods.ts explains it. */
export const shapes = ${quoted(shapes.join(' '))}

/** The shape of each command's method, as a letter, in the order of the table; a space: it has no method. */
export const shapeOfEach =
  ${quoted(letters.join(''))}
`
}

/** From `(` on; neither a quote nor a backslash. */
function letterOf(index: number): string {
  const code = 40 + index
  if (code > 126) throw new Error('too many shapes')
  return String.fromCharCode(code >= 92 ? code + 1 : code)
}

/** The names in a line of the table, as src/commands/catalogue.ts reads them. */
function namesOf(line: string): string[] {
  const groups = line
    .slice(line.indexOf(' ') + 1)
    .toUpperCase()
    .split(',')
  return groups.flatMap((group) => {
    const [first = '', ...others] = group.split('/')
    const start = first.slice(0, first.search(/[ .]/) + 1)
    return [first, ...others.map((ending) => start + ending)]
  })
}

const quoted = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n')}'`

/**
 * Lower case, which compresses better amid JavaScript, and with what several names begin with said once: `acl cat/list`,
 * `bf.add/card`.
 */
function listOf(names: readonly string[]): string {
  const endings = new Map<string, string[]>()
  const whole: string[] = []
  for (const name of names) {
    const [, start, end] = /^([^ .]+[ .])(.*)$/.exec(name.toLowerCase()) ?? []
    if (start === undefined || end === undefined) whole.push(name.toLowerCase())
    else endings.set(start, [...(endings.get(start) ?? []), end])
  }
  return [...whole, ...[...endings].map(([start, ends]) => start + ends.join('/'))].join(',')
}

function profileOf({ keys, retryClass, reply, route, more }: Entry): string {
  const hasKeys = keys !== '' && !/^[~?]/.test(keys)
  return [
    keys,
    classCode(retryClass),
    reply === 'same' || reply === 'module' ? '' : reply,
    waitCode(more.get('wait')),
    more.get('connection') ?? '',
    `${hasKeys ? '' : routeCode(route)}${more.has('user-code') ? 'U' : ''}`,
  ]
    .join('|')
    .replace(/\|+$/, '')
}

/** `idempotent 3: unsafe NX; convergent GET XX` is `i3:uNX;cGET,XX`. */
export function classCode(retryClass: string): string {
  if (retryClass.startsWith('=')) return retryClass
  const [head = '', rest] = retryClass.split(':')
  const [base = '', mark = ''] = head.split(' ')
  const words = rest?.split(';').map((group) => {
    const [name = '', ...words] = group.trim().split(' ')
    return `${name[0]}${words.join(',')}`
  })
  return `${base[0]}${mark}${words === undefined ? '' : `:${words.join(';')}`}`
}

function waitCode(wait: string | undefined): string {
  if (wait === undefined) return ''
  return { last: 'l', 'in-place': 'p', block: 'b', close: 'c', 'block-of-series': 't' }[wait] ?? wait
}

const routeCode = (route: string): string => ({ any: 'a', all: 's', never: 'x' })[route] ?? 'n'
