import { readKnowledge } from '../../scripts/generate/knowledge.js'
import { lookup, retryClassOf } from '../../src/commands/catalogue.js'
import { type RetryClass, retryClasses } from '../../src/commands/retry.js'
import { type Argument, ErrorReply, type Reply } from '../../src/protocol/types.js'
import { Chance } from '../simulation/chance.js'
import { callOf, type Form } from './forms.js'
import { differenceOf, plain, type State } from './world.js'

/** Where commands are tried: a server whose state is made from a seed, and read whole. */
export interface Place {
  readonly wire: { send(...args: readonly Argument[]): Promise<Reply> }
  build(chance: Chance): Promise<void>
  fillBy(chance: Chance): (placeholder: string) => Argument
  read(): Promise<State>
}

/** What running one call twice showed. */
export interface Finding {
  readonly command: string
  readonly call: string
  readonly claimed: RetryClass
  readonly seen: RetryClass
  readonly isError: boolean
  /** What contradicts the claim. */
  readonly contradiction: string | undefined
}

const variesBy = new Map(readKnowledge().map(({ name, more }) => [name, more.get('reply-varies')]))

/**
 * Runs a call of this form twice, from the state of this seed, and compares states and replies. `read` must leave the state
 * and answer the same; `idempotent` must leave it after the second try as after the first, and answer the same; `convergent`
 * may answer otherwise. Of `unsafe` nothing is asked.
 */
export async function tryForm(place: Place, form: Form, seed: number): Promise<Finding> {
  const chance = new Chance(seed)
  await place.build(chance)
  const args = callOf(form, chance, place.fillBy(chance))
  const descriptor = lookup(args)
  const claimed = retryClassOf(descriptor, args)
  const before = await place.read()
  const first = await place.wire.send(...args)
  const between = await place.read()
  const second = await place.wire.send(...args)
  const after = await place.read()
  const changes = differenceOf(before, between)
  const changesAgain = differenceOf(between, after)
  const isSameReply = sameReply(descriptor.name, first, second)
  const seen: RetryClass =
    changesAgain !== undefined ? 'unsafe' : isSameReply ? (changes === undefined ? 'read' : 'idempotent') : 'convergent'
  const isTooMild = retryClasses.indexOf(claimed) < retryClasses.indexOf(seen)
  return {
    command: descriptor.name,
    call: args.map((arg) => (typeof arg === 'object' ? '<bytes>' : String(arg))).join(' '),
    claimed,
    seen,
    isError: first instanceof ErrorReply,
    contradiction: isTooMild
      ? `${claimed}, but ${seen}: ${changesAgain ?? changes ?? `${show(first)} -> ${show(second)}`}`
      : undefined,
  }
}

/** A reply may be random, or depend on the time, and the second be as true as the first: knowledge.txt names those. */
function sameReply(name: string, first: Reply, second: Reply): boolean {
  if (show(first) === show(second)) return true
  const isError = first instanceof ErrorReply || second instanceof ErrorReply
  return variesBy.get(name) !== undefined && !isError
}

const show = (reply: Reply): string => String(JSON.stringify(plain(reply))).slice(0, 300)
