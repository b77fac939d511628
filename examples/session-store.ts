import { RedisStore } from 'connect-redis'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import session from 'express-session'
import { type Client, RespiteError, type ScopedClient } from 'respite'

declare module 'express-session' {
  interface SessionData {
    views: number
  }
}

/**
 * What connect-redis calls of its client: the commands of node-redis that it needs. Use the `prefix` of RedisStore, and not
 * `keyPrefix`, because a scan returns whole names.
 */
export function storeClient(client: ScopedClient) {
  return {
    get: (key: string) => client.get(key),
    set: (key: string, value: string, options?: { expiration: { type: 'EX'; value: number } }) =>
      options === undefined ? client.set(key, value) : client.set(key, value, 'EX', options.expiration.value),
    expire: (key: string, seconds: number) => client.expire(key, seconds),
    del: (keys: string[]) => client.del(keys),
    mGet: (keys: string[]) => client.mget(keys),
    async *scanIterator({ MATCH: match, COUNT: count }: { MATCH: string; COUNT: number }) {
      for await (const key of client.scanIterator({ match, count })) yield [key]
    },
  }
}

/**
 * Counts the views of each session. If the session can't be read in time, the answer is 503: the user is not logged out, as with an
 * empty session.
 */
export function createApp(client: Client, secret: string): Express {
  const app = express()
  const store = new RedisStore({ client: storeClient(client.with({ timeout: 500 })), prefix: 'session:' })
  app.use(session({ store, secret, resave: false, saveUninitialized: false, cookie: { maxAge: 600_000 } }))
  app.get('/views', (request, response) => {
    request.session.views = (request.session.views ?? 0) + 1
    response.json({ views: request.session.views })
  })
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (error instanceof RespiteError && !response.headersSent) {
      response.status(503).json({ error: error.code, fate: error.fate })
    } else next(error)
  })
  return app
}
