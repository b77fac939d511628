import { anyFixed, fixedValues } from './data.js'
import { countsExecutions, expectReply, type Maker } from './operation.js'
import { judgeTransactionError } from './transactions.js'

/** Commands of the shared connection, of every retry class. */
export const commandMakers: readonly Maker[] = [
  (mark) => ({
    kind: 'ECHO',
    title: `ECHO ${mark}`,
    retryClass: 'read',
    call: ({ view }) => view.echo(mark),
    judge: expectReply(mark),
  }),
  (mark, chance, largest) => {
    const index = anyFixed(chance, largest)
    return {
      kind: 'MGET',
      title: `MGET absent:${mark} fixed:${index}`,
      retryClass: 'read',
      call: ({ view }) => view.mget(`absent:${mark}`, `fixed:${index}`),
      judge: expectReply([null, fixedValues[index]]),
    }
  },
  (mark, chance, largest) => {
    const size = chance.skewed(0, chance.happens(0.05) ? largest : Math.min(largest, 20_000))
    return {
      kind: 'SET of a string',
      title: `SET s:${mark} (${size} bytes)`,
      retryClass: 'idempotent',
      call: ({ view }) => view.set(`s:${mark}`, 'v'.repeat(size)),
      judge: expectReply('OK'),
      judgeRun: ([, , value]) => (value?.equals(Buffer.alloc(size, 'v')) ? undefined : 'stored what nobody wrote'),
    }
  },
  (mark) => ({
    kind: 'SADD',
    title: `SADD set:${mark}`,
    retryClass: 'convergent',
    call: ({ view }) => view.sadd(`set:${mark}`, 'member'),
    judge: (reply, executions) =>
      reply === 1 || (reply === 0 && executions > 1) ? undefined : `got ${reply} after ${executions} executions`,
  }),
  (mark) => ({
    kind: 'INCR',
    title: `INCR c:${mark}`,
    retryClass: 'unsafe',
    call: ({ view }) => view.incr(`c:${mark}`),
    judge: countsExecutions,
  }),
  (mark) => ({
    kind: 'RPUSH',
    title: `RPUSH l:${mark}`,
    retryClass: 'unsafe',
    call: ({ view }) => view.rpush(`l:${mark}`, 'element'),
    judge: countsExecutions,
  }),
  (mark) => ({
    kind: 'SET NX',
    title: `SET s:${mark} NX`,
    retryClass: 'unsafe',
    call: ({ view }) => view.set(`s:${mark}`, 'v', 'NX'),
    judge: (reply, executions) =>
      reply === 'OK' || (reply === null && executions > 1) ? undefined : `got ${reply} after ${executions} executions`,
  }),
  (mark) => ({
    kind: 'MULTI',
    title: `MULTI RPUSH l:${mark} ECHO ${mark} INCR c:${mark} EXEC`,
    retryClass: 'unsafe',
    call: ({ view }) => view.multi().rpush(`l:${mark}`, 'element').echo(mark).incr(`c:${mark}`).exec(),
    judge: (reply, executions) => {
      const [pushed, echoed, counted] = reply as [number, string, number]
      const wrong = countsExecutions(counted, executions)
      if (wrong !== undefined) return wrong
      return echoed === mark && pushed === counted ? undefined : `got ${JSON.stringify(reply)}`
    },
    judgeError: judgeTransactionError(3),
  }),
  (mark, chance, largest) => {
    const index = anyFixed(chance, largest)
    return {
      kind: 'MULTI',
      title: `MULTI ECHO ${mark} GET fixed:${index} EXEC`,
      retryClass: 'read',
      call: ({ view }) => view.multi().echo(mark).get(`fixed:${index}`).exec(),
      judge: expectReply([mark, fixedValues[index]]),
      judgeError: judgeTransactionError(2),
    }
  },
]

/** A command that the server answers with an error, having done nothing. */
export const failing: Maker = (mark) => ({
  kind: 'LPUSH of the wrong type',
  title: `LPUSH fixed:1 ${mark} (WRONGTYPE)`,
  retryClass: 'unsafe',
  call: ({ view }) => view.lpush('fixed:1', mark),
  judge: () => 'expected an error reply',
})
