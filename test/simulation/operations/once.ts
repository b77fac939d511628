import { expectReply, type Maker } from './operation.js'
import { judgeTransactionError } from './transactions.js'

/** Calls that run once: whatever is sent again, the effect is that of one run, and so is the reply. */
export const onceMakers: readonly Maker[] = [
  (mark) => ({
    kind: 'INCR once',
    title: `once: INCR c:${mark}`,
    retryClass: 'idempotent',
    runsOnce: true,
    call: ({ view }) => view.with({ once: true }).incr(`c:${mark}`),
    judge: expectReply(1),
  }),
  (mark) => ({
    kind: 'RPUSH once, with an id',
    title: `once: RPUSH l:${mark}`,
    retryClass: 'idempotent',
    runsOnce: true,
    call: ({ view }) => view.with({ once: 'id' }).rpush(`l:${mark}`, 'element'),
    judge: expectReply(1),
  }),
  (mark) => ({
    kind: 'MULTI once',
    title: `once: MULTI RPUSH l:${mark} INCR c:${mark} EXEC`,
    retryClass: 'idempotent',
    runsOnce: true,
    call: ({ view }) => view.with({ once: true }).multi().rpush(`l:${mark}`, 'element').incr(`c:${mark}`).exec(),
    judge: expectReply([1, 1]),
    judgeError: judgeTransactionError(2),
  }),
]
