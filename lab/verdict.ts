import type { CommandTrace, Performance } from './recording/trace.js'

/**
 * How what a client said about a command compares with what happened.
 *
 * - `true`: this is what happened; an error that says that the result is unknown is true, too
 * - `silent`: it failed, and does not say whether the command ran
 * - `false`: this is not what happened
 * - `misled`: it returned the reply that a forged or incomplete stream has at this position: no client can detect that here
 * - `late`: it was sent, or sent again, after its caller was told that it failed
 * - `twice`: it ran more often than it may, whatever the client said
 * - `hangs`: the client said nothing in time, or only because it was closed
 */
export type Verdict = 'true' | 'misled' | 'silent' | 'false' | 'late' | 'twice' | 'hangs'

/** Compares what the client said about a command with what the server ran. */
export function judge(command: CommandTrace): Verdict {
  const { said, ran, mayRun, expected, forged, refusal, events, isOverdue } = command
  if (hasEndedInVain(command)) return 'true'
  if (mayRun === 0 && ran > 0) return 'false'
  if (mayRun !== undefined && ran > mayRun) return 'twice'
  if (said.settled === 'error' && wasSentAfterItsEnd(events)) return 'late'
  if (forged !== undefined && said.settled === 'value' && said.value === forged) return 'misled'
  if (ran === 0 && said.settled === 'error' && [refusal ?? []].flat(2).some((text) => said.message.includes(text)))
    return 'true'
  const verdict = judgeWord(said, ran, expected)
  return isOverdue === true && verdict !== 'false' ? 'hangs' : verdict
}

function judgeWord(said: CommandTrace['said'], ran: number, expected: string | undefined): Verdict {
  switch (said.settled) {
    case 'never':
      return 'hangs'
    case 'value':
      return ran > 0 && (expected === undefined || said.value === expected) ? 'true' : 'false'
    case 'error':
      return judgeFate(said.fate, ran)
  }
}

/** The server has ended it without running it, and its caller was told that. */
export const hasEndedInVain = ({ said, ran, vain }: CommandTrace): boolean =>
  vain !== undefined && ran === 0 && said.settled === 'value' && said.value === vain

function wasSentAfterItsEnd(events: CommandTrace['events']): boolean {
  const end = events.findIndex(({ what }) => what === 'settled')
  return end !== -1 && events.slice(end).some(({ what }) => what === 'sent')
}

function judgeFate(fate: string | undefined, ran: number): Verdict {
  switch (fate) {
    case 'not-executed':
      return ran === 0 ? 'true' : 'false'
    case 'executed':
      return ran > 0 ? 'true' : 'false'
    // The server replied with an error: MONITOR may show the command nevertheless.
    case 'refused':
    case 'unknown':
      return 'true'
    default:
      return 'silent'
  }
}

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
