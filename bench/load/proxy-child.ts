// Run by main.ts on the core of the server: proxy-child.ts PORT
// Passes bytes to the server on that port and back. It delays the replies by so many milliseconds, or drops them.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { serve } from '../channel.js'

/** Calls: to delay replies by so many milliseconds (null: replies are dropped), or to end. */
export type ProxyCall = { readonly kind: 'delay'; readonly ms: number | null } | { readonly kind: 'close' }

const [port = ''] = process.argv.slice(2)
let delay: number | null = 0

const server = createServer((near) => {
  const far = connect({ port: Number(port), host: '127.0.0.1' })
  for (const socket of [near, far]) {
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => {
      near.destroy()
      far.destroy()
    })
  }
  near.on('data', (chunk) => far.write(chunk))
  far.on('data', (chunk) => {
    if (delay === null) return
    if (delay === 0) near.write(chunk)
    // Timers with the same delay fire in the order in which they were set.
    else setTimeout(() => near.write(chunk), delay)
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
serve({ port: (server.address() as AddressInfo).port }, async (call: ProxyCall) => {
  if (call.kind === 'delay') {
    delay = call.ms
    return
  }
  process.disconnect()
})
