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

There is a typed method for each of ${count} commands and subcommands of Redis, Valkey and their modules; sessions have ${methods.length - count} more.
\`client.call\` sends any command by name, including these.

**Names** are in lower case. After a space, a dot, a hyphen or an underscore, the next letter is a capital: XINFO STREAM is \`xinfoStream\`,
CLIENT NO-EVICT is \`clientNoEvict\`, JSON.SET is \`jsonSet\`, EVAL_RO is \`evalRo\`.

**Arguments** have the server's order, and options are passed as the server's words: \`set('k', 'v', 'EX', 10, 'NX')\`. The client does
not fill in counts (such as \`numkeys\`), and does not reorder, insert or drop arguments. In the tables, \`[x]\` may be left out, \`x | y\` means
either x or y, and \`x ...\` may be repeated.

- An argument is a string, a number, a bigint, a Buffer or a Uint8Array. Nothing else is converted: \`NaN\`, \`undefined\`, \`null\`,
  booleans, dates and functions are refused.
- Where an argument may be repeated, you can pass an array: \`mget(keys)\`, \`del(keys)\`, \`blpop(keys, 5)\`. The array may have any length,
  while \`mget(...keys)\` is limited by the number of arguments that JavaScript allows in a call.
- Where names and values may be repeated (${list(methods.filter(({ takesObject }) => takesObject))}), you can pass a plain object, a
  Map or an array of \`[name, value]\` pairs: \`hset('user', { name: 'Ada' })\`, \`mset(new Map([['a', 1]]))\`.
- The compiler checks tokens and their combinations as far as the types can express them; the server checks the rest. At run time, the
  client checks the type of each argument, and the number of arguments.

A wrong call rejects with a \`UsageError\` that names the method and the argument, and nothing is sent.

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

If the compiler does not know the value of an option (a variable of type boolean), the type of the reply is a union. With \`raw: true\`, every reply is
a \`Reply\`. Where the reply depends on arguments, all its types are listed; TypeScript selects the right one.

To add your own methods, extend \`Client\`.

\`\`\`ts
import { Client } from 'respite'

class Shop extends Client {
  async stockOf(item: string): Promise<number> {
    return Number(await this.hget('stock', item))
  }
}
const shop = new Shop('redis://localhost:6379', { timeout: 200 })
\`\`\`

The objects that \`with\`, \`multi\` and \`session\` give do not have these methods. A class whose replies are Buffers extends
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
