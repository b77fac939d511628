import { aggregateWorkloads } from './aggregates.js'
import { batchWorkloads } from './batches.js'
import { sweepWorkloads } from './custom.js'
import { limitWorkloads } from './limits.js'
import { pubSubWorkloads } from './pubsub.js'
import { smallWorkloads } from './small.js'
import { valueWorkloads } from './values.js'
import type { Workload } from './workload.js'

/** In the order of the report. */
export const workloads: readonly Workload[] = [
  ...smallWorkloads,
  ...batchWorkloads,
  ...aggregateWorkloads,
  ...valueWorkloads,
  ...sweepWorkloads,
  ...limitWorkloads,
  ...pubSubWorkloads,
]
