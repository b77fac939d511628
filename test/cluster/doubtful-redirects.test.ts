import { expect, it } from 'vitest'
import { DoubtfulRedirects } from '../../src/cluster/doubtful-redirects.js'
import type { Node } from '../../src/cluster/node.js'
import type { OwnSlot } from '../../src/cluster/own-slot.js'
import type { Request } from '../../src/connection/request/request.js'
import { ErrorReply } from '../../src/protocol/types.js'

/** A script was redirected by a node that answers with this when it is asked about the slot. Returns whether that counts. */
async function isTrue(
  to: 'moved' | 'ask',
  wasAsked: boolean,
  answer: OwnSlot | 'nothing',
): Promise<boolean | undefined> {
  const redirects = new DoubtfulRedirects()
  const request = {} as Request
  const askForSlot = (): Promise<OwnSlot> =>
    answer === 'nothing' ? Promise.reject(new Error('no answer')) : Promise.resolve(answer)
  const by = { askForSlot } as unknown as Node
  const redirect = { to, slot: 1, host: '', port: 7_000 }
  await new Promise((resolve) => {
    redirects.examine(request, { by, reply: new ErrorReply('MOVED 1 :7000'), redirect, wasAsked }, resolve)
  })
  return redirects.take(request)?.isTrue
}

it.each([
  ['moved', 'elsewhere', true],
  ['moved', 'leaves', false],
  ['moved', 'stays', false],
  ['moved', 'nothing', false],
  ['ask', 'elsewhere', true],
  ['ask', 'leaves', true],
  ['ask', 'stays', false],
  ['ask', 'nothing', false],
] as const)('%s, and the slot %s: %s', async (to, answer, expected) => {
  expect(await isTrue(to, false, answer)).toBe(expected)
})

it.each([
  ['moved', 'elsewhere', true],
  ['moved', 'leaves', false],
  ['moved', 'stays', false],
  ['ask', 'elsewhere', false],
  ['ask', 'leaves', true],
  ['ask', 'stays', false],
] as const)('after ASKING, %s, and the slot %s: %s', async (to, answer, expected) => {
  expect(await isTrue(to, true, answer)).toBe(expected)
})
