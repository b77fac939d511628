import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers'
import { afterAll, beforeAll, describe } from 'vitest'
import { specifyMainJob } from '../real/specification.js'

describe.each(['redis:8', 'valkey/valkey:9'])('in a container of %s', (image) => {
  let container: StartedTestContainer

  beforeAll(async () => {
    container = await new GenericContainer(image)
      .withExposedPorts(6379)
      .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/i))
      .start()
  })

  afterAll(() => container.stop())

  specifyMainJob(() => `redis://${container.getHost()}:${container.getMappedPort(6379)}`)
})
