import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runSchedule, type ScheduleRun } from '../../../lab/browser/run.js'
import { openedBy, parseSchedule } from '../../../lab/browser/schedule.js'
import { judgePerformance } from '../../../lab/verdict.js'

const run = (...lines: string[]): Promise<ScheduleRun> => runSchedule(parseSchedule(lines.join('\n')))

/** What its caller was told of a command, and how often it ran. */
function resultOf({ performance }: ScheduleRun, name: string): [told: string, ran: number] {
  const command = performance.commands.find((each) => `${each.name} ${each.key}` === name)
  if (command === undefined) throw new Error(`there is no ${name}`)
  const { said, ran } = command
  return [said.settled === 'error' ? String(said.fate) : said.settled === 'value' ? said.value : 'nothing', ran]
}

describe('a schedule runs', () => {
  it('without a fault: every command once', async () => {
    const result = await run('0 INCR count', '10 INCR other', '10 GET count')
    expect(resultOf(result, 'INCR count')).toEqual(['1', 1])
    expect(resultOf(result, 'GET count')).toEqual(['"1"', 1])
    expect(result.performance.links).toHaveLength(1)
    expect(result.data).toEqual([
      { key: 'count', value: '1' },
      { key: 'other', value: '1' },
    ])
  })

  it('the same way each time', async () => {
    const lines = ['option retry always', '20 INCR count', '21 down', '25 GET read', '400 up']
    expect(await run(...lines)).toEqual(await run(...lines))
  })

  it.each([
    [0, 'unknown'],
    [1, 'executed'],
    [3, 'executed'],
    [4, '1'],
  ])('with a reply that is cut after %i bytes: %s', async (bytes, told) => {
    const result = await run('20 INCR count', `20 cut replies ${bytes} reset`)
    expect(resultOf(result, 'INCR count')).toEqual([told, 1])
  })

  it('with a request that is cut: it did not run, and the client cannot know that', async () => {
    expect(resultOf(await run('20 INCR count', '20 cut requests 24 reset'), 'INCR count')).toEqual(['unknown', 0])
    // The last of its 25 bytes.
    expect(resultOf(await run('20 INCR count', '20 cut requests 25 reset'), 'INCR count')[1]).toBe(1)
  })

  it('with FIN instead of RST', async () => {
    const { performance } = await run('20 INCR count', '20 cut replies 0 end')
    expect(performance.commands[0]?.said).not.toHaveProperty('message', expect.stringContaining('ECONNRESET'))
    expect(performance.commands[0]?.said).toMatchObject({ fate: 'unknown' })
  })

  it('with a path that keeps replies for a while', async () => {
    const result = await run('20 INCR count', '20 hold replies', '300 release')
    expect(resultOf(result, 'INCR count')).toEqual(['1', 1])
    expect(result.performance.commands[0]?.events.at(-1)).toEqual({ at: 301, what: 'settled' })
  })

  it('with late delivery: without the fence the old SET overwrites the INCR', async () => {
    const late = ['option stallTimeout 400', '20 hold requests', '20 SET value 41', '900 INCR value', '1500 release']
    const fenced = await run(...late)
    expect(resultOf(fenced, 'INCR value')).toEqual(['42', 1])
    expect(fenced.data).toEqual([{ key: 'value', value: '42' }])
    const unfenced = await run('option fence off', ...late)
    expect(resultOf(unfenced, 'INCR value')).toEqual(['42', 1])
    expect(unfenced.data).toEqual([{ key: 'value', value: '41' }])
  })

  it('with a black hole, garbage, and a server that restarts', async () => {
    const hole = await run('option stallTimeout 400', '20 black-hole', '20 INCR count', '20 GET read')
    expect(resultOf(hole, 'INCR count')).toEqual(['unknown', 0])
    expect(resultOf(hole, 'GET read')).toEqual(['null', 1])
    const garbage = await run('20 garbage', '20 INCR count', '20 GET read')
    expect(resultOf(garbage, 'INCR count')).toEqual(['unknown', 1])
    const restart = await run('20 SET key value', '30 down', '40 INCR count', '40 GET key', '300 up')
    expect(resultOf(restart, 'INCR count')).toEqual(['1', 1])
    expect(resultOf(restart, 'GET key')).toEqual(['"value"', 1])
    for (const { performance } of [hole, garbage, restart]) {
      expect(judgePerformance(performance).isGood).toBe(true)
      expect(performance.death).toBeUndefined()
    }
  })

  it('with a BLPOP that gets an element, reaches its limit, or loses its reply', async () => {
    const pushed = await run('20 BLPOP queue 5', '100 push queue job')
    expect(resultOf(pushed, 'BLPOP queue')).toEqual(['["queue","job"]', 1])
    expect(resultOf(await run('20 BLPOP queue 0.1'), 'BLPOP queue')[0]).toBe('null')
    const lost = await run('20 BLPOP queue 5', '100 cut replies 0 reset', '100 push queue job')
    expect(resultOf(lost, 'BLPOP queue')).toEqual(['unknown', 1])
    expect(lost.data).toEqual([])
  })

  it('with a BLPOP that reaches its limit on a later connection: it took nothing, and that is true', async () => {
    const { performance } = await run('20 BLPOP queue 1', '21 down', '60 up')
    expect(performance.links.length).toBeGreaterThan(1)
    expect(performance.commands[0]?.said).toEqual({ settled: 'value', value: 'null' })
    expect(judgePerformance(performance).isGood).toBe(true)
  })

  it('with several RPUSHes to one list', async () => {
    const result = await run('20 RPUSH list a', '21 RPUSH list b')
    expect(resultOf(result, 'RPUSH list b')).toEqual(['2', 1])
    expect(result.data).toEqual([{ key: 'list', value: 'list: a, b' }])
  })

  it('with a reply that comes together with the end of its link: it was not lost', async () => {
    const { performance } = await run('10 SADD set a', '10 LPUSH list x', '10 cut requests 35 reset')
    const events = performance.commands.map((each) => each.events.map(({ what }) => what).join(' '))
    expect(events).toEqual(['called sent ran answered settled', 'called sent lost settled'])
  })

  it('with a call that the application cancels', async () => {
    const result = await run('20 hold replies', '20 INCR count', '20 GET read', '30 cancel INCR count', '50 release')
    expect(resultOf(result, 'INCR count')).toEqual(['unknown', 1])
    expect(result.performance.commands[0]?.said).toMatchObject({ name: 'AbortError' })
    expect(resultOf(result, 'GET read')).toEqual(['null', 1])
    // Its reply came last.
    expect(result.ledgers.at(-1)?.commands).toEqual([])
  })

  it('with a cut at the moment when it strikes, and the bytes that did not arrive', async () => {
    const { performance } = await run('20 INCR count', '20 cut replies 2 reset')
    expect(performance.faults).toEqual([{ at: 22, text: 'RST on link 1, after 2 bytes of replies' }])
    expect(performance.wire.findLast(({ link }) => link === 1)).toMatchObject({ text: ':1\\r\\n', missing: '\\r\\n' })
    const request = await run('20 INCR count', '20 cut requests 19 reset')
    expect(request.performance.wire.findLast(({ link }) => link === 1)).toMatchObject({ missing: 'ount\\r\\n' })
  })

  it('with a cut that never strikes, and says so', async () => {
    const { performance } = await run('20 INCR count', '20 cut requests 33 reset')
    expect(performance.faults).toEqual([
      {
        at: 20,
        text: 'without effect: cut requests 33 reset, because only 25 bytes of requests came after it, on the connections that were open then',
      },
    ])
  })

  it('with a link that the client has left while the path keeps its bytes', async () => {
    const late = ['option stallTimeout 400', 'option fence off', '20 hold requests', '20 SET value 41', '1500 release']
    const { links } = (await run(...late)).performance
    expect(links[0]?.leftAt).toBeLessThan(500)
    expect(links[0]?.closedAt).toBeGreaterThan(1_500)
  })

  it('and shows the ledger of the client over time', async () => {
    const { ledgers } = await run('20 INCR count', '20 GET read', '21 down', '600 up')
    const stateAt = (moment: number): string[] =>
      (ledgers.findLast(({ at }) => at <= moment)?.commands ?? []).map(({ command, state }) => `${command} ${state}`)
    expect(stateAt(20)).toEqual(['INCR sent', 'GET sent'])
    expect(stateAt(100)).toEqual(['GET queued'])
    expect(ledgers.at(-1)?.commands).toEqual([])
  })

  it('but not with an option that the client does not have', async () => {
    await expect(run('option speed 9', '20 GET read')).rejects.toThrow('speed')
  })
})

describe('docs/lab.md', () => {
  const page = readFileSync(new URL('../../../docs/lab.md', import.meta.url), 'utf8')

  it('has a link to a run in which an INCR is unknown', async () => {
    const [hash = ''] = /#schedule=[^`]+/.exec(page) ?? []
    const opened = openedBy(hash)
    if (opened === undefined || !('schedule' in opened)) throw new Error('there is no link')
    const result = await runSchedule(parseSchedule(opened.schedule))
    expect(resultOf(result, 'INCR count')).toEqual(['unknown', 1])
  })

  it('has a schedule that runs', async () => {
    const [, text = ''] = /```\n(20 INCR[^`]+)```/.exec(page) ?? []
    expect(resultOf(await runSchedule(parseSchedule(text)), 'INCR count')).toEqual(['executed', 1])
  })
})
