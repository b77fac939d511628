import { describe, expect, it } from 'vitest'
import { timedOut } from '../../../src/connection/request/rejections.js'
import { ErrorReply } from '../../../src/protocol/types.js'
import { TestRequest } from '../../support/test-request.js'

/** A request that waits after the server refused it, so many times for now. */
function refused(text: string, refusals: number): TestRequest {
  return Object.assign(new TestRequest(), { state: 'queued', refusal: new ErrorReply(text), refusals })
}

const details = { fate: 'not-executed', command: 'GET', attempts: 1 } as const

describe('The error of a request whose time limit has passed', () => {
  it('is what the server said if it refused the request for now', () => {
    const request = refused('LOADING Redis is loading the dataset in memory', 1)
    expect(timedOut(request)(details)).toMatchObject({ name: 'ReplyError', prefix: 'LOADING', fate: 'not-executed' })
  })

  it('is a TimeoutError if the server only asked for another form, or named another node', () => {
    for (const text of ['NOSCRIPT No matching script.', 'MOVED 3999 10.0.0.7:6379']) {
      expect(timedOut(refused(text, 0))(details)).toMatchObject({ name: 'TimeoutError', fate: 'not-executed' })
    }
  })
})
