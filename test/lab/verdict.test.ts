import { describe, expect, it } from 'vitest'
import { countOutcomes, outcomeOf } from '../../lab/outcome.js'
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
    ['true: the error that the server answered', command(failed(undefined), 0, { refusal: 'lost' }), 'true'],
    ['silent: another error', command(failed(undefined), 0, { refusal: 'READONLY' }), 'silent'],
    ['silent: the error of a server that ran it', command(failed(undefined), 1, { refusal: 'lost' }), 'silent'],
    ['misled: the value of a forged stream', command(answered('99'), 1, { expected: '1', forged: '99' }), 'misled'],
    ['false: yet another value', command(answered('98'), 1, { expected: '1', forged: '99' }), 'false'],
    ['false: it ran where it must not', command(answered('1'), 1, { mayRun: 0 }), 'false'],
    ['silent: an error without a fate', command(failed(undefined), 0), 'silent'],
    [
      'silent: the same where a fault hides the result',
      command(failed(undefined), 0, { mayFail: ['unknown'] }),
      'silent',
    ],
    [
      'silent: or of a command that must succeed',
      command(failed(undefined), 1, { mayFail: [], isHidden: true }),
      'silent',
    ],
    ['unfounded: the same where nothing hides it', command(failed(undefined), 0, { mayFail: [] }), 'unfounded'],
    ['unfounded: unknown where nothing hides it', command(failed('unknown'), 1, { mayFail: [] }), 'unfounded'],
    [
      'unfounded: unknown where it must succeed',
      command(failed('unknown'), 1, { mayFail: [], isHidden: true }),
      'unfounded',
    ],
    [
      'unfounded: unknown where it was refused',
      command(failed('unknown'), 0, { mayFail: [], refusal: 'lost' }),
      'unfounded',
    ],
    [
      'true: not-executed where it was refused',
      command(failed('not-executed'), 0, { mayFail: [], refusal: 'x' }),
      'true',
    ],
    ['true: a fate that it may have', command(failed('executed'), 1, { mayFail: ['executed'] }), 'true'],
    ['false, rather than unfounded', command(failed('not-executed'), 1, { mayFail: [] }), 'false'],
    ['unfounded: a fate that does not exist', command(failed('lost'), 1, { mayFail: [] }), 'unfounded'],
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

  it('true: it did not run, and its caller got the value of a command that ended in vain', () => {
    expect(judge(command(answered('null'), 0, { vain: 'null' }))).toBe('true')
    expect(outcomeOf(command(answered('null'), 0, { vain: 'null' }))).toBe('lost')
    expect(judge(command(answered('1'), 0, { vain: 'null' }))).toBe('false')
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
    // Not the client rejected it.
    const uncancelled = command({ settled: 'error', name: 'Error', message: '', isUncancelled: true }, 2, { events })
    expect(judge(uncancelled)).toBe('uncancelled')
    expect(outcomeOf(uncancelled)).toBe('uncancelled')
  })
})

describe('the outcome of a command is', () => {
  it.each([
    ['once', command(answered('1'), 1)],
    ['once', command(failed('executed'), 1)],
    ['lost', command(failed('not-executed'), 0)],
    ['lost', command(failed(undefined), 0, { refusal: 'lost' })],
    ['admitted', command(failed('unknown'), 1)],
    ['misled', command(answered('99'), 1, { forged: '99' })],
    ['silent', command(failed(undefined), 1)],
    ['unfounded', command(failed('unknown'), 1, { mayFail: [] })],
    ['twice', command(answered('2'), 2, { mayRun: 1 })],
    ['wrong', command(answered('2'), 1, { expected: '1' })],
    ['hung', command(nobody, 0)],
  ])('%s', (outcome, trace) => {
    expect(outcomeOf(trace)).toBe(outcome)
    expect(countOutcomes([trace, trace])).toMatchObject({ [outcome]: 2 })
  })
})

describe('a run of a scenario', () => {
  const good = command(answered('1'), 1)

  it('is good if no client can detect what is wrong in it', () => {
    const performance = performanceOf({ commands: [good, command(answered('99'), 1, { forged: '99' })] })
    expect(judgePerformance(performance).isGood).toBe(true)
    expect(summarize(performance)).toBe('good, 1 got a wrong reply from the server')
  })

  it('is good if every verdict is true, every finding is good, and no process died', () => {
    const performance = performanceOf({ commands: [good], findings: [{ text: 'closes', isGood: true }] })
    expect(judgePerformance(performance)).toEqual({ verdicts: ['true'], isGood: true })
    expect(summarize(performance)).toBe('good')
  })

  it.each([
    ['1 reported wrongly', { commands: [good, command(failed('not-executed'), 1)] }],
    ['2 may or may not have run', { commands: [command(failed(undefined), 1), command(failed(undefined), 0)] }],
    ['1 ran twice, 1 never settled', { commands: [command(nobody, 0), command(answered('2'), 2, { mayRun: 1 })] }],
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
