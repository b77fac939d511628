import type { ConditionalReply } from './method-lines.js'
import { interfaceName } from './method-types.js'
import { type Method, syntaxText } from './methods.js'

/** docs/commands.md: every typed method. */
export function commandsPage(methods: readonly Method[]): string {
  const groups = [...new Set(methods.map(({ group }) => group))].sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1))
  const sections = groups.map((group) => section(group, methods))
  const count = methods.filter(({ isForSessions }) => !isForSessions).length
  return `# Commands

<!-- Made by \`npm run generate\` from scripts/generate. Change the files there, not this one. -->

A typed method for each of ${count} commands and subcommands of Redis, Valkey and their modules, and ${methods.length - count} more on sessions. \`client.call\`
sends any command, these included, by name.

**Names.** Lower case; what follows a space, a dot, a hyphen or an underscore begins with a capital: XINFO STREAM is \`xinfoStream\`,
CLIENT NO-EVICT is \`clientNoEvict\`, JSON.SET is \`jsonSet\`, EVAL_RO is \`evalRo\`.

**Arguments** stand in the server's order, options as their words: \`set('k', 'v', 'EX', 10, 'NX')\`. Nothing is counted, reordered,
inserted or dropped. In the tables, \`[x]\` may be left out, \`x | y\` is one of both, and \`x ...\` may be repeated.

- An argument is a string, a number, a bigint, a Buffer or a Uint8Array. Nothing else is converted: \`NaN\`, \`undefined\`, \`null\`,
  booleans, dates and functions are refused.
- Where an argument is repeated, an array stands for its elements: \`mget(keys)\`, \`del(keys)\`, \`blpop(keys, 5)\`. There is no limit of
  length, as there is for \`mget(...keys)\`.
- Where names and values are repeated (${list(methods.filter(({ takesObject }) => takesObject))}), a plain object, a Map or an array of
  \`[name, value]\` pairs stands for them: \`hset('user', { name: 'Ada' })\`, \`mset(new Map([['a', 1]]))\`.
- The compiler checks tokens, and which of them go together, as far as the types say; then the server does. At run time the type of
  each argument is checked, and the number of arguments.

A call that is wrong rejects with a \`UsageError\` that names the method and the argument, and nothing of it is sent.

**Replies** are the same with RESP2 and RESP3. Options (of the client, or of \`with\`) decide some types:

| in the tables | is | with an option |
| --- | --- | --- |
| \`Bulk\` | string | Buffer with \`buffers: true\` |
| \`MapOf<V>\` | \`Record<string, V>\` | \`Map<Bulk, V>\` with \`maps: 'map'\` |
| \`TextMapOf<V>\` | \`Record<string, V>\` | \`Map<string, V>\` with \`maps: 'map'\` |
| \`SetOf<T>\` | \`T[]\` | \`Set<T>\` with \`sets: 'set'\` |
| \`Int\` | number; beyond 2^53 the method rejects with an IntegerTooLargeError | bigint with \`integers: 'bigint'\` |
| \`Time\` | number; beyond 2^53 the method rejects with an IntegerTooLargeError | |
| \`StreamEntry\` | \`{ id: string, fields: [Bulk, Bulk][] | null }\` | |
| \`Reply\` | any reply, as the server sends it; it may differ between RESP2 and RESP3 | |

If an option is not known when compiling (a variable of type boolean), the type is a union. With \`raw: true\`, every reply is
a \`Reply\`. Where the reply depends on arguments, all its types are listed; TypeScript knows which one it is.

Methods of your own: extend \`Client\`.

\`\`\`ts
import { Client } from 'respite'

class Shop extends Client {
  async stockOf(item: string): Promise<number> {
    return Number(await this.hget('stock', item))
  }
}
const shop = new Shop('redis://localhost:6379', { timeout: 200 })
\`\`\`

\`with\`, \`multi\` and \`session\` give objects without these methods. A class whose replies are Buffers extends
\`Client<RepliesOf<{ buffers: true }>>\`; its constructor then requires \`buffers: true\`.

${sections.join('\n\n')}
`
}

/** Modules last, sessions at the very end. */
function order(group: string): number {
  if (group === 'session') return 2
  return /^(array|bloom-filter|count-min-sketch|cuckoo-filter|json|search|t-digest|time-series|top-k|vector-set)$/.test(
    group,
  )
    ? 1
    : 0
}

function section(group: string, methods: readonly Method[]): string {
  const own = methods.filter((method) => method.group === group)
  const rows = own.map(
    (method) =>
      `| \`${method.name}(${cell(syntaxText(method.parts))})\` | ${cell(replies(method))} | ${method.summary} | ${method.since} |`,
  )
  const title =
    group === 'session'
      ? 'On sessions only: they change the connection'
      : interfaceName(group).replace(/(?<=[a-z])([A-Z])/g, ' $1')
  return `## ${title}

| method | reply | what it does | since |
| --- | --- | --- | --- |
${rows.join('\n')}`
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

function replies({ signatures }: Method): string {
  const types = signatures.map(({ reply }: { reply: ConditionalReply['type'] }) => `\`${reply}\``)
  // The last of several is all of them together.
  return [...new Set(types.length > 1 ? types.slice(0, -1) : types)].join(', ')
}

const list = (methods: readonly Method[]): string => methods.map(({ entry }) => entry.name).join(', ')
