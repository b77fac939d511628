// Runs in pages of the lab: the zoom of a run, and its slider through time.

const all = (selector, root = document) => [...root.querySelectorAll(selector)]

/**
 * Makes the controls of a run work.
 * @param {Element} run what `renderRun` wrote
 * @param {(at: number, isEnd: boolean) => void} onStep told the moment that the slider shows, and whether it is the last one
 */
// biome-ignore lint/correctness/noUnusedVariables: scripts of pages call it
function controlRun(run, onStep = () => {}) {
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
    onStep(at, isEnd)
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
