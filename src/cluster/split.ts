import { checkArguments } from '../commands/check-arguments.js'
import type { CommandDescriptor } from '../commands/descriptor.js'
import { usage } from '../commands/usage.js'
import { joinFates } from '../connection/request/fate.js'
import { type Fate, type Part, PartialError, RespiteError } from '../errors.js'
import type { Argument } from '../protocol/types.js'

/** Commands that can be split: MSET replies OK, MGET a list of values, and the others a number of keys. */
const splittable = /^(MSET|MGET|DEL|UNLINK|EXISTS|TOUCH)$/

/** Whether a command may be split by slots. */
export function isSplittable({ name }: CommandDescriptor): boolean {
  return splittable.test(name)
}

type Send = (args: Argument[]) => Promise<unknown>

/**
 * Sends a command as one command for each slot of its keys.
 *
 * @param slotOf returns the slot of a key that the caller passed
 * @throws PartialError if there are several parts and one of them fails; UsageError if a value is missing or can't be sent
 */
export async function sendSplit(
  { name }: CommandDescriptor,
  args: readonly Argument[],
  slotOf: (key: Argument) => number,
  send: Send,
): Promise<unknown> {
  // MSET has a value after each key.
  const step = name === 'MSET' ? 2 : 1
  if ((args.length - 1) % step !== 0) throw usage(name, 'its last key has no value')
  checkArguments(name, args)
  const bySlot = new Map<number, { readonly positions: number[]; readonly args: Argument[] }>()
  for (let i = 1; i < args.length; i += step) {
    const slot = slotOf(args[i] as Argument)
    const part = bySlot.get(slot) ?? { positions: [], args: [] }
    bySlot.set(slot, part)
    part.positions.push((i - 1) / step)
    part.args.push(...args.slice(i, i + step))
  }
  const parts = [...bySlot.values()]
  if (parts.length < 2) return send([...args])
  const values = await joinParts(
    name,
    parts.map((part) => ({
      keys: part.args.filter((_, index) => index % step === 0),
      reply: send([name, ...part.args]),
    })),
  )
  if (name === 'MSET') return values[0]
  if (name !== 'MGET') return values.reduce((sum: number, value) => sum + Number(value), 0)
  const list: unknown[] = []
  parts.forEach(({ positions }, index) => {
    positions.forEach((position, place) => {
      list[position] = (values[index] as unknown[])[place]
    })
  })
  return list
}

/** Waits for all parts. @throws PartialError if one of them failed */
export async function joinParts(
  command: string,
  parts: readonly { readonly keys: readonly unknown[]; readonly reply: Promise<unknown> }[],
): Promise<unknown[]> {
  const told = await Promise.all(
    parts.map(({ keys, reply }) =>
      reply.then(
        (value): Part => ({ keys, value }),
        (error): Part => ({ keys, error }),
      ),
    ),
  )
  const errors = told.flatMap((part) => ('error' in part ? [part.error] : []))
  if (errors.length === 0) return told.map((part) => (part as { readonly value: unknown }).value)
  const foreign = errors.find((error) => !(error instanceof RespiteError))
  if (foreign) throw foreign
  throw new PartialError(`${command}: ${errors.length} of ${told.length} parts failed (${errors[0]?.message})`, {
    // `executed` if a part ran, or else `unknown` if one is unknown.
    fate: told.map((part): Fate => ('error' in part ? part.error.fate : 'executed')).reduce(joinFates),
    command,
    attempts: Math.max(...errors.map(({ attempts }) => attempts)),
    cause: errors[0],
    parts: told,
  })
}
