/** Adds a JSON report to the default one if RESPITE_TEST_REPORT names a file. */
const file = process.env.RESPITE_TEST_REPORT

export const reporting = file === undefined ? {} : { reporters: ['default', 'json'], outputFile: { json: file } }
