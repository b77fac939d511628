import { describe, expect, it } from 'vitest'
import { summarize } from '../../lab/summary.js'
import { judge, judgePerformance } from '../../lab/verdict.js'
import { answered, command, failed, nobody, performanceOf } from './traces.js'

describe('the verdict on what a client says is', () => {
  it.each([
    ['a value, and the server ran it', command(answered('1'), 1)],
    ['the expected value', command(answered('1'), 1, { expected: '1' })],
    ['an error with fate unknown, and it ran', command(failed('unknown'), 1)],
    ['an error with fate unknown, and it did not run', command(failed('unknown'), 0)],
    ['not-executed, and it did not run', command(failed('not-executed'), 0)],
    ['executed, and it ran', command(failed('executed'), 1)],
    ['refused, although the server shows it', command(failed('refused'), 1)],
    ['a value of a command that may be repeated, and it ran twice', command(answered('"v"'), 2)],
  ])('true: %s', (_, trace) => {
    expect(judge(trace)).toBe('true')
  })

  it.each([
    ['a value, and it never ran', command(answered('1'), 0)],
    ['another value than the expected one', command(answered('2'), 1, { expected: '1' })],
    ['not-executed, and it ran', command(failed('not-executed'), 1)],
    ['executed, and it did not run', command(failed('executed'), 0)],
  ])('false: %s', (_, trace) => {
    expect(judge(trace)).toBe('false')
  })

  it.each([
    ['silent: an error without a fate', command(failed(undefined), 0), 'silent'],
    [
      'twice: it ran more often than allowed, whatever the client says',
      command(failed('unknown'), 2, { mayRun: 1 }),
      'twice',
    ],
    ['twice, rather than false', command(answered('2'), 2, { mayRun: 1, expected: '1' }), 'twice'],
    ['hangs: nothing', command(nobody, 1), 'hangs'],
    ['hangs: the expected value, too late', command(answered('1'), 1, { isOverdue: true }), 'hangs'],
    ['hangs: an unknown fate, too late', command(failed('unknown'), 1, { isOverdue: true }), 'hangs'],
    [
      'false, rather than hangs: another value, too late',
      command(answered('42'), 1, { expected: '1', isOverdue: true }),
      'false',
    ],
  ] as const)('%s', (_, trace, verdict) => {
    expect(judge(trace)).toBe(verdict)
  })

  it('late: it was sent again after its promise was rejected', () => {
    const events = [
      { at: 0, what: 'called' },
      { at: 1, what: 'sent', link: 1 },
      { at: 2, what: 'settled' },
      { at: 3, what: 'sent', link: 2 },
    ] as const
    expect(judge(command(failed('unknown'), 2, { events }))).toBe('late')
    // A confirmed subscription is sent again after a reconnect.
    expect(judge(command(answered('"subscribed"'), 2, { events }))).toBe('true')
  })
})

describe('a run of a scenario', () => {
  const good = command(answered('1'), 1)

  it('is good if every verdict is true, every finding is good, and no process died', () => {
    const performance = performanceOf({ commands: [good], findings: [{ text: 'closes', isGood: true }] })
    expect(judgePerformance(performance)).toEqual({ verdicts: ['true'], isGood: true })
    expect(summarize(performance)).toBe('good')
  })

  it.each([
    ['1 told wrong', { commands: [good, command(failed('not-executed'), 1)] }],
    ['2 not told whether it ran', { commands: [command(failed(undefined), 1), command(failed(undefined), 0)] }],
    ['1 ran twice, 1 never told', { commands: [command(nobody, 0), command(answered('2'), 2, { mayRun: 1 })] }],
    [
      '1 of 2 expectations missed',
      {
        findings: [
          { text: 'a', isGood: true },
          { text: 'b', isGood: false },
        ],
      },
    ],
    ['process died', { death: { at: 1, text: 'Error: nobody listens' } }],
  ])('is not good: %s', (summary, parts) => {
    const performance = performanceOf(parts)
    expect(judgePerformance(performance).isGood).toBe(false)
    expect(summarize(performance)).toBe(summary)
  })
})
