import { replace } from '../proxy/fault.js'
import { afterwards, mustSucceed, resultHidden, threeCommands } from './commands.js'
import type { Scenario } from './scenario.js'

const where =
  'A defect of a proxy or a server, or of a client that returns a connection to its pool while a reply is still on its way: an ' +
  'incident of this kind showed users the data of others.'
const advice =
  'Do not build on a client that continues on a connection after a protocol error or an unexpected reply. Check values that must ' +
  'not be mixed up, such as the user of a session, against something in the value itself.'

export const extraReply: Scenario = {
  id: 'extra-reply',
  title: 'A forged reply shifts all later ones',
  story:
    'The stream holds one valid reply too many, before the others. Each command gets the reply of the one before it, and no client ' +
    'can detect that by a single reply. One reply is left over at the end: a client can notice that, and must not read on.',
  lesson: {
    where,
    known:
      'Replies carry no number: the position in the stream is all that pairs them with commands. A reply that nobody waits for is evidence.',
    advice,
  },
  settings: { silenceLimit: 400 },
  async play(stage) {
    const { client, key, call, witness } = stage
    await threeCommands(stage)
    const [count, read] = [key('shifted-count'), key('shifted-read')]
    await witness.set(read, 'value')
    stage.once('onReply', (chunk) => replace(Buffer.concat([Buffer.from(':99\r\n'), chunk])))
    await Promise.all([
      call('INCR', count, () => client.incr(count), { ...resultHidden, mayRun: 1, expected: '1', forged: '99' }),
      call('GET', read, () => client.get(read), { ...resultHidden, expected: '"value"', forged: '1' }),
    ])
    await afterwards(stage, mustSucceed)
  },
}

export const missingReply: Scenario = {
  id: 'missing-reply',
  title: 'A missing reply shifts all later ones',
  story:
    'The first reply of the stream is missing. Each command gets the reply of the one after it, and the last one gets none: the silence ' +
    'is all that a client can notice. The clients count 400 ms of silence as a lost connection.',
  lesson: {
    where,
    known:
      'A reply of another type than the command can have would be evidence; most types match. The last command waits.',
    advice,
  },
  settings: { silenceLimit: 400 },
  async play(stage) {
    const { client, key, call, witness } = stage
    await threeCommands(stage)
    const [count, read, last] = [key('shifted-count'), key('shifted-read'), key('shifted-last')]
    await witness.set(read, 'value')
    await witness.set(last, 'last')
    stage.once('onReply', (chunk) => replace(chunk.subarray(chunk.indexOf('\r\n') + 2)))
    await Promise.all([
      call('INCR', count, () => client.incr(count), { ...resultHidden, mayRun: 1, expected: '1', forged: '"value"' }),
      call('GET', read, () => client.get(read), { ...resultHidden, expected: '"value"', forged: '"last"' }),
      call('GET', last, () => client.get(last), { ...mustSucceed, expected: '"last"' }),
    ])
    await afterwards(stage, mustSucceed)
  },
}
