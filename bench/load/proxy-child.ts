// Run by main.ts on the core of the server: proxy-child.ts PORT
// Passes bytes to the server of that port and back, the replies later by so many milliseconds, or not at all.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { serve } from '../channel.js'

/** What the proxy is asked to do: delay replies, in milliseconds (Infinity as null: JSON has no word for it), or end. */
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
    // Timers of the same delay fire in their order.
    else setTimeout(() => near.write(chunk), delay)
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
// Who asked is gone.
process.once('disconnect', () => process.exit())
serve({ port: (server.address() as AddressInfo).port }, async (call: ProxyCall) => {
  if (call.kind === 'delay') {
    delay = call.ms
    return
  }
  process.disconnect()
})
