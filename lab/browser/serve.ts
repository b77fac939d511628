import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { renderPlayPage } from './page.js'

/** A page that is served. */
export interface Served {
  readonly url: string
  /** The same page as a file, which can be mailed or hosted. */
  readonly file: string
  readonly server: Server
}

/** Writes the page, and serves it on a free port of 127.0.0.1. */
export async function servePlayPage(folder: string): Promise<Served> {
  const page = await renderPlayPage()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'play.html')
  writeFileSync(file, page)
  const server = createServer((request, response) => {
    const isPage = request.url === '/' && (request.method === 'GET' || request.method === 'HEAD')
    response.writeHead(isPage ? 200 : 404, { 'Content-Type': isPage ? 'text/html; charset=utf-8' : 'text/plain' })
    response.end(isPage ? page : 'Not found\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return { url: `http://127.0.0.1:${address.port}/`, file, server }
}
