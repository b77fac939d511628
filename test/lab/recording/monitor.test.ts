import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Monitor } from '../../../lab/recording/monitor.js'
import { BuiltInServer } from '../../../lab/server/server.js'
import { createClient } from '../../../src/index.js'
import { startServer, type TestServer } from '../../support/server.js'

let builtIn: BuiltInServer
let real: TestServer
beforeAll(async () => {
  builtIn = await BuiltInServer.start()
  real = await startServer()
})
afterAll(async () => {
  await builtIn.stop()
  await real.stop()
})

const portOf = (where: string): number => (where === 'a real server' ? real.port : builtIn.port)

describe.each(['a real server', 'the built-in one'])('the monitor of %s', (where) => {
  it('sees each command that runs, also in a transaction, and no discarded ones', async () => {
    const seen: string[] = []
    const client = createClient({ host: '127.0.0.1', port: portOf(where) })
    await client.connect()
    let onLast: () => void = () => {}
    const last = new Promise<void>((resolve) => {
      onLast = resolve
    })
    const addresses = new Set<string | undefined>()
    const monitor = await Monitor.start(portOf(where), ({ name, key, from }) => {
      seen.push(`${name} ${key}`)
      addresses.add(from)
      if (key === 'last') onLast()
    })
    await client.incr('seen')
    await client.call('get', 'seen')
    const discarded = client.session(async (session) => {
      await session.call('MULTI')
      await session.call('SET', 'discarded', 'v')
      await session.call('DISCARD')
    })
    await discarded
    await client.multi().incr('first').incr('second').exec()
    await client.rpush('seen-list', 'element')
    await client.set('last', 'v')
    await last
    monitor.stop()
    await client.close()
    const own = seen.filter((line) => /^(INCR|GET|SET|RPUSH) /.test(line))
    expect(own).toEqual(['INCR seen', 'GET seen', 'INCR first', 'INCR second', 'RPUSH seen-list element', 'SET last'])
    for (const address of addresses) expect(address).toMatch(/^(127\.0\.0\.1|connection):\d+$/)
  })
})

describe('what MONITOR shows', () => {
  /** Its lines, without time and address. */
  async function shown(port: number, frames: Buffer): Promise<string[]> {
    const [watcher, actor] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]
    let text = ''
    await new Promise<void>((resolve) => {
      watcher.on('data', (chunk: Buffer) => {
        if (text === '') actor.write(frames)
        text += chunk.toString('latin1')
        if (text.includes('"the end"')) resolve()
      })
      watcher.write('MONITOR\r\n')
    })
    for (const socket of [watcher, actor]) socket.destroy()
    return text
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.replace(/^\+\d+\.\d{6} \[(\d+) [^\]]+\]/, '[$1]'))
  }

  it('is escaped by the built-in server as by a real one, and includes the database number', async () => {
    const nasty = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const frames = Buffer.concat([
      Buffer.from(`*2\r\n$4\r\nECHO\r\n$${nasty.length}\r\n`),
      nasty,
      Buffer.from('\r\nset k v\r\nSELECT 3\r\nGET k\r\n*2\r\n$4\r\nECHO\r\n$7\r\nthe end\r\n'),
    ])
    const expected = await shown(real.port, frames)
    expect(expected).toHaveLength(5)
    expect(await shown(builtIn.port, frames)).toEqual(expected)
  })
})
