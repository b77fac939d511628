import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { parseArgs } from 'node:util'
import { readCommandLine } from './command-line.js'

const help = `npm run docs:api [-- OPTIONS]: the API reference, made by typedoc from the docstrings

  --out FOLDER   default: docs/api, which git ignores
  --help         this text

Exits with 1 if typedoc warns of anything, with 2 if the command line is wrong.`

const { out } = readCommandLine({ help }, (args) => {
  return parseArgs({ args, options: { out: { type: 'string', default: 'docs/api' } } }).values
})

// typedoc uses the API of TypeScript 6, which version 7 does not have.
registerHooks({
  resolve: (name, context, next) => next(name === 'typescript' ? '@typescript/typescript6' : name, context),
})
const { Application, Converter, ReflectionKind } = await import('typedoc')

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly exports: Record<string, unknown> }
// What is a text there is no module, but a file.
const modules = Object.keys(exports).filter((name) => typeof exports[name] === 'object')

const app = await Application.bootstrap({
  name: 'respite',
  entryPoints: modules.map((name) => `src/${name === '.' ? 'index' : name.slice(2)}.ts`),
  tsconfig: 'tsconfig.build.json',
  readme: 'none',
  projectDocuments: ['docs/commands.md'],
  out,
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  // How the types of methods are computed, and what a subclass hands on without a look inside.
  intentionallyNotExported: [
    ...['CallContext', 'Given'],
    ...['KeyPositions', 'Patterns', 'Route', 'ScriptText', 'Transform', 'WaitArgument'],
  ],
})
// More than 500 methods in each of six classes would be 170 MB. docs/commands.md lists them.
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
  const { project } = context
  for (const method of project.getReflectionsByKind(ReflectionKind.Method)) {
    const [declaration] = context.getSymbolFromReflection(method)?.declarations ?? []
    if (declaration?.getSourceFile().fileName.includes('/commands/generated/')) project.removeReflection(method)
  }
})

const project = await app.convert()
if (project !== undefined) {
  app.validate(project)
  await app.generateOutputs(project)
}
const isClean = app.logger.warningCount + app.logger.errorCount === 0
process.exitCode = project !== undefined && isClean ? 0 : 1
