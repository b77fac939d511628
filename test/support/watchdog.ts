import { Worker } from 'node:worker_threads'
import { beforeEach, expect } from 'vitest'

/**
 * Ends the process of a file of tests when it has run no timer for so long: vitest's own time limits are timers, so a
 * loop without end would hold up the whole run, and nobody would learn which test it is.
 */
const limitMs = Number(process.env.RESPITE_WATCHDOG_MS ?? 300_000)

const watch = `
  const { writeSync } = require('node:fs')
  const { parentPort } = require('node:worker_threads')
  let test = 'no test yet'
  let heardAt = Date.now()
  parentPort.on('message', (message) => {
    if (message !== null) test = message
    heardAt = Date.now()
  })
  setInterval(() => {
    if (Date.now() - heardAt < ${limitMs}) return
    writeSync(2, \`No timer has run for ${limitMs / 1000} s, in: \${test}\\n\`)
    process.kill(process.pid, 'SIGKILL')
  }, ${limitMs / 20})
`

const watchdog = new Worker(watch, { eval: true })
watchdog.unref()
setInterval(() => watchdog.postMessage(null), limitMs / 20).unref()

beforeEach(() => {
  const { testPath, currentTestName } = expect.getState()
  watchdog.postMessage(`${testPath}: ${currentTestName}`)
})
