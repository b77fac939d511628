import { describe, expect, it } from 'vitest'
import { ServerModel } from '../../../lab/server/model.js'
import type { ServerSession } from '../../../lab/server/session.js'

const ask = (session: ServerSession, line: string): string => session.receive(Buffer.from(`${line}\r\n`)).join('')

/** Cursor and elements of a reply. */
function part(reply: string): { cursor: string; elements: string[] } {
  const [cursor = '', ...elements] = reply.split('\r\n').filter((line) => line !== '' && !/^[*$]/.test(line))
  return { cursor, elements }
}

/** All elements, each with what it is given with; from the cursor on. */
function all(session: ServerSession, command: string, options = 'COUNT 2', from = '0'): string[] {
  const found: string[] = []
  let cursor = from
  do {
    const next = part(ask(session, `${command} ${cursor} ${options}`))
    found.push(...next.elements)
    cursor = next.cursor
  } while (cursor !== '0')
  return found.sort()
}

function serverWith(...lines: readonly string[]): { model: ServerModel; session: ServerSession } {
  const model = new ServerModel()
  const session = model.connect()
  for (const line of lines) ask(session, line)
  return { model, session }
}

const names = Array.from({ length: 12 }, (_, i) => `n${i}`).sort()

describe('a scan gives every element once', () => {
  it('keys', () => {
    const { session } = serverWith(...names.map((name) => `SET ${name} v`))
    expect(all(session, 'SCAN')).toEqual(names)
    expect(all(session, 'SCAN', 'MATCH n1* COUNT 1')).toEqual(['n1', 'n10', 'n11'])
    expect(all(session, 'SCAN', 'TYPE hash')).toEqual([])
  })

  it('fields, members, and members with scores', () => {
    const { session } = serverWith(
      ...names.flatMap((name) => [`HSET h ${name} v`, `SADD s ${name}`, `ZADD z 1 ${name}`]),
    )
    expect(all(session, 'HSCAN h')).toEqual([...names, ...names.map(() => 'v')].sort())
    expect(all(session, 'SSCAN s')).toEqual(names)
    expect(all(session, 'ZSCAN z')).toEqual([...names, ...names.map(() => '1')].sort())
  })
})

/** `count` processes with ids of their own: for each, how many names a scan misses that began at another process. */
function missedAfterRestart(count: number): number[] {
  const { model } = serverWith(...names.map((name) => `SET ${name} v`))
  return Array.from({ length: count }, (_, i) => {
    model.restart(`before ${i}`)
    const { cursor, elements } = part(ask(model.connect(), 'SCAN 0 COUNT 6'))
    model.restart(`after ${i}`)
    const rest = all(model.connect(), 'SCAN', 'COUNT 6', cursor)
    return names.filter((name) => !elements.includes(name) && !rest.includes(name)).length
  })
}

it('a cursor of another process leads somewhere else, also for names that differ only in their last character', () => {
  const missed = missedAfterRestart(100)
  expect(missed.filter((count) => count > 0).length).toBeGreaterThan(90)
})

it('a key of another kind, and options that are wrong, are refused', () => {
  const { session } = serverWith('SET k v')
  expect(ask(session, 'HSCAN k 0')).toMatch(/^-WRONGTYPE/)
  expect(ask(session, 'SCAN x')).toMatch(/^-ERR/)
  expect(ask(session, 'SCAN 0 COUNT 0')).toMatch(/^-ERR syntax/)
  expect(ask(session, 'SCAN 0 COUNT')).toMatch(/^-ERR syntax/)
})
