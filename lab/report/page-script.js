// Runs in the page, after run-controls.js: filters, and links to runs. Without scripts, the page shows everything.

const form = document.querySelector('form.filters')
const runs = all('details.run')

function filter() {
  const data = new FormData(form)
  const clients = data.getAll('client')
  const words = String(data.get('words')).toLowerCase().split(/\s+/)
  const isShown = ({ dataset }) =>
    clients.includes(dataset.client) &&
    (data.get('result') === 'all' || data.get('result') === dataset.result) &&
    (data.get('outcome') === 'all' || dataset.outcomes.split(' ').includes(data.get('outcome'))) &&
    words.every((word) => dataset.text.includes(word))
  for (const run of runs) run.hidden = !isShown(run)
  for (const row of all('tr[data-outcome]')) row.classList.toggle('found', row.dataset.outcome === data.get('outcome'))
  for (const section of all('section.scenario')) {
    const isEmpty = all('details.run', section).every((run) => run.hidden)
    for (const each of all(`[data-scenario="${section.id}"]`)) each.hidden = isEmpty
    section.hidden = isEmpty
  }
  const shown = runs.filter((run) => !run.hidden).length
  form.querySelector('output').textContent = `${shown} of ${runs.length} runs shown`
}

form.hidden = false
form.addEventListener('input', filter)
form.addEventListener('submit', (event) => event.preventDefault())
form.addEventListener('reset', () => setTimeout(filter))
form.querySelector('[data-open]').addEventListener('click', () => {
  for (const run of runs) run.open = !run.hidden
})
form.querySelector('[data-close]').addEventListener('click', () => {
  for (const run of runs) run.open = false
})
filter()

// A number in the table of outcomes leads to its runs, and opens them.
for (const link of all('a[data-filter]')) link.href = `#${link.dataset.filter}`
function openFiltered(wanted) {
  form.reset()
  for (const box of form.querySelectorAll('[name=client]')) box.checked = box.value === wanted.get('client')
  form.elements.outcome.value = wanted.get('outcome')
  filter()
  for (const run of runs) run.open = !run.hidden
  form.scrollIntoView()
}

// A link to a run opens it.
function openTarget() {
  const wanted = new URLSearchParams(location.hash.slice(1))
  if (wanted.has('outcome')) return openFiltered(wanted)
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (!target?.matches('details.run')) return
  // A filter may hide it.
  if (target.hidden) {
    form.reset()
    filter()
  }
  target.open = true
  target.scrollIntoView()
}
addEventListener('hashchange', openTarget)
openTarget()

// On a narrow screen the list of scenarios would come before everything else.
if (matchMedia('(max-width: 1099px)').matches) document.querySelector('nav details').open = false

for (const run of runs) {
  controlRun(run)
  explainMarks(run)
  run.addEventListener('toggle', () => explainMarks(run))
}

/** What the marks mean stands under the timeline of each run that is open. */
function explainMarks(run) {
  const chart = run.querySelector('.chart')
  if (run.open && !chart.nextElementSibling.matches('.legend'))
    chart.after(document.querySelector('.legend').cloneNode(true))
}
