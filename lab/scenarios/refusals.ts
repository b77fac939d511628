import { afterwards, threeCommands } from './commands.js'
import { refusing } from './masked.js'
import type { Scenario, Stage } from './scenario.js'

/** How long the server goes on loading, in milliseconds. */
const loadingMs = 300

/** Connects a client that the server does not accept, and calls a command that must not run. */
async function connectInVain(
  { client, call, key, find }: Stage,
  refusal: readonly [reason: string, ...more: string[]],
): Promise<void> {
  const [reason] = refusal
  let told = 'nothing'
  client.connect().catch((error: unknown) => {
    told = error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : String(error)
  })
  const count = key('count')
  const said = await call('INCR', count, () => client.incr(count), { mayRun: 0, refusal })
  find('the command failed, and its caller was told so', said.settled === 'error')
  const words = said.settled === 'error' ? `${told} ${said.message}` : told
  find(`an error contains the server's reason, ${reason}`, words.includes(reason))
}

export const wrongPassword: Scenario = {
  id: 'wrong-password',
  title: 'The server does not accept the password',
  story:
    'The server answers AUTH, or HELLO with AUTH, with WRONGPASS. No command may run, connecting must fail with the reason that the ' +
    'server gave, and a command called meanwhile must fail too, instead of waiting forever.',
  lesson: {
    where:
      'A password was rotated, and a service still has the old one; or a secret was mounted from the wrong environment.',
    known: 'The server says why it refuses. No command was sent, so none has run.',
    advice:
      'Fail at start, and show the reason. Trying again does not help, unless credentials are fetched for each attempt.',
  },
  settings: { password: 'outdated', connectLimit: 500 },
  async play(stage) {
    stage.always('onRequest', (chunk) =>
      refusing(
        chunk,
        (name) =>
          name === 'AUTH' || (name === 'HELLO' && chunk.includes('AUTH'))
            ? '-WRONGPASS invalid username-password pair or user is disabled.'
            : undefined,
        '-NOAUTH Authentication required.',
      ),
    )
    await connectInVain(stage, ['WRONGPASS', 'NOAUTH'])
  },
}

export const failedSelect: Scenario = {
  id: 'failed-select',
  title: 'The server does not have the database that is selected',
  story:
    'The client is configured for database 99,999, and the server answers SELECT with an error. A command must not run in database 0 ' +
    'instead: it would read and write data of something else.',
  lesson: {
    where: 'A service moves to a managed server or a cluster, which has only database 0; or a typing error in a URL.',
    known: 'SELECT is answered with an error. Whatever is sent after it on this connection runs in database 0.',
    advice:
      'Check that the client treats a failed SELECT as a failed connection. Use key prefixes instead of databases.',
  },
  settings: { database: 99_999, connectLimit: 500 },
  async play(stage) {
    stage.inflict('the server has no database 99999', () => {})
    await connectInVain(stage, ['out of range'])
  },
}

export const readonly: Scenario = {
  id: 'readonly',
  title: 'The master became a replica, and its connections stay open',
  story:
    'After a failover, the old master answers writes with READONLY on connections that are still open. New connections lead to the new ' +
    'master. The client must find it: its writes must succeed, or fail with the error, and must not go on failing.',
  lesson: {
    where:
      'Failover by Sentinel, or of a managed service whose name moves to another server, while old connections survive.',
    known: 'READONLY means that the server did not run the command: it is safe to send it again, to the right server.',
    advice: 'Reconnect on READONLY. ioredis does so only with `reconnectOnError`. Resolve names again on each attempt.',
  },
  async play(stage) {
    const { client, call, key } = stage
    await threeCommands(stage)
    stage.always('onRequest', (chunk, link) =>
      link.id > 1
        ? refusing(chunk, () => undefined)
        : refusing(chunk, (name) =>
            name === 'INCR' ? "-READONLY You can't write against a read only replica." : undefined,
          ),
    )
    const first = key('first')
    await call('INCR', first, () => client.incr(first), { mayRun: 1, expected: '1', refusal: 'READONLY' })
    const second = key('second')
    const said = await call('INCR', second, () => client.incr(second), {
      mayRun: 1,
      expected: '1',
      refusal: 'READONLY',
    })
    stage.find('the next write reaches the new master', said.settled === 'value')
  },
}

export const loading: Scenario = {
  id: 'loading',
  title: 'The server has restarted and is loading its data',
  story:
    `For ${loadingMs} ms the server answers each command with LOADING. It does not run them, so they can be sent again when it is ` +
    'ready. A caller may also be told the error.',
  lesson: {
    where:
      'A restart of a server with much data in its RDB or AOF file: it accepts connections before it has read the data.',
    known: 'LOADING means that the server did not run the command: it is safe to send it again.',
    advice: 'Use a client that waits and tries again within the time limit of the command, or do that yourself.',
  },
  async play(stage) {
    const { client, call, key, witness } = stage
    await threeCommands(stage)
    const [count, read] = [key('during-count'), key('during-read')]
    await witness.set(read, 'value')
    let isLoading = true
    stage.always('onRequest', (chunk) =>
      refusing(chunk, (name) =>
        isLoading && (name === 'INCR' || name === 'GET')
          ? '-LOADING Redis is loading the dataset in memory'
          : undefined,
      ),
    )
    const calls = [
      call('INCR', count, () => client.incr(count), { mayRun: 1, expected: '1', refusal: 'LOADING' }),
      call('GET', read, () => client.get(read), { expected: '"value"', refusal: 'LOADING' }),
    ]
    await stage.pause(loadingMs)
    stage.inflict('the server has loaded its data', () => {
      isLoading = false
    })
    await Promise.all(calls)
    await afterwards(stage)
  },
}
