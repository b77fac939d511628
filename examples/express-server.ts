import type { Server } from 'node:http'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { AbortError, type Client, RespiteError } from 'respite'

/** Aborted when the HTTP client disconnects before the response is sent. */
function signalOf(response: Response): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort()
  })
  return controller.signal
}

export function createApp(client: Client): Express {
  const app = express()
  app.get('/pages/:id', async (request, response) => {
    const text = await client.with({ signal: signalOf(response), timeout: 500 }).get(`page:${request.params.id}`)
    if (text === null) response.sendStatus(404)
    else response.send(text)
  })
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (error instanceof AbortError || response.headersSent) return
    if (error instanceof RespiteError) response.status(503).json({ error: error.code, fate: error.fate })
    else next(error)
  })
  return app
}

/** Stops listening, waits for the requests that are being served, then for the commands. */
export async function stop(server: Server, client: Client): Promise<void> {
  await new Promise((resolve) => server.close(resolve))
  await client.close({ timeout: 2_000 })
}
