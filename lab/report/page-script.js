// Runs in the page: filters, zoom, and the slider through time. Without it, the page shows everything.

const all = (selector, root = document) => [...root.querySelectorAll(selector)]

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

// A link to a run opens it.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (!target?.matches('details.run')) return
  target.open = true
  target.scrollIntoView()
}
addEventListener('hashchange', openTarget)
openTarget()

// On a narrow screen the list of scenarios would come before everything else.
if (matchMedia('(max-width: 1099px)').matches) document.querySelector('nav details').open = false

for (const run of runs) {
  const controls = run.querySelector('.controls')
  const chart = run.querySelector('svg.timeline')
  const cursor = chart.querySelector('.cursor')
  const slider = controls.querySelector('input')
  const output = controls.querySelector('output')
  const steps = all('.steps li', run)
  const moments = all('[data-at]', run)
  controls.hidden = false

  const show = () => {
    const index = Number(slider.value)
    const step = steps[index]
    const at = Number(step.dataset.at)
    const isEnd = index === steps.length - 1
    for (const each of moments) each.classList.toggle('future', !isEnd && Number(each.dataset.at) > at)
    for (const each of steps) {
      each.classList.toggle('now', each === step)
      each.classList.remove('future')
    }
    for (const end of ['x1', 'x2']) cursor.setAttribute(end, step.dataset.place)
    cursor.setAttribute('visibility', isEnd ? 'hidden' : 'visible')
    output.textContent = step.textContent
    slider.setAttribute('aria-valuetext', step.textContent)
  }
  slider.addEventListener('input', show)
  show()

  let zoom = 1
  const setZoom = (value) => {
    const scroller = chart.parentElement
    const middle = (scroller.scrollLeft + scroller.clientWidth / 2) / scroller.scrollWidth
    zoom = Math.min(64, Math.max(1, value))
    chart.style.setProperty('--zoom', String(zoom))
    scroller.scrollLeft = middle * scroller.scrollWidth - scroller.clientWidth / 2
    controls.querySelector('[data-zoom="0"]').textContent = `${zoom}×`
  }
  for (const button of all('[data-zoom]', controls)) {
    button.addEventListener('click', () => {
      const direction = Number(button.dataset.zoom)
      setZoom(direction === 0 ? 1 : direction > 0 ? zoom * 2 : zoom / 2)
    })
  }
}
