import type { Performance } from './recording/trace.js'
import { judge, judgePerformance, type Verdict } from './verdict.js'

/** Each verdict in the cells of a table, after a number. */
export const verdictWords: Readonly<Record<Exclude<Verdict, 'true'>, string>> = {
  twice: 'ran twice',
  false: 'reported wrongly',
  late: 'sent again after being rejected',
  hangs: 'never settled',
  silent: 'may or may not have run',
  unfounded: 'rejected without reason',
  uncancelled: 'could not be cancelled',
  misled: 'got a wrong reply from the server',
}

/** The result of a run in a few words, for a cell of a table. */
export function summarize(performance: Performance): string {
  const { commands, findings, death } = performance
  const verdicts = commands.map(judge)
  const misled = verdicts.filter((verdict) => verdict === 'misled').length
  if (judgePerformance(performance).isGood) return misled === 0 ? 'good' : `good, ${misled} ${verdictWords.misled}`
  const counts = (Object.keys(verdictWords) as (keyof typeof verdictWords)[]).flatMap((verdict) => {
    const count = verdicts.filter((each) => each === verdict).length
    return count === 0 ? [] : [`${count} ${verdictWords[verdict]}`]
  })
  const missed = findings.filter(({ isGood }) => !isGood).length
  return [
    ...(death === undefined ? [] : ['process died']),
    ...counts,
    ...(missed === 0 ? [] : [`${missed} of ${findings.length} expectations missed`]),
  ].join(', ')
}
