import { type Client, RespiteError } from 'respite'

/** What a health endpoint returns. */
export interface Health {
  readonly isHealthy: boolean
  readonly status: string
  /** Milliseconds. */
  readonly latency?: number
  readonly reason?: string
}

/** Whether the server answers within a time limit. It never throws. */
export async function health(client: Client, timeout = 500): Promise<Health> {
  const begin = performance.now()
  try {
    await client.with({ timeout, retry: 'never' }).ping()
    return { isHealthy: true, status: client.status, latency: performance.now() - begin }
  } catch (error) {
    if (!(error instanceof RespiteError)) throw error
    return { isHealthy: false, status: client.status, reason: error.message }
  }
}
