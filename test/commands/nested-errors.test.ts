import { expect, it } from 'vitest'
import { reviveErrors } from '../../src/commands/nested-errors.js'
import { ErrorReply } from '../../src/protocol/types.js'

it('an error inside a reply keeps neither the arguments that it quotes nor a wrong number of attempts', () => {
  const about = { detailsOf: () => ({ fate: 'refused', attempts: 2 }) as const }
  const reply = [1, [new ErrorReply("ERR bad 'secret'")], { a: new ErrorReply('ERR none') }]
  expect(reviveErrors(reply, 'EVAL', ['EVAL', 'source', 0, 'secret'], about)).toMatchObject([
    1,
    [{ name: 'ReplyError', command: 'EVAL', message: "ERR bad '...'", attempts: 2 }],
    { a: { message: 'ERR none' } },
  ])
})
