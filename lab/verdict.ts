import type { Fate } from '../src/index.js'
import type { CommandTrace, Performance } from './recording/trace.js'

/**
 * How what a client said about a command compares with what happened.
 *
 * - `true`: this is what happened; an error that says that the result is unknown is true, too, where a fault hides the result
 * - `silent`: it failed, and does not say whether the command ran
 * - `false`: this is not what happened
 * - `misled`: it returned the reply that a forged or incomplete stream has at this position: no client can detect that here
 * - `unfounded`: nothing in the scenario is a reason for this failure, or for not knowing more
 * - `uncancelled`: its caller cancelled it, and the client has no way to do that
 * - `late`: it was sent, or sent again, after its caller was told that it failed
 * - `twice`: it ran more often than it may, whatever the client said
 * - `hangs`: the client said nothing in time, or only because it was closed
 */
export type Verdict = 'true' | 'misled' | 'silent' | 'unfounded' | 'uncancelled' | 'false' | 'late' | 'twice' | 'hangs'

/** Compares what the client said about a command with what the server ran. */
export function judge(command: CommandTrace): Verdict {
  const { said, ran, mayRun, forged, events, isOverdue } = command
  if (hasEndedInVain(command)) return 'true'
  if (mayRun === 0 && ran > 0) return 'false'
  if (mayRun !== undefined && ran > mayRun) return 'twice'
  if (said.settled === 'error' && said.isUncancelled === true) return 'uncancelled'
  if (said.settled === 'error' && wasSentAfterItsEnd(events)) return 'late'
  if (forged !== undefined && said.settled === 'value' && said.value === forged) return 'misled'
  const verdict = judgeWord(command)
  return isOverdue === true && verdict !== 'false' ? 'hangs' : verdict
}

function judgeWord(command: CommandTrace): Verdict {
  const { said, ran, expected } = command
  switch (said.settled) {
    case 'never':
      return 'hangs'
    case 'value':
      return ran > 0 && (expected === undefined || said.value === expected) ? 'true' : 'false'
    case 'error':
      return judgeError(command, said)
  }
}

/** The server has ended it without running it, and its caller was told that. */
export const hasEndedInVain = ({ said, ran, vain }: CommandTrace): boolean =>
  vain !== undefined && ran === 0 && said.settled === 'value' && said.value === vain

function wasSentAfterItsEnd(events: CommandTrace['events']): boolean {
  const end = events.findIndex(({ what }) => what === 'settled')
  return end !== -1 && events.slice(end).some(({ what }) => what === 'sent')
}

function judgeError(command: CommandTrace, said: SaidError): Verdict {
  const { ran, mayFail, refusal } = command
  const fate = fates.find((each) => each === said.fate)
  if (fate === undefined) {
    if (ran === 0 && [refusal ?? []].flat(2).some((text) => said.message.includes(text))) return 'true'
    return isHidden(command) ? 'silent' : 'unfounded'
  }
  if (fate === 'not-executed' && ran > 0) return 'false'
  if (fate === 'executed' && ran === 0) return 'false'
  // The server replied with an error, if it is refused: MONITOR may show the command nevertheless.
  const isRefusal = refusal !== undefined && (fate === 'refused' || fate === 'not-executed')
  return mayFail === undefined || mayFail.includes(fate) || isRefusal ? 'true' : 'unfounded'
}

type SaidError = Extract<CommandTrace['said'], { readonly settled: 'error' }>

const fates: readonly Fate[] = ['not-executed', 'executed', 'refused', 'unknown']

/** Whether a client whose errors have no fate can't be blamed for more than that. */
const isHidden = ({ isHidden: is, mayFail, refusal }: CommandTrace): boolean =>
  is ?? (mayFail === undefined || mayFail.length > 0 || refusal !== undefined)

/** The result of a run. */
export interface RunVerdict {
  readonly verdicts: readonly Verdict[]
  /** Every verdict is `true` or `misled`, every expectation is met, and the process did not die. */
  readonly isGood: boolean
}

/** Judges everything that was recorded in a run. */
export function judgePerformance({ commands, findings, death }: Performance): RunVerdict {
  const verdicts = commands.map(judge)
  const isGood =
    death === undefined &&
    verdicts.every((verdict) => verdict === 'true' || verdict === 'misled') &&
    findings.every((each) => each.isGood)
  return { verdicts, isGood }
}
