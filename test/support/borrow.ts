import { redirectOf } from '../../src/cluster/redirects.js'
import type { DedicatedConnection } from '../../src/connection/leased/dedicated-connection.js'
import { Pool } from '../../src/connection/leased/pool.js'
import type { BlockingRequest, Unblock } from '../../src/connection/leased/unblock.js'
import type { Refusal, Rejection } from '../../src/connection/request/request.js'
import type { ClientOptions } from '../../src/index.js'
import type { Encoder } from '../../src/protocol/encoder.js'
import type { ErrorReply } from '../../src/protocol/types.js'
import { connectorSettings } from './connector-settings.js'
import type { FakeIdentity, FakePeer } from './fake-network.js'
import { TestRequest } from './test-request.js'

/** One that is sent, and answered at once. */
export class SentRequest extends TestRequest {
  override encode(encoder?: Encoder): void {
    encoder?.append(['ECHO', '1'])
  }
}

/** One that waits at the server. `BUSY` refuses it for now. */
export class WaitingRequest extends SentRequest implements BlockingRequest {
  giveUp: Rejection | null = null
  waited = 0
  /** Whether its retry policy allows a replay. */
  isReplayable = true

  override get serverWait(): number {
    return Infinity
  }

  override mayReplay(): boolean {
    return this.isReplayable
  }

  override refusedForNow(reply: ErrorReply): Refusal | undefined {
    if (reply.message.startsWith('BUSY')) return { retry: 'later', mayHaveRun: false }
    const redirect = redirectOf(reply.message)
    return redirect && { retry: 'now', redirect, mayHaveRun: false }
  }
}

/** A pool on a fake network. CLIENT UNBLOCK is answered when the test says so. */
export function fakePool(options: ClientOptions = {}) {
  const { network, clock, settings } = connectorSettings(options)
  const answers: ((wasBlocked: boolean) => void)[] = []
  const unblock: Unblock = () => new Promise((resolve) => answers.push(resolve))
  const observer = {
    onError: () => {},
    onReady: () => {},
    onIdleLost: () => {},
    onGone: () => {},
    onAllReturned: () => {},
  }
  const pool = new Pool(settings, observer, unblock)
  return { network, clock, pool, answers, options: settings.options }
}

/** The server accepts the connection, and tells its number in the reply to HELLO. */
export async function accept(peer: FakePeer, identity: FakeIdentity = {}): Promise<void> {
  await peer.welcomes({ id: 7, ...identity })
}

/** Borrows a connection of a fake pool. @param identity what the server says of the connection, besides its number */
export async function borrow(identity?: FakeIdentity) {
  const fake = fakePool()
  const connection = await new Promise<DedicatedConnection>((onLease, onRefused) => {
    fake.pool.lease({ onLease, onRefused })
    void accept(fake.network.peer, identity)
  })
  return { ...fake, connection }
}
