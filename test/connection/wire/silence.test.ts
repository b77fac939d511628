import { expect, it } from 'vitest'
import { RequestQueue } from '../../../src/connection/request/queue.js'
import { connectionSettings } from '../../../src/connection/supervisor/connection-settings.js'
import { Connector } from '../../../src/connection/supervisor/connector.js'
import type { ConnectionSettings } from '../../../src/connection/wire/settings.js'
import { connectorSettings } from '../../support/connector-settings.js'
import { TestRequest } from '../../support/test-request.js'

it('the silence of a connection is the time in which nothing was read, while replies are pending', async () => {
  const { network, clock, settings } = connectorSettings()
  const ignore = (): void => {}
  const owner = {
    onWritable: ignore,
    onRefusedForNow: ignore,
    onReadOnly: ignore,
    onDrained: ignore,
    onPush: ignore,
    onUnowed: () => false,
  }
  const given = connectionSettings(settings.options, settings.fence) as ConnectionSettings
  const connection = new Connector(settings).dial(given, owner, { onReady: ignore, onEnd: ignore })
  await network.peer.welcomes()
  await clock.advance(100)
  expect(connection.silence).toBe(0)

  const queue = new RequestQueue()
  network.peer.nextWrite = 'pending'
  queue.push(new TestRequest())
  connection.send(queue)
  await clock.advance(70)
  expect(connection.silence).toBe(70)
  // The kernel takes bytes for a process that is stopped, too.
  await network.peer.takesTheRest()
  await clock.advance(30)
  expect(connection.silence).toBe(100)
  await network.peer.answers('+OK\r\n')
  expect(connection.silence).toBe(0)
  connection.terminate()
})
