import { readForms } from '../../test/classes/forms.js'
import type { Entry } from './entries.js'

/** docs/retry-classes.md and docs/retry-classes.json: the classes, for readers and for other clients. */

interface Published {
  readonly name: string
  readonly class: string
  /** The least safe class whose condition is true replaces `class`. */
  readonly when: readonly Condition[]
  readonly reason: string
  /** Key positions, see "keys". */
  readonly keys: string
  readonly servers: readonly string[]
  readonly since: string
  /** Whether the command was tested by running it twice on a server, from random states. */
  readonly tried: boolean
}

interface Condition {
  readonly condition: string
  readonly class: string
}

const ontoSource = 'the destination is one of its sources'

/** Descriptions of the functions in src/commands/classes.ts. */
const functions: Readonly<Record<string, { readonly base: string; readonly when: readonly Condition[] }>> = {
  aclUser: { base: 'convergent', when: [{ condition: 'an argument begins with (', class: 'unsafe' }] },
  bitop: {
    base: 'idempotent',
    when: [{ condition: `${ontoSource}, and the operation is not AND or OR`, class: 'unsafe' }],
  },
  jsonSet: {
    base: 'idempotent',
    when: [
      { condition: 'NX, or a path with [ ? * or ..', class: 'unsafe' },
      { condition: 'XX', class: 'convergent' },
    ],
  },
  jsonDelete: { base: 'convergent', when: [{ condition: 'a path with [ ? * or ..', class: 'unsafe' }] },
  store: {
    base: 'read',
    when: [
      { condition: 'STORE or STOREDIST', class: 'idempotent' },
      { condition: 'STORE or STOREDIST onto the source', class: 'unsafe' },
    ],
  },
  sort: {
    base: 'read',
    when: [
      { condition: 'STORE', class: 'idempotent' },
      { condition: 'STORE onto the source, or onto a key that BY or GET may look up', class: 'unsafe' },
    ],
  },
}

function conditionsOf(rule: string): { readonly base: string; readonly when: readonly Condition[] } {
  if (rule.startsWith('=')) {
    const described = functions[rule.slice(1)]
    if (described === undefined) throw new Error(`scripts/generate/published.ts does not describe ${rule}`)
    return described
  }
  const [head = '', words] = rule.split(':')
  const [base = '', mark = ''] = head.split(' ')
  if (mark === '@1') return { base, when: [{ condition: ontoSource, class: 'unsafe' }] }
  if (mark === '@2') return { base, when: [{ condition: `${ontoSource} other than the first`, class: 'unsafe' }] }
  const when = (words?.split(';') ?? []).map((group) => {
    const [name = '', ...tokens] = group.trim().split(' ')
    return { condition: tokens.join(', ').replace('*', 'any option'), class: name }
  })
  return { base, when }
}

/** Returns the commands for which the test oracle has a form. */
function namesTried(known: ReadonlySet<string>): Set<string> {
  const names = new Set<string>()
  for (const { words } of [...readForms('forms.txt'), ...readForms('cluster-forms.txt')]) {
    const [first = '', second = ''] = words
    const containers = /^\[(.*)\]$/.exec(first)?.[1]?.split('|') ?? [first]
    for (const container of containers)
      names.add(known.has(`${container} ${second}`) ? `${container} ${second}` : container)
  }
  return names
}

export function publish(entries: readonly Entry[]): Published[] {
  const tried = namesTried(new Set(entries.map(({ name }) => name)))
  return entries.map(({ name, retryClass, reason, keys, servers, facts, more }) => {
    const { base, when } = conditionsOf(retryClass)
    const isHere = servers.some((server) => !server.includes('documentation'))
    return {
      name,
      class: base,
      when,
      reason,
      keys:
        keys === '' || keys.startsWith('~')
          ? 'none'
          : keys.split('~')[0] === '?'
            ? 'unknown'
            : (keys.split('~')[0] as string),
      servers,
      since: facts?.since ?? '',
      tried: isHere && tried.has(name) && !more.has('untried'),
    }
  })
}

export function publishedJson(entries: readonly Entry[]): string {
  const lines = publish(entries).map((command) => JSON.stringify(command))
  const classes = {
    read: 'changes nothing',
    idempotent: 'if repeated, it leaves the same state, and the second reply is as correct as the first',
    convergent: 'if repeated, it leaves the same state, but the reply may differ',
    unsafe: 'if repeated, it may do its work twice',
  }
  const keys =
    'first[:last[:step]] (negative: from the end); #n: after their number at position n (*2: every second); !: no key, but its slot; sort, store, streams, migrate: after their options'
  return `{"classes":${JSON.stringify(classes)},"keys":${JSON.stringify(keys)},"commands":[\n${lines.join(',\n')}\n]}\n`
}

export function publishedMarkdown(entries: readonly Entry[]): string {
  const commands = publish(entries)
  const count = (of: (command: Published) => boolean): number => commands.filter(of).length
  const rows = commands.map(
    ({ name, class: base, when, reason, tried }) =>
      `| ${escaped(name)} | ${base}${when.map(({ condition, class: other }) => `; ${escaped(condition)}: ${other}`).join('')} | ${tried ? 'yes' : ''} | ${escaped(reason)} |`,
  )
  return `# Retry classes

<!-- Generated by \`npm run generate\` from scripts/generate/knowledge.txt. Change that file, not this one. -->

This page lists what happens when a command runs twice, for ${commands.length} commands of Redis, Valkey and their modules. respite uses these
classes to decide which commands it sends again after they may have run (option \`retry\`). The same table is available as data:
\`import classes from 'respite/retry-classes.json' with { type: 'json' }\`.

| class | meaning | commands |
| --- | --- | ---: |
| \`read\` | changes nothing | ${count(({ class: base }) => base === 'read')} |
| \`idempotent\` | if repeated, it leaves the same state, and the second reply is as correct as the first | ${count(({ class: base }) => base === 'idempotent')} |
| \`convergent\` | if repeated, it leaves the same state, but the reply may differ | ${count(({ class: base }) => base === 'convergent')} |
| \`unsafe\` | if repeated, it may do its work twice | ${count(({ class: base }) => base === 'unsafe')} |

If arguments change the class, the least safe class that applies is used. When in doubt, a command gets the less safe class. A
command that is not listed is \`unsafe\`.

**Tested** (${count(({ tried }) => tried)} commands): \`npm run test:classes\` runs the command twice, with many forms of arguments, from random states, on
Redis 7, Redis 8 and Valkey 9, and compares the whole state and the replies. No command may have a class that is safer than its
observed behaviour. The classes of the other commands are taken from documentation, because these commands need a cluster of several
nodes, end or reconfigure the server, change their connection, belong to a module, or are newer than those servers.

What the classes do not cover:

- Between the two attempts, another client may change the same key. A repeated SET overwrites this change.
- A relative expiry starts at the second attempt: \`SET k v EX 10\` expires a little later.
- A key that has an expiry may expire between the two attempts. A command that would have kept this expiry (HMSET, SETRANGE, PFMERGE)
  then creates the key without one. A command that stores from such a key (SUNIONSTORE and other commands with STORE) then stores
  less, or deletes its destination.
- Random replies, and replies that depend on the time (RANDOMKEY, TTL), differ, and are equally correct.

| command | class | tested | why |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}

const escaped = (text: string): string => text.replace(/[|<*~]/g, '\\$&')
