import { usage } from '../commands/usage.js'
import { describeValue } from '../protocol/arguments.js'

/** @throws UsageError if an argument is no function. @param position of the argument, counted from 1 */
export function checkFunction(command: string, position: number, value: unknown): void {
  if (typeof value === 'function') return
  throw usage(command, `argument ${position} (${describeValue(value)}) must be a function`)
}
