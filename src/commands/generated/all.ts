// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { CallContext } from '../types/replies.js'
import type { ArrayCommands } from './array.js'
import type { BitmapCommands } from './bitmap.js'
import type { BloomFilterCommands } from './bloom-filter.js'
import type { ClusterCommands } from './cluster.js'
import type { ConnectionCommands } from './connection.js'
import type { CountMinSketchCommands } from './count-min-sketch.js'
import type { CuckooFilterCommands } from './cuckoo-filter.js'
import type { GenericCommands } from './generic.js'
import type { GeoCommands } from './geo.js'
import type { HashCommands } from './hash.js'
import type { HyperloglogCommands } from './hyperloglog.js'
import type { JsonCommands } from './json.js'
import type { ListCommands } from './list.js'
import type { PubsubCommands } from './pubsub.js'
import type { ScriptingCommands } from './scripting.js'
import type { SearchCommands } from './search.js'
import type { ServerCommands } from './server.js'
import type { SetCommands } from './set.js'
import type { SortedSetCommands } from './sorted-set.js'
import type { StreamCommands } from './stream.js'
import type { StringCommands } from './string.js'
import type { TDigestCommands } from './t-digest.js'
import type { TimeSeriesCommands } from './time-series.js'
import type { TopKCommands } from './top-k.js'
import type { VectorSetCommands } from './vector-set.js'

/** A method for each command that any connection may send. */
export interface TypedCommands<C extends CallContext>
  extends ArrayCommands<C>,
    BitmapCommands<C>,
    BloomFilterCommands<C>,
    ClusterCommands<C>,
    ConnectionCommands<C>,
    CountMinSketchCommands<C>,
    CuckooFilterCommands<C>,
    GenericCommands<C>,
    GeoCommands<C>,
    HashCommands<C>,
    HyperloglogCommands<C>,
    JsonCommands<C>,
    ListCommands<C>,
    PubsubCommands<C>,
    ScriptingCommands<C>,
    SearchCommands<C>,
    ServerCommands<C>,
    SetCommands<C>,
    SortedSetCommands<C>,
    StreamCommands<C>,
    StringCommands<C>,
    TDigestCommands<C>,
    TimeSeriesCommands<C>,
    TopKCommands<C>,
    VectorSetCommands<C> {}
