import { isLinearizable } from './checker.js'
import type { History, Structure } from './history.js'

/** What a history may lack. */
export const properties = ['linearizable', 'at most once'] as const
export type Property = (typeof properties)[number]

/** How often the server ran each write: `SET register 1`. */
export type Executions = ReadonlyMap<string, number>

const verbs: Readonly<Record<Structure, string>> = { register: 'SET', list: 'RPUSH' }

/** Whether the history has the property. */
export function holds(property: Property, history: History, executions: Executions): boolean {
  if (property === 'linearizable') return isLinearizable(history.operations)
  const begin = `${verbs[history.structure]} ${history.key} `
  return [...executions].every(([write, times]) => !write.startsWith(begin) || times === 1)
}

/** What must never be: an acknowledged write that has not run, or one said not to have run that has. */
export function liesOf({ structure, key, acknowledged, notExecuted }: History, executions: Executions): string[] {
  const hasRun = (value: string): boolean => executions.has(`${verbs[structure]} ${key} ${value}`)
  return [
    ...acknowledged.filter((value) => !hasRun(value)).map((value) => `${value} was acknowledged, and has not run`),
    ...notExecuted.filter(hasRun).map((value) => `${value} was said not to be executed, and has run`),
  ]
}
