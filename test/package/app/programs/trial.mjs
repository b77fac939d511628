// Run by package.test.ts on each runtime: trial.mjs URL
// Uses the installed package as its users do. Prints the names of the tested features as a line of JSON, and must then end by
// itself: if it does not, the client has left something behind.

import { rejects, deepStrictEqual as same } from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import process from 'node:process'
import { createClient, script } from 'respite'

const url = process.argv[2]

const trials = {
  async 'commands, a pipeline, a transaction, a script'(client) {
    same(await client.set('trial:text', 'grüße'), 'OK')
    same(await client.get('trial:text'), 'grüße')
    await client.set('trial:count', 0)
    const counts = await Promise.all(Array.from({ length: 2_000 }, () => client.incr('trial:count')))
    same(counts.at(-1), 2_000)
    same(await client.multi().incr('trial:count').get('trial:text').exec(), [2_001, 'grüße'])
    same(await client.run(script('return ARGV[1]'), [], ['hi']), 'hi')
    same(await client.hset('trial:hash', { a: 1, b: 2 }), 2)
    same(await client.hgetall('trial:hash'), { a: '1', b: '2' })
  },

  async 'values of 3 MB, as Buffers and as text'(client) {
    const content = Buffer.alloc(3 * 2 ** 20)
    for (let i = 0; i < content.length; i += 1) content[i] = 97 + (i % 23)
    await client.set('trial:large', content)
    same(content.equals(await client.with({ buffers: true }).get('trial:large')), true)
    same(await client.get('trial:large'), content.toString())
  },

  async 'messages, by callback and by iteration'(client) {
    const heard = []
    const all = new Promise((resolve) => {
      const onMessage = ({ message }) => {
        heard.push(message)
        if (heard.length === 3) resolve()
      }
      client.subscribe('trial:news', { onMessage }).ready.then(async () => {
        for (const message of ['one', 'zwö', '']) await client.publish('trial:news', message)
      })
    })
    await all
    same(heard, ['one', 'zwö', ''])
    const iterated = client.psubscribe('trial:*', { buffers: true })
    await iterated.ready
    await client.publish('trial:news', 'last')
    for await (const { channel, message } of iterated) {
      same([channel, message], ['trial:news', Buffer.from('last')])
      break
    }
  },

  async 'a blocking command, and a cancelled one'(client) {
    const popped = client.blpop('trial:list', 5)
    await client.rpush('trial:list', 'x')
    same(await popped, ['trial:list', 'x'])
    const controller = new AbortController()
    const given = client.with({ signal: controller.signal }).blpop('trial:list', 0)
    setTimeout(() => controller.abort(), 20)
    await rejects(given, { name: 'AbortError', fate: 'not-executed' })
  },

  async 'a killed connection: reads continue'(client) {
    const id = await client.call('CLIENT', 'ID')
    const admin = createClient(url)
    same(await admin.call('CLIENT', 'KILL', 'ID', id), 1)
    await admin.close()
    const reads = await Promise.all(Array.from({ length: 100 }, () => client.get('trial:text')))
    same(new Set(reads), new Set(['grüße']))
    same(client.stats().lost, 1)
  },

  async 'a write that the network held: it does not run after a later one'(witness) {
    const path = await startHoldingPath()
    const client = createClient({ host: '127.0.0.1', port: path.port, stallTimeout: 150 })
    await client.set('trial:held', 0)
    const [link] = path.links
    link.held = []
    // Given up, and sent again on another connection.
    same(await client.set('trial:held', 1), 'OK')
    same(await client.set('trial:held', 2), 'OK')
    await link.delivers()
    same(await witness.get('trial:held'), '2')
    // Not sent again: its error says when it can't run any more.
    const second = path.links[1]
    second.held = []
    const error = await client.incr('trial:held').catch((reason) => reason)
    same([error.fate, await error.fenced], ['unknown', true])
    await second.delivers()
    same(await witness.get('trial:held'), '2')
    const { fencesTried, fencesProven } = client.stats()
    same([fencesTried, fencesProven], [2, 2])
    await client.close()
    path.stop()
  },

  async 'a rejected command: its stack, which on V8 shows the async function that awaits it'(client) {
    async function loadUser() {
      await client.incr('trial:text')
    }
    const { stack, message } = await loadUser().catch((error) => error)
    same(stack.includes(message), true)
    same(/\n +at /.test(stack), true)
    if (process.versions.bun === undefined) same(stack.includes('at async loadUser'), true)
  },

  async 'an open client with unref(): it does not keep the process alive'() {
    const left = createClient(url)
    await left.subscribe('trial').ready
    await left.incr('trial:left')
    left.blpop('trial:never', 0)
    left.unref()
  },

  async 'a refused connection: a clear error'() {
    const nobody = createClient({ host: '127.0.0.1', port: 1, connectDeadline: 200 })
    await rejects(nobody.get('k'), { fate: 'not-executed' })
    await nobody.close()
  },
}

/** A path to the server that can hold what a client has sent. */
async function startHoldingPath() {
  const links = []
  const sockets = []
  const listener = createServer({ allowHalfOpen: true }, (near) => {
    const server = connect({ host: '127.0.0.1', port: new URL(url).port })
    const closed = new Promise((resolve) => server.on('close', resolve))
    const delivers = () => {
      if (!server.destroyed) server.write(Buffer.concat(link.held))
      return closed
    }
    const link = { held: undefined, delivers }
    links.push(link)
    sockets.push(near, server)
    near.on('data', (chunk) => (link.held === undefined ? server.write(chunk) : link.held.push(chunk)))
    near.on('close', () => {
      if (link.held === undefined) server.end()
    })
    server.on('data', (chunk) => near.writable && near.write(chunk))
    server.on('close', () => near.end())
    for (const socket of [near, server]) socket.on('error', () => {})
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const stop = () => {
    listener.close()
    for (const socket of sockets) socket.destroy()
  }
  return { port: listener.address().port, links, stop }
}

const client = createClient(url)
await client.flushdb()
for (const trial of Object.values(trials)) await trial(client)
await client.close()
console.log(JSON.stringify(Object.keys(trials)))
