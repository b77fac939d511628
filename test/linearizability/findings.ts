import { readFile } from 'node:fs/promises'
import type { History, Structure } from './history.js'
import { holds, liesOf, type Property, properties } from './properties.js'
import { fences, repeats, type Setting } from './setting.js'
import { simulate } from './simulated.js'

/** What many schedules have shown. */
export interface Findings {
  /** So many schedules of each setting. */
  readonly schedules: number
  /** The first schedule in which a property did not hold, by question. A question without one: it held in all. */
  readonly violations: Readonly<Record<string, number>>
}

/** What is asked of one setting. */
export interface Question {
  readonly property: Property
  readonly structure: Structure
  readonly setting: Setting
}

export const textOf = ({ property, structure, setting }: Question): string =>
  `${structure} ${property}: ${setting.repeat}, ${setting.fence}${setting.isFenceable ? '' : ' (impossible)'}, ${setting.clients}`

/** All settings. */
export const settings: readonly Setting[] = repeats.flatMap((repeat) =>
  fences.flatMap((fence) => [1, 3].map((clients) => ({ repeat, clients, ...fence }))),
)

/** All that is asked of a setting. */
export const questionsOf = (setting: Setting): Question[] =>
  properties.flatMap((property) =>
    (['register', 'list'] as const).map((structure) => ({ property, structure, setting })),
  )

export const historyOf = (histories: readonly History[], structure: Structure): History =>
  histories.find((history) => history.structure === structure) as History

/** What one schedule answers with no. @throws if a client was told what is not true */
export async function violatedBy(schedule: number, setting: Setting): Promise<Question[]> {
  const { histories, executions } = await simulate(schedule, setting)
  const lies = histories.flatMap((history) => liesOf(history, executions))
  if (lies.length > 0) throw new Error(`schedule ${schedule} of ${JSON.stringify(setting)}: ${lies.join('; ')}`)
  return questionsOf(setting).filter(
    ({ property, structure }) => !holds(property, historyOf(histories, structure), executions),
  )
}

/** Runs so many schedules of one setting. */
export async function findIn(setting: Setting, schedules: number): Promise<Findings> {
  const violations: Record<string, number> = {}
  for (let schedule = 0; schedule < schedules; schedule += 1) {
    for (const question of await violatedBy(schedule, setting)) violations[textOf(question)] ??= schedule
  }
  return { schedules, violations }
}

/** Runs so many schedules of each setting. */
export async function find(schedules: number): Promise<Findings> {
  const violations: Record<string, number> = {}
  for (const setting of settings) Object.assign(violations, (await findIn(setting, schedules)).violations)
  return { schedules, violations }
}

export const findingsFile = new URL('./findings.json', import.meta.url)

/** What the last run of `npm run guarantees` has shown. */
export async function readFindings(): Promise<Findings> {
  return JSON.parse(await readFile(findingsFile, 'utf8')) as Findings
}
