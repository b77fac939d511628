// Runs in the page, after run-controls.js and the bundle of entry.ts: the form, the link in the URL, and the ledger.

const lab = globalThis.respiteLab
const part = (name) => document.querySelector(`[data-part="${name}"]`)
const [form, text, example, seed] = ['form', 'schedule', 'example', 'seed'].map(part)
const [run, failure, title] = ['run', 'failure', 'title'].map(part)
const legend = document.querySelector('.legend')
const [box, ledger, moment, empty] = ['ledger-box', 'ledger', 'ledger-time', 'ledger-empty'].map(part)

for (const [index, { title: name }] of lab.examples.entries()) example.append(new Option(name, String(index)))
for (const [line] of lab.grammar) {
  const what = line.replace(/^\d+ /, '')
  part('lines').append(new Option(what, what))
}

/** Which run was asked for last: an earlier one that takes longer is not shown. */
let current = 0

async function show(name, compute) {
  current += 1
  const mine = current
  document.body.dataset.state = 'running'
  try {
    const { html, ledgers } = await compute()
    if (mine !== current) return
    title.textContent = name
    run.innerHTML = html
    for (const details of run.querySelectorAll('details')) details.open = true
    failure.textContent = ''
    // Above the picture, which may be tall.
    run.querySelector('.chart').before(legend)
    // Beside the slider that moves it.
    run.querySelector('.controls').after(box)
    box.hidden = ledgers.length === 0
    globalThis.controlRun(run, (at, isEnd) => showLedger(ledgers, at, isEnd))
    run.querySelector('.controls input').addEventListener('input', ({ target }) => {
      const { dataset } = run.querySelectorAll('.steps li')[Number(target.value)]
      form.elements.at.value = String(Math.round(Number(dataset.at) * 100) / 100)
    })
  } catch (error) {
    if (mine !== current) return
    failure.textContent = error.message
    run.innerHTML = ''
    title.textContent = 'Nothing was run'
  }
  document.body.dataset.state = 'done'
}

const meanings = { abandoned: 'abandoned: its caller was told, and its reply is still to come' }

/** The ledger as it was at a moment: the last one that is not later. The end is after the last step. */
function showLedger(ledgers, at, isEnd) {
  const { commands = [] } = ledgers.findLast((each) => isEnd || each.at <= at) ?? {}
  moment.textContent = isEnd ? 'at the end' : `at ${at} ms`
  ledger.replaceChildren(
    ...commands.map(({ command, state, attempts, connection }) => {
      const row = document.createElement('tr')
      for (const cell of [command, meanings[state] ?? state, connection ?? '', attempts]) {
        row.insertCell().textContent = String(cell)
      }
      return row
    }),
  )
  empty.hidden = commands.length > 0
  ledger.parentElement.hidden = commands.length === 0
}

function open() {
  let opened
  try {
    opened = lab.openedBy(location.hash)
  } catch (error) {
    return show('', () => Promise.reject(error))
  }
  if (opened?.seed !== undefined) {
    seed.value = String(opened.seed)
    return show(`Seed ${opened.seed} of the simulation`, () => lab.showSeed(opened.seed))
  }
  text.value = opened?.schedule ?? lab.examples[0].text
  const index = lab.examples.findIndex((each) => each.text === text.value)
  example.value = index === -1 ? '' : String(index)
  return show(lab.examples[index]?.title ?? 'Your schedule', async () =>
    lab.showSchedule(lab.parseSchedule(text.value)),
  )
}

/** The link is the run: it can be copied, and the way back leads to the run before. */
function go(hash) {
  if (location.hash === hash) return open()
  location.hash = hash
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  go(lab.hashOf(text.value))
})
example.addEventListener('change', () => {
  if (example.value === '') return
  text.value = lab.examples[Number(example.value)].text
  go(lab.hashOf(text.value))
})
part('add').addEventListener('click', () => {
  const { at, what } = form.elements
  if (what.value.trim() === '') return
  const isOption = what.value.startsWith('option ')
  const lines = text.value.split('\n').filter((line) => line.trim() !== '')
  const added = isOption ? what.value : `${Number(at.value)} ${what.value.trim()}`
  const time = (line) => (/^\d/.test(line) ? Number.parseFloat(line) : -1)
  const index = lines.findIndex((line) => time(line) > time(added))
  lines.splice(index === -1 ? lines.length : index, 0, added)
  text.value = lines.join('\n')
  go(lab.hashOf(text.value))
})
part('seed-form').addEventListener('submit', (event) => {
  event.preventDefault()
  go(`#seed=${seed.value}`)
})
addEventListener('hashchange', open)
open()
