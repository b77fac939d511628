import { readFileSync, writeFileSync } from 'node:fs'
import type { LabTrace } from '../lab/recording/trace.js'
import { comparisonOf, replaceComparison } from '../lab/report/comparison.js'

/** Writes the comparison in docs/failure-handling.md from the trace of `npm run lab -- --client all`. */

const page = new URL('../docs/failure-handling.md', import.meta.url)
const trace = JSON.parse(readFileSync(new URL('../lab/out/trace.json', import.meta.url), 'utf8')) as LabTrace
writeFileSync(page, replaceComparison(readFileSync(page, 'utf8'), comparisonOf(trace)))
