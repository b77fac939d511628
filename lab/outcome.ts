import type { CommandTrace } from './recording/trace.js'
import { judge, type Verdict } from './verdict.js'

/** What became of a command, together with what its caller knows about it. */
export type Outcome =
  | 'once'
  | 'lost'
  | 'admitted'
  | 'misled'
  | 'silent'
  | 'uncancelled'
  | 'unfounded'
  | 'late'
  | 'twice'
  | 'wrong'
  | 'hung'

/** Every outcome in the order in which it is shown, best first, and what it means. */
export const outcomes: Readonly<Record<Outcome, string>> = {
  once: 'ran, and the caller knows it',
  lost: 'did not run, and the caller knows it',
  admitted: 'unknown, and the client says so',
  misled: 'the server sent a wrong reply, which no client can detect here',
  silent: 'unknown, and the client does not say so',
  uncancelled: 'cancelled by its caller, and the client cannot do that',
  unfounded: 'failed, or called unknown, without a reason',
  late: 'sent again after the caller was told that it failed',
  twice: 'ran twice, although it must not',
  wrong: 'the caller was told something wrong',
  hung: 'the caller was told nothing',
}

/** The verdict on commands with each outcome. */
export const verdictOf: Readonly<Record<Outcome, Verdict>> = {
  once: 'true',
  lost: 'true',
  admitted: 'true',
  misled: 'misled',
  silent: 'silent',
  uncancelled: 'uncancelled',
  unfounded: 'unfounded',
  late: 'late',
  twice: 'twice',
  wrong: 'false',
  hung: 'hangs',
}

/** One word for a command: each command has exactly one outcome. */
export function outcomeOf(command: CommandTrace): Outcome {
  const verdict = judge(command)
  switch (verdict) {
    case 'true':
      return trueOutcomeOf(command)
    case 'false':
      return 'wrong'
    case 'hangs':
      return 'hung'
    default:
      return verdict
  }
}

function trueOutcomeOf({ said, ran }: CommandTrace): Outcome {
  if (said.settled !== 'error') return ran === 0 ? 'lost' : 'once'
  if (said.fate === 'executed') return 'once'
  if (said.fate === undefined && ran === 0) return 'lost'
  return said.fate === 'unknown' ? 'admitted' : 'lost'
}

/** How many of the commands have each outcome. */
export function countOutcomes(commands: readonly CommandTrace[]): Readonly<Record<Outcome, number>> {
  const all = (Object.keys(outcomes) as Outcome[]).map((outcome) => [outcome, 0] as const)
  const counts = Object.fromEntries(all) as Record<Outcome, number>
  for (const command of commands) counts[outcomeOf(command)] += 1
  return counts
}
