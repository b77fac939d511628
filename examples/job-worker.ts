import { AbortError, type Client, RespiteError } from 'respite'

/**
 * Takes jobs from a list, one at a time, and loses none: a job stays in a list of this worker until it is done. What a worker left when it
 * crashed is put back by `recover`.
 */
export async function work(
  client: Client,
  { queue, worker, signal }: { readonly queue: string; readonly worker: string; readonly signal: AbortSignal },
  perform: (job: string) => Promise<void>,
): Promise<void> {
  const own = `${queue}:${worker}`
  await recover(client, queue, worker)
  while (!signal.aborted) {
    let job: string | null
    try {
      job = await client.with({ signal }).blmove(queue, own, 'RIGHT', 'LEFT', 5)
    } catch (error) {
      if (error instanceof AbortError && error.fate === 'not-executed') return
      // Refused, such as WRONGTYPE or NOPERM: it would be refused each time.
      if (!(error instanceof RespiteError) || error.fate === 'refused') throw error
      // It may have moved a job to this worker's list, or may still do: look when that is over.
      await error.fenced
      await recover(client, queue, worker)
      continue
    }
    if (job === null) continue
    await perform(job)
    await client.with({ retry: 'convergent' }).lrem(own, 1, job)
  }
}

/** Puts back what a worker has taken and not done. */
export async function recover(client: Client, queue: string, worker: string): Promise<void> {
  while ((await client.lmove(`${queue}:${worker}`, queue, 'LEFT', 'RIGHT')) !== null);
}
