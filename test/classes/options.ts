import { readOptions } from '../../scripts/command-line.js'
import { readForms } from './forms.js'

/**
 * Reads the command line of a tool that tries every form of every command.
 * @param runs random states of each form, by default
 */
export function readFormOptions(help: string, runs: number) {
  const options = {
    runs: { type: 'number', default: runs },
    from: { type: 'number', default: 0, least: 0 },
    only: { type: 'string', default: '' },
    verbose: { type: 'boolean' },
  } as const
  return readOptions({ help }, options, ({ only }) => {
    const forms = [...readForms('forms.txt'), ...readForms('cluster-forms.txt')]
    if (!forms.some(({ text }) => text.startsWith(only))) {
      throw new TypeError(`--only: no form begins with "${only}"`)
    }
  })
}
