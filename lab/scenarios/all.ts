import { blockingRead } from './blocking-read.js'
import { brokenPipe } from './broken-pipe.js'
import { cancelledRequest } from './cancelled-request.js'
import { deposedMaster } from './deposed-master.js'
import { faultScenarios } from './faults.js'
import { firstConnect } from './first-connect.js'
import { lateDelivery, unknownResolved } from './late-delivery.js'
import { lostSubscriber } from './lost-subscriber.js'
import { onceMeansOnce } from './once.js'
import type { Scenario } from './scenario.js'

/** All scenarios, the five incidents first. */
export const scenarios: readonly Scenario[] = [
  cancelledRequest,
  brokenPipe,
  lostSubscriber,
  blockingRead,
  firstConnect,
  ...faultScenarios,
  onceMeansOnce,
  deposedMaster,
  lateDelivery,
  unknownResolved,
]
