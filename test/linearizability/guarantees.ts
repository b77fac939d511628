import { readFile, writeFile } from 'node:fs/promises'
import { isLinearizable, type Operation, shortened, traceOf } from './checker.js'
import { type Findings, findingsFile, historyOf, type Question, questionsOf, settings, textOf } from './findings.js'
import { type Repeat, repeats, type Setting } from './setting.js'
import { simulate } from './simulated.js'

interface Column {
  readonly title: string
  /** The questions that must all be answered with yes. */
  asks(question: Question): boolean
}

interface Table {
  readonly title: string
  readonly corner: string
  readonly columns: readonly Column[]
}

const fenceColumns: readonly (readonly [title: string, asks: (setting: Setting) => boolean])[] = [
  ['`off`', ({ fence }) => fence === 'off'],
  ['`try`', ({ fence, isFenceable }) => fence === 'try' && isFenceable],
  ['`require`', ({ fence, isFenceable }) => fence === 'require' && isFenceable],
  ['`try`, not possible', ({ fence, isFenceable }) => fence === 'try' && !isFenceable],
  ['`require`, not possible', ({ fence, isFenceable }) => fence === 'require' && !isFenceable],
]

/** A table about linearizability, with a column for each fence. */
const byFence = (title: string, asks: (question: Question) => boolean): Table => ({
  title,
  corner: '`retry` \\ `fence`',
  columns: fenceColumns.map(([column, isOf]) => ({
    title: column,
    asks: (question) => question.property === 'linearizable' && isOf(question.setting) && asks(question),
  })),
})

const tables: readonly Table[] = [
  byFence(
    'Are SET and GET of one client linearizable?',
    ({ structure, setting }) => structure === 'register' && setting.clients === 1,
  ),
  byFence(
    'Are SET and GET of several clients linearizable?',
    ({ structure, setting }) => structure === 'register' && setting.clients > 1,
  ),
  byFence('Are RPUSH and LRANGE linearizable, with any number of clients?', ({ structure }) => structure === 'list'),
  {
    title: 'Does each write run at most once, with any `fence`?',
    corner: '`retry`',
    columns: [
      { title: 'SET', asks: ({ property, structure }) => property === 'at most once' && structure === 'register' },
      { title: 'RPUSH', asks: ({ property, structure }) => property === 'at most once' && structure === 'list' },
    ],
  },
]

/** The shortest of the violations in so many schedules is shown. */
const looked = 30

/** What is shown of violations. */
const shown: readonly { readonly text: string; readonly asks: (question: Question) => boolean }[] = [
  {
    text: "Without a fence, the first copy of a SET that was sent twice runs after a later SET (one client, `retry: 'idempotent'`, `fence: 'off'`)",
    asks: ({ property, structure, setting: { repeat, fence, clients } }) =>
      property === 'linearizable' &&
      structure === 'register' &&
      repeat === 'idempotent' &&
      fence === 'off' &&
      clients === 1,
  },
  {
    text: "A SET that ran, and whose reply was lost, is sent again, and overwrites the SET of another client (`retry: 'idempotent'`, `fence: 'try'`)",
    asks: ({ property, structure, setting: { repeat, fence, isFenceable, clients } }) =>
      property === 'linearizable' &&
      structure === 'register' &&
      repeat === 'idempotent' &&
      fence === 'try' &&
      isFenceable &&
      clients > 1,
  },
  {
    text: "An RPUSH that ran, and whose reply was lost, is sent again (one client, `retry: 'always'`, `fence: 'try'`)",
    asks: ({ property, structure, setting: { repeat, fence, isFenceable, clients } }) =>
      property === 'linearizable' &&
      structure === 'list' &&
      repeat === 'always' &&
      fence === 'try' &&
      isFenceable &&
      clients === 1,
  },
]

const questions = settings.flatMap(questionsOf)

function rowOf(repeat: Repeat, { columns }: Table, { violations }: Findings): string {
  const cells = columns.map(({ asks }) => {
    const asked = questions.filter((question) => question.setting.repeat === repeat && asks(question))
    return asked.every((question) => violations[textOf(question)] === undefined) ? 'yes' : '**no**'
  })
  return `| \`${repeat === 'once' ? 'once: true' : repeat}\` | ${cells.join(' | ')} |\n`
}

function textOfTable(table: Table, findings: Findings): string {
  const head = `| ${table.corner} | ${table.columns.map(({ title }) => title).join(' | ')} |\n`
  const rows = repeats.map((repeat) => rowOf(repeat, table, findings))
  return `### ${table.title}\n\n${head}|${' --- |'.repeat(table.columns.length + 1)}\n${rows.join('')}\n`
}

/** Without the replies of pushes: a list shows more than its length does. */
const withoutLengths = (history: readonly Operation[]): Operation[] =>
  history.map((operation) => {
    const { action } = operation
    return action.kind === 'push' ? { ...operation, action: { ...action, length: undefined } } : operation
  })

async function textOfViolation({ text, asks }: (typeof shown)[number], { violations }: Findings): Promise<string> {
  const question = questions.find(asks) as Question
  const schedule = violations[textOf(question)]
  if (schedule === undefined) throw new Error(`nothing shows: ${text}`)
  let shortest: readonly string[] | undefined
  for (let i = 0; i < looked; i += 1) {
    const { histories } = await simulate(schedule + i, question.setting)
    const history = withoutLengths(historyOf(histories, question.structure).operations)
    if (isLinearizable(history)) continue
    const trace = traceOf(shortened(history))
    if (shortest === undefined || trace.length < shortest.length) shortest = trace
  }
  return `${text}:\n\n\`\`\`\n${shortest?.join('\n')}\n\`\`\`\n\n`
}

const page = new URL('../../docs/guarantees.md', import.meta.url)
const region = /(?<=<!-- `npm run guarantees` writes this -->\n\n)[\s\S]*(?=<!-- to here -->)/

/** The generated part of docs/guarantees.md: the tables, and histories in which a property did not hold. */
export async function sectionOf(findings: Findings): Promise<string> {
  const traces = await Promise.all(shown.map((each) => textOfViolation(each, findings)))
  return [...tables.map((table) => textOfTable(table, findings)), '### What is lost\n\n', ...traces].join('')
}

/** The same, as it is in the file. */
export async function readSection(): Promise<string> {
  return region.exec(await readFile(page, 'utf8'))?.[0] ?? ''
}

/** Keeps the findings, and writes what they say into docs/guarantees.md. */
export async function write(findings: Findings): Promise<void> {
  await writeFile(findingsFile, `${JSON.stringify(findings, undefined, 2)}\n`)
  const section = await sectionOf(findings)
  await writeFile(
    page,
    (await readFile(page, 'utf8')).replace(region, () => section),
  )
}
