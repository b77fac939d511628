import type { RespiteError } from '../../../src/errors.js'
import { CallersValue } from './callers-value.js'
import { carriers } from './carriers.js'
import type { Maker } from './operation.js'

/** A value in a caller's buffer, of any size, by any way. */
export const valueMaker: Maker = (mark, chance, largest) => {
  const carrier = chance.pick(carriers)
  const size = chance.skewed(0, chance.happens(0.07) ? largest : Math.min(largest, 20_000))
  const value = new CallersValue(mark, size, chance)
  const { kind } = value.meddling
  return {
    ...carrier,
    kind: `buffer by ${carrier.kind}${kind === 'none' ? '' : `, caller ${kind} it`}`,
    title: `${carrier.kind} ${mark} of a buffer (${size} bytes)${kind === 'none' ? '' : `, which the caller ${kind}`}`,
    call: (context) => carrier.send(context, mark, value.bytes, (call) => value.pass(call, context.clock)),
    judgeError: (error: RespiteError) =>
      error.code === 'USAGE' && !value.mayBeUnsendable
        ? `called unsendable: ${error.message}`
        : carrier.judgeError?.(error),
    judgeRun: (args) => {
      const stored = carrier.valueOf(args)
      return stored === undefined ? undefined : value.judge(stored)
    },
  }
}
