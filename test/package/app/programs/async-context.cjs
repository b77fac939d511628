// Run by package.test.ts: async-context.cjs URL
// The client keeps nothing of the AsyncLocalStorage store in which its first command is called.

const assert = require('node:assert/strict')
const { AsyncLocalStorage } = require('node:async_hooks')
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')
const { createClient } = require('respite')

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')
const storage = new AsyncLocalStorage()

async function main(url) {
  const client = createClient(url)
  const admin = createClient(url)
  const seen = []
  client.on('status', () => seen.push(storage.getStore()))
  client.on('error', () => seen.push(storage.getStore()))
  let ended
  const collected = new Promise((resolve) => {
    ended = new FinalizationRegistry(resolve)
  })
  await (async () => {
    const store = { request: 'first' }
    ended.register(store, 'collected')
    await storage.run(store, async () => {
      assert.equal(await client.get('k'), null)
      // The caller's own code goes on in its own store.
      assert.equal(storage.getStore(), store)
    })
  })()
  const id = await client.call('CLIENT', 'ID')
  await admin.call('CLIENT', 'KILL', 'ID', id)
  await client.get('k')
  const timer = setInterval(collectGarbage, 10)
  console.log(
    JSON.stringify({ store: await collected, seenByListeners: seen.filter((store) => store !== undefined).length }),
  )
  clearInterval(timer)
  await Promise.all([client.close(), admin.close()])
}

main(process.argv[2])
