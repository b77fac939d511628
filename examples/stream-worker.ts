import { type Client, ReplyError, RespiteError, type StreamEntry } from 'respite'

type Fields = NonNullable<StreamEntry<string>['fields']>

/**
 * Works off a stream, as a consumer of a group. An entry is acknowledged after it was performed, so that none is lost if a worker crashes
 * or its connection is cut. It may be performed twice then: `perform` must allow that.
 *
 * @param options.claimAfter milliseconds after which entries are taken over that another consumer has not acknowledged; default 60,000
 */
export async function consume(
  client: Client,
  options: {
    readonly stream: string
    readonly group: string
    readonly consumer: string
    readonly signal: AbortSignal
    readonly claimAfter?: number
  },
  perform: (fields: Fields, id: string) => Promise<void>,
): Promise<void> {
  const { stream, group, consumer, signal, claimAfter = 60_000 } = options
  const waiting = client.with({ signal })
  await createGroup(client, stream, group)
  // At first what this consumer was given before, and has not acknowledged. Then new entries: '>'.
  let from = '0'

  async function take(): Promise<readonly StreamEntry<string>[]> {
    if (from === '>') {
      const [, left] = await client.xautoclaim(stream, group, consumer, claimAfter, '0', 'COUNT', 10)
      if (left.length > 0) return left
    }
    const reply = await waiting.xreadgroup(
      'GROUP',
      group,
      consumer,
      'COUNT',
      10,
      'BLOCK',
      5_000,
      'STREAMS',
      stream,
      from,
    )
    return reply?.[stream] ?? []
  }

  while (!signal.aborted) {
    let entries: readonly StreamEntry<string>[]
    try {
      entries = await take()
    } catch (error) {
      // What was given to this consumer meanwhile stays pending, and is its first work when it starts again.
      if (signal.aborted) return
      if (!(error instanceof RespiteError) || error.fate === 'refused') throw error
      // Entries may have been given to it in a reply that is lost: look when that is over.
      await error.fenced
      from = '0'
      continue
    }
    if (entries.length === 0) from = '>'
    for (const { id, fields } of entries) {
      // Null: it was deleted from the stream.
      if (fields !== null) await perform(fields, id)
      await client.with({ retry: 'convergent' }).xack(stream, group, id)
      if (from !== '>') from = id
    }
  }
}

/** Creates the group, unless there is one. It begins with the first entry of the stream. */
async function createGroup(client: Client, stream: string, group: string): Promise<void> {
  try {
    // If it is sent twice, because the first reply was lost, the second reply is BUSYGROUP.
    await client.with({ retry: 'always' }).xgroupCreate(stream, group, '0', 'MKSTREAM')
  } catch (error) {
    if (!(error instanceof ReplyError && error.prefix === 'BUSYGROUP')) throw error
  }
}
