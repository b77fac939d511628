import type { Request } from '../connection/request/request.js'
import type { Router } from '../connection/shared/router.js'
import { messageOf } from '../errors.js'
import type { Redirect } from '../options/options.js'
import type { ClusterOptions } from './cluster-options.js'
import { Node, type NodeDependencies, type NodeObserver } from './node.js'
import { type Address, isSame, type NodeView, type View } from './view.js'

/** The known nodes of a cluster, by their ids, and nodes of which only the address is known. */
export class Nodes {
  readonly #byId = new Map<string, Node>()
  /** The ids of nodes that views have added, until the cluster reports them. */
  readonly added = new Set<string>()
  readonly #seeds: readonly Address[]
  readonly #dependencies: NodeDependencies
  readonly #mapAddress: ClusterOptions['mapAddress']
  readonly #router: (node: Node) => Router
  readonly #observer: NodeObserver

  constructor(
    seeds: readonly Address[],
    mapAddress: ClusterOptions['mapAddress'],
    dependencies: NodeDependencies,
    router: (node: Node) => Router,
    observer: NodeObserver,
  ) {
    this.#seeds = seeds
    this.#mapAddress = mapAddress
    this.#dependencies = dependencies
    this.#router = router
    this.#observer = observer
  }

  [Symbol.iterator](): Iterator<Node> {
    return [...this.#byId.values()].values()
  }

  /** Returns the nodes at the addresses that the caller has passed. */
  seeds(): Node[] {
    return this.#seeds.map((seed) => this.#seedAt(seed))
  }

  byId(id: string): Node | undefined {
    return this.#byId.get(id)
  }

  /** Returns the node at an address that a server has named. */
  at(announced: Address): Node {
    const id = textOf(announced)
    return (
      [...this].find((node) => isSame(node.announced, announced)) ??
      this.#add(id, announced, this.#mapped(announced, id))
    )
  }

  /** Returns a master that is ready, or any master if none is ready. */
  bestMaster(): Node | undefined {
    const masters = [...this].filter((node) => node.role === 'master')
    return (
      masters.find(({ isUsable }) => isUsable) ?? masters.find((node) => node.confirmedFrom === undefined) ?? masters[0]
    )
  }

  /** Returns the node at the address of a redirection. An empty host means the host of the node that redirects. */
  targetOf(node: Node, { host, port }: Redirect): Node {
    return this.at({ host: host || node.announced.host, port })
  }

  /**
   * Updates the nodes from a view.
   * @returns nodes that two consecutive views did not contain
   */
  update(view: View): readonly Node[] {
    for (const node of this) node.missed += 1
    for (const master of view.masters) {
      for (const each of [master, ...master.replicas]) {
        const node = this.#take(each)
        if (node === undefined) continue
        node.role = each === master ? 'master' : 'replica'
        node.masterId = each === master ? undefined : master.id
        node.missed = 0
      }
    }
    const missing = [...this].filter(({ missed }) => missed > 0)
    for (const node of missing) node.role = 'unknown'
    return missing.filter(({ missed }) => missed > 1)
  }

  /**
   * Iterates over the requests of all shared connections that have no reply yet: sent requests with a pending reply, and
   * requests that wait to be sent.
   * @param isSuch which requests are returned
   */
  *unanswered(isSuch: (request: Request) => boolean): Generator<Request> {
    for (const { shared } of this) {
      for (const request of shared.connection?.owed() ?? [])
        if (request.state === 'sent' && isSuch(request)) yield request
      for (const request of shared.backlog) if (isSuch(request)) yield request
    }
  }

  /** Returns a function that says whether requests of a slot have no reply yet. It looks at them once, at its first call. */
  openSlots(slotOf: (request: Request) => number | undefined): (slot: number) => boolean {
    let open: Set<number | undefined> | undefined
    return (slot) => {
      open ??= new Set([...this.unanswered(() => true)].map(slotOf))
      return open.has(slot)
    }
  }

  delete(node: Node): void {
    this.#byId.delete(node.id)
    this.added.delete(node.id)
  }

  #take({ id, address }: NodeView): Node | undefined {
    const known = this.#byId.get(id)
    if (known !== undefined) {
      if (address !== undefined && !isSame(known.announced, address)) {
        known.announced = address
        known.address = this.#mapped(address, id)
      }
      return known
    }
    if (address === undefined) return undefined
    const mapped = this.#mapped(address, id)
    const isUnnamed = (node: Node): boolean =>
      node.id === textOf(node.announced) && (isSame(node.announced, address) || isSame(node.address, mapped))
    // A seed, or a node that a redirection has named, gets its id.
    const node = [...this].find(isUnnamed) ?? this.#add(id, address, mapped)
    this.#byId.delete(node.id)
    node.id = id
    node.announced = address
    this.#byId.set(id, node)
    this.added.add(id)
    return node
  }

  #seedAt(seed: Address): Node {
    // The caller's own addresses are not mapped.
    return [...this].find((node) => isSame(node.address, seed)) ?? this.#add(textOf(seed), seed, seed)
  }

  #add(id: string, announced: Address, address: Address): Node {
    const node = new Node(id, { announced, address }, this.#dependencies, this.#router, this.#observer)
    this.#byId.set(id, node)
    return node
  }

  #mapped(address: Address, id: string): Address {
    try {
      const mapped = this.#mapAddress?.({ ...address, id })
      return { host: mapped?.host ?? address.host, port: mapped?.port ?? address.port }
    } catch (cause) {
      this.#observer.report(new Error(`mapAddress: ${messageOf(cause)}`, { cause }))
      return address
    }
  }
}

export const textOf = ({ host, port }: Address): string => `${host}:${port}`
