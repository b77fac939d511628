import { type FastifyInstance, fastify } from 'fastify'
import { AbortError, type Client, QueueFullError, TimeoutError } from 'respite'

/** A server that cancels the commands of a request when its HTTP client disconnects, and that stops gracefully. */
export function createServer(client: Client): FastifyInstance {
  const app = fastify()

  // `signal` of a Fastify request is aborted when the HTTP client disconnects.
  app.get<{ Params: { id: string } }>('/pages/:id', async ({ params, signal }) => {
    const redis = client.with({ signal, timeout: 500 })
    const views = await redis.incr(`views:${params.id}`)
    return { views, text: await redis.get(`page:${params.id}`) }
  })
  // Waits for an event, on a connection that nobody else waits for.
  app.get('/next-event', async ({ signal }) => {
    const found = await client.with({ signal }).blpop('events', 30)
    return { event: found?.[1] ?? null }
  })

  app.setErrorHandler((error, _, reply) => {
    // Nobody reads it: the peer has gone.
    if (error instanceof AbortError) return reply.code(499).send()
    if (error instanceof TimeoutError || error instanceof QueueFullError) {
      return reply.code(503).send({ error: error.code, fate: error.fate })
    }
    throw error
  })

  // `app.close()` stops listening and waits for requests; then the client lets its commands finish.
  app.addHook('onClose', () => client.close({ timeout: 2_000 }))
  return app
}
