// Run by package.test.ts on each runtime: require.cjs URL
// Loads every entry point by `require`, and prints which build that gave.

const assert = require('node:assert/strict')
const { createClient, ReplyError, RespiteError } = require('respite')
const core = require('respite/core')
const { Decoder, Encoder } = require('respite/protocol')

async function main() {
  assert.equal(core.ReplyError, ReplyError)
  assert.equal(typeof Decoder, 'function')
  assert.equal(typeof Encoder, 'function')
  const client = createClient(process.argv[2])
  assert.equal(await client.set('required', 'yes'), 'OK')
  await assert.rejects(
    client.lpush('required', 'x'),
    (error) => error instanceof ReplyError && error.prefix === 'WRONGTYPE',
  )
  await client.close()
  const small = core.createClient(process.argv[2])
  assert.equal(await small.call('GET', 'required'), 'yes')
  await small.close()

  // The other build, as a program may have it through a dependency: its errors are recognised.
  const imported = await import('respite')
  const other = imported.createClient({ host: '127.0.0.1', port: 1, connectDeadline: 100 })
  await assert.rejects(other.get('k'), (error) => error instanceof RespiteError && error.fate === 'not-executed')
  await other.close()
  console.log(JSON.stringify({ oneCopy: imported.createClient === createClient }))
}

main()
