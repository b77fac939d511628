import { afterAll, beforeAll, describe } from 'vitest'
import { nameOf, sampleOfPrograms, startServer, type TestServer } from '../support/server.js'
import { specifyMainJob } from './specification.js'

const url = process.env.RESPITE_TEST_URL

if (url !== undefined) {
  describe('on the server of RESPITE_TEST_URL', () => specifyMainJob(() => url))
}

describe.each(sampleOfPrograms().map((program) => ({ name: nameOf(program), program })))('on $name', ({ program }) => {
  let server: TestServer

  beforeAll(async () => {
    server = await startServer(program)
  })

  afterAll(() => server.stop())

  specifyMainJob(() => server.url)
})
