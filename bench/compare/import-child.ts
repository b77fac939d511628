// Run by subjects.ts, a process for each import: import-child.mjs ENTRY
// Prints the milliseconds that the import took. It loads nothing else, so that no module is loaded already.

const [entry = ''] = process.argv.slice(2)
const begin = performance.now()
await import(entry)
console.log(JSON.stringify(performance.now() - begin))
