const connection = (...names) => names.map((name) => `src/connection/${name}`)

/** What commands are, and the types of their methods. */
const commands = ['src/commands', 'src/commands/types', 'src/commands/generated']

/** Open to every room above them. */
const base = ['src/errors.ts', 'src/options', 'src/protocol']

/**
 * Who may import whom in src; `npm run lint` enforces it. ARCHITECTURE.md draws the same picture.
 *
 * A room is a folder without its subfolders, each of which is a room too, or a single file. From low to high: a room may import only what its row names, and a row may name
 * only rooms above it in this table, so there can be no circle between rooms. Whatever a row does not name is forbidden,
 * packages included.
 */
const rooms = {
  // Bytes and values: pure.
  'src/protocol': ['node:buffer'],
  'src/version.ts': [],
  'src/errors.ts': [],
  'src/root-context.ts': ['node:async_hooks'],
  'src/notify.ts': ['src/root-context.ts'],
  'src/options': ['src/errors.ts', 'src/protocol', 'node:net', 'node:tls'],

  // The types that the methods of commands are declared with.
  'src/commands/types': ['src/protocol'],
  // What `npm run generate` makes: data, and the interfaces of the methods.
  'src/commands/generated': ['src/protocol', 'src/commands/types'],
  // What commands are: no I/O. A command reaches a connection as data, so `commands` and `connection` do not know each other.
  'src/commands': [...base, 'src/commands/types', 'src/commands/generated', 'node:process'],

  // A connection, from the bottom to the top.
  'src/connection/timing': ['src/root-context.ts', 'src/options'],
  'src/connection/transport': [
    'src/errors.ts',
    'src/protocol',
    'node:buffer',
    'node:net',
    'node:process',
    'node:timers',
    'node:tls',
  ],
  'src/connection/request': [...base, ...connection('timing')],
  'src/connection/fence': [...base, ...connection('timing', 'request')],
  'src/connection/wire': [...base, ...connection('timing', 'transport', 'request', 'fence')],
  'src/connection/supervisor': [
    ...base,
    'src/root-context.ts',
    'src/version.ts',
    ...connection('timing', 'transport', 'request', 'fence', 'wire'),
  ],
  // What connections are for: none of the three imports another.
  'src/connection/shared': [...base, ...connection('timing', 'request', 'fence', 'wire', 'supervisor')],
  'src/connection/leased': [...base, ...connection('timing', 'transport', 'request', 'fence', 'wire', 'supervisor')],
  'src/connection/pubsub': [...base, ...connection('timing', 'request', 'fence', 'wire', 'supervisor')],

  // What users hold. Of `supervisor`, these know the status and the settings; of `leased`, dispatch knows only the type of a
  // request that waits at the server; of `pubsub`, sessions know only the message buffer, for MONITOR.
  'src/dispatch': [
    ...base,
    'src/notify.ts',
    ...commands,
    ...connection('timing', 'request', 'fence', 'supervisor', 'leased'),
    'node:diagnostics_channel',
    'node:util',
  ],
  // What a call that runs once sends, and how its replies are read. Loaded on demand.
  'src/once': [...base, ...commands, ...connection('request'), 'src/dispatch', 'node:process'],
  'src/pubsub': [
    ...base,
    'src/notify.ts',
    ...commands,
    ...connection('request', 'supervisor', 'pubsub'),
    'node:buffer',
  ],
  'src/sessions': [
    ...base,
    ...commands,
    ...connection('timing', 'request', 'fence', 'supervisor', 'shared', 'leased'),
    'src/dispatch',
    'src/pubsub',
  ],
  // Where the master is. Loaded on demand.
  'src/sentinel': [...base, ...connection('timing', 'request', 'wire', 'supervisor', 'pubsub'), 'src/dispatch'],
  // Credentials that end. Loaded on demand.
  'src/credentials': [...base, ...connection('timing', 'request', 'wire')],
  'src/core': [
    ...base,
    'src/root-context.ts',
    'src/credentials',
    'src/notify.ts',
    ...commands,
    ...connection('timing', 'transport', 'request', 'fence', 'wire', 'supervisor', 'shared'),
    'src/dispatch',
    'src/sentinel',
    'node:events',
    'node:perf_hooks',
    'node:process',
    'node:timers',
  ],
  'src/companions.ts': ['src/core', 'src/pubsub', 'src/sessions'],
  'src/client.ts': [
    ...base,
    ...commands,
    'src/once',
    ...connection('supervisor'),
    'src/dispatch',
    'src/pubsub',
    'src/sessions',
    'src/core',
    'src/companions.ts',
  ],
  'src/is-client.ts': ['src/client.ts', 'src/core', ...commands],
  // Which node of a cluster a command goes to.
  'src/cluster': [
    ...base,
    'src/notify.ts',
    ...commands,
    ...connection('timing', 'transport', 'request', 'fence', 'wire', 'supervisor', 'shared', 'leased', 'pubsub'),
    'src/credentials',
    'src/dispatch',
    'src/once',
    'src/pubsub',
    'src/sessions',
    'src/core',
    'node:events',
  ],

  // What is exported.
  'src/index.ts': [
    ...base,
    ...commands,
    'src/once',
    ...connection('fence', 'supervisor'),
    'src/dispatch',
    'src/pubsub',
    'src/sessions',
    'src/core',
    'src/client.ts',
    'src/is-client.ts',
  ],
  'src/core.ts': [...base, 'src/commands', ...connection('fence', 'supervisor'), 'src/dispatch', 'src/core'],
  'src/cluster.ts': [
    ...base,
    ...commands,
    ...connection('fence', 'supervisor'),
    'src/dispatch',
    'src/once',
    'src/pubsub',
    'src/sessions',
    'src/cluster',
  ],
  'src/protocol.ts': ['src/protocol'],
}

/** Files that only export what others define. */
const entryPoints = ['src/index.ts', 'src/core.ts', 'src/cluster.ts', 'src/protocol.ts']

const pathOf = (name) => {
  // Node's own modules are resolved to their names without the prefix.
  if (name.startsWith('node:')) return `^(node:)?${name.slice('node:'.length)}$`
  return `^${name.replaceAll('.', '\\.')}${name.endsWith('.ts') ? '$' : '/[^/]+$'}`
}

const names = Object.keys(rooms)

const rulesOfRooms = names.map((name, index) => {
  const allowed = rooms[name]
  const wrong = allowed.find((other) => !other.startsWith('node:') && !names.slice(0, index).includes(other))
  if (wrong !== undefined) throw new Error(`${name} may not import ${wrong}: that is no room below it`)
  return {
    name: name.replace('src/', ''),
    comment: `${name} imports nothing but ${['its own files', ...allowed].join(', ')}.`,
    severity: 'error',
    from: { path: pathOf(name) },
    to: { pathNot: [name, ...allowed].map(pathOf) },
  }
})

export default {
  forbidden: [
    ...rulesOfRooms,
    {
      name: 'rooms',
      comment: 'Every folder of src, and every file at its root, has a row in the table of .dependency-cruiser.mjs.',
      severity: 'error',
      from: { path: '^src/', pathNot: names.map(pathOf) },
      to: {},
    },
    {
      name: 'entry-points',
      comment: 'An entry point only exports what others define.',
      severity: 'error',
      from: { path: entryPoints.map(pathOf) },
      to: { dependencyTypesNot: ['export'] },
    },
    {
      name: 'file-circles',
      comment: 'Two files that import each other are one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'folder-circles',
      comment: 'Two folders that import each other are one.',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    // It sees imports of types, too, and needs no compiler of TypeScript.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
}
