/** A report for machines beside the one for people, where RESPITE_TEST_REPORT names a file. */
const file = process.env.RESPITE_TEST_REPORT

export const reporting = file === undefined ? {} : { reporters: ['default', 'json'], outputFile: { json: file } }
