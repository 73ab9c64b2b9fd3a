// Answers to check, with a script: the time left counts down, what comes is said in the page and its title, and J and K go from one to
// the next. Without it everything works and a reload shows what is new. Nothing is kept in the browser.

const LOOK_EVERY = 3000
const title = document.title

function words (seconds) {
  const left = Math.max(0, Math.round(seconds))
  if (left === 0) return 'no time left'
  const minutes = Math.floor(left / 60)
  const parts = []
  if (minutes) parts.push(`${minutes} minute${minutes === 1 ? '' : 's'}`)
  if (left % 60) parts.push(`${left % 60} second${left % 60 === 1 ? '' : 's'}`)
  return parts.join(' ')
}

const started = performance.now()
const clocks = [...document.querySelectorAll('[data-until]')].map((element) => [element, Number(element.dataset.until)])
setInterval(() => {
  const passed = (performance.now() - started) / 1000
  for (const [element, seconds] of clocks) element.textContent = words(seconds - passed)
}, 1000)

const count = document.getElementById('count')
async function look () {
  if (document.hidden) return
  try {
    const answer = await fetch('/console/drafts/waiting', { credentials: 'same-origin', headers: { Accept: 'application/json' } })
    if (!answer.ok || answer.redirected) return
    const { waiting, mine, newest } = await answer.json()
    const said = `${waiting} ${waiting === 1 ? 'answer waits' : 'answers wait'}.`
    if (count.textContent !== said) count.textContent = said
    if (newest && newest !== count.dataset.newest) document.getElementById('fresh').hidden = false
    document.title = mine ? `(${mine}) ${title}` : title
  } catch {} // the network is away: the next look may find it again
}
if (count) {
  setInterval(look, LOOK_EVERY)
  document.addEventListener('visibilitychange', look)
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select')) return
  const step = { j: 1, k: -1 }[event.key.toLowerCase()]
  const buttons = [...document.querySelectorAll('[data-check]')]
  if (!step || !buttons.length) return
  event.preventDefault()
  const at = buttons.indexOf(document.activeElement)
  buttons[Math.min(Math.max(at + step, 0), buttons.length - 1)].focus()
})
