import { once } from 'node:events'
import { Cluster as IoRedisCluster } from 'ioredis'
import { createCluster as createNodeRedisCluster } from 'redis'
import { createCluster } from '../../dist/cluster.js'
import { createClient } from '../../dist/index.js'

/** What every client can do in a cluster, each thing in the way that its manual shows. */
export interface ClusterBenchClient {
  get(key: string): Promise<unknown>
  set(key: string, value: string): Promise<unknown>
  /** A SET of each key, by what the client has for pipelines; undefined where that is to call the commands in one tick. */
  pipeline?(keys: readonly string[], value: string): Promise<unknown>
  close(): Promise<unknown>
}

/** How clients are connected to the nodes with these ports, with their default options. */
export const connectors: Readonly<Record<string, (ports: readonly number[]) => Promise<ClusterBenchClient>>> = {
  /** For the only node of a cluster. */
  createClient: async ([port = 0]) => {
    const client = createClient({ host, port })
    await client.connect()
    return client
  },
  respite: async (ports) => {
    const cluster = createCluster(ports.map((port) => ({ host, port })))
    await cluster.connect()
    return cluster
  },
  ioredis: async (ports) => {
    const cluster = new IoRedisCluster(ports.map((port) => ({ host, port })))
    // Without a listener, it prints errors.
    cluster.on('error', () => {})
    await once(cluster, 'ready')
    return {
      get: (key) => cluster.get(key),
      set: (key, value) => cluster.set(key, value),
      pipeline: (keys, value) => {
        const pipeline = cluster.pipeline()
        for (const key of keys) pipeline.set(key, value)
        return pipeline.exec()
      },
      close: () => cluster.quit(),
    }
  },
  'node-redis': async (ports) => {
    const cluster = createNodeRedisCluster({ rootNodes: ports.map((port) => ({ socket: { host, port } })) })
    // Without a listener, the loss of a connection ends the process.
    cluster.on('error', () => {})
    await cluster.connect()
    return {
      get: (key) => cluster.get(key),
      set: (key, value) => cluster.set(key, value),
      pipeline: (keys, value) => {
        const pipeline = cluster.multi()
        for (const key of keys) pipeline.set(key, value)
        return pipeline.execAsPipeline()
      },
      close: () => cluster.close(),
    }
  },
}

const host = '127.0.0.1'
