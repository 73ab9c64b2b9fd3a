// Short codes and names while an adviser writes, search without loading the page again. Without this script the same is done by forms.

const field = () => document.getElementById('write')
const AT_MOST = 8

// ---- what is offered: `/` replies and macros at the start of a word, `@` colleagues in a note

function replies () {
  const data = document.getElementById('insertables')
  return data ? JSON.parse(data.textContent) : []
}

function colleagues () {
  const chosen = document.getElementById('mention')
  return chosen ? [...chosen.options].filter((one) => one.value).map((one) => ({ code: one.text, title: '', name: one.text })) : []
}

function asked (box) {
  const before = box.value.slice(0, box.selectionStart)
  const code = /(?:^|\s)(\/)([a-z0-9-]*)$/i.exec(before)
  if (code) return { mark: '/', typed: code[2].toLowerCase(), start: before.length - code[2].length - 1, from: replies() }
  const name = /(?:^|[\s(])(@)([^\s@]*)$/.exec(before)
  const note = box.form.elements.mode?.value === 'note'
  return name && note ? { mark: '@', typed: name[2].toLowerCase(), start: before.length - name[2].length - 1, from: colleagues() } : null
}

function fitting ({ typed, from }) {
  const starts = from.filter((one) => one.code.toLowerCase().startsWith(typed))
  const within = from.filter((one) => !starts.includes(one) && `${one.code} ${one.title}`.toLowerCase().includes(typed))
  return [...starts, ...within].slice(0, AT_MOST)
}

class Offers {
  constructor (box) {
    this.box = box
    this.list = document.createElement('ul')
    this.list.className = 'offers'
    this.list.id = 'offers'
    this.list.setAttribute('role', 'listbox')
    this.list.setAttribute('aria-label', 'Replies and names')
    this.list.hidden = true
    const around = box.closest('section') ?? document.body
    around.append(this.list)
    this.said = document.createElement('p')
    this.said.className = 'govuk-visually-hidden'
    this.said.setAttribute('role', 'status')
    around.append(this.said)
    box.setAttribute('aria-autocomplete', 'list')
    box.setAttribute('aria-controls', 'offers')
    box.addEventListener('input', () => this.look())
    box.addEventListener('blur', () => setTimeout(() => this.close(), 150))
    box.addEventListener('keydown', (event) => this.onKey(event))
    for (const moved of ['resize', 'scroll']) addEventListener(moved, () => this.list.hidden || this.place(), { capture: true, passive: true })
    this.list.addEventListener('mousedown', (event) => event.preventDefault())
    this.list.addEventListener('click', (event) => {
      const one = event.target.closest('[data-at]')
      if (one) this.take(Number(one.dataset.at))
    })
  }

  look () {
    this.asked = asked(this.box)
    this.found = this.asked ? fitting(this.asked) : []
    if (!this.found.length) return this.close()
    this.at = 0
    this.draw()
    this.said.textContent = `${this.found.length} offered. ${this.found[0].code} ${this.found[0].title}. Arrows choose, Enter takes, Escape closes.`
  }

  draw () {
    this.list.replaceChildren(...this.found.map((one, at) => {
      const item = document.createElement('li')
      item.className = 'offers__one'
      item.id = `offer-${at}`
      item.dataset.at = at
      item.setAttribute('role', 'option')
      item.setAttribute('aria-selected', at === this.at ? 'true' : 'false')
      const code = document.createElement('span')
      code.className = 'offers__code'
      code.textContent = this.asked.mark + one.code
      item.append(code, one.title)
      if (one.about) {
        const about = document.createElement('span')
        about.className = 'offers__about'
        about.textContent = one.about
        item.append(about)
      }
      return item
    }))
    this.list.hidden = false
    this.place()
    this.box.setAttribute('aria-activedescendant', `offer-${this.at}`)
    this.list.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }

  place () {
    const { left, top, bottom, width } = this.box.getBoundingClientRect()
    this.list.style.left = `${left}px`
    this.list.style.width = `${width}px`
    const above = top - this.list.offsetHeight
    this.list.style.top = `${above > 0 ? above : bottom}px`
  }

  close () {
    this.list.hidden = true
    this.found = []
    this.box.removeAttribute('aria-activedescendant')
  }

  onKey (event) {
    if (this.list.hidden || event.isComposing) return
    const steps = { ArrowDown: 1, ArrowUp: -1 }
    if (event.key in steps) {
      this.at = (this.at + steps[event.key] + this.found.length) % this.found.length
      this.draw()
      const one = this.found[this.at]
      this.said.textContent = `${one.code} ${one.title}`
    } else if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey) || event.key === 'Tab') this.take(this.at)
    else if (event.key === 'Escape') this.close()
    else return
    event.preventDefault()
    event.stopImmediatePropagation()
  }

  take (at) {
    const one = this.found[at]
    const { start, mark } = this.asked
    this.box.setRangeText(mark === '@' ? `@${one.name} ` : '', start, this.box.selectionStart, 'end')
    this.close()
    if (mark === '@') return this.typed()
    if (one.macro) return this.run(one.code)
    const before = this.box.value.slice(0, start)
    this.box.setRangeText((before && !/\s$/.test(before) ? ' ' : '') + one.text, start, start, 'end')
    if (this.box.form.elements.wording) this.box.form.elements.wording.value = one.wording
    const send = this.box.form.querySelector('[name=mode][value=send]')
    if (send && !send.checked && this.box.value === one.text) send.click() // a reply is for the resident; a note with words in it stays one
    this.box.focus()
    this.typed()
  }

  run (code) {
    const chosen = document.getElementById('code')
    chosen.value = code
    document.getElementById('insert-code').click()
  }

  typed () { this.box.dispatchEvent(new Event('input', { bubbles: true })) }
}

function watch () {
  const box = field()
  if (!box || box.dataset.offers) return
  box.dataset.offers = 'yes'
  return new Offers(box)
}
watch()
const section = document.getElementById('composer')
if (section) new MutationObserver(watch).observe(section, { childList: true })

// ---- search, without losing what is being written

const search = document.getElementById('content-search')
const results = document.getElementById('content-results')
search?.addEventListener('submit', async (event) => {
  event.preventDefault()
  results.setAttribute('aria-busy', 'true')
  try {
    const response = await fetch(search.action, {
      method: 'POST', credentials: 'same-origin', headers: { accept: 'application/json' }, body: new URLSearchParams(new FormData(search))
    })
    if (!response.ok) throw new Error(response.status)
    results.innerHTML = await response.text()
  } catch {
    results.textContent = 'The search could not be made just now. Try again.'
  }
  results.removeAttribute('aria-busy')
})

// ---- the sources that go with what is being written

function showSources () {
  const place = document.getElementById('cited-sources')
  const cited = document.getElementById('compose')?.elements.cited
  if (!place || !cited) return
  const ids = cited.value.split(' ').filter(Boolean)
  const list = place.querySelector('ul')
  for (const one of [...list.children]) if (!ids.includes(one.dataset.source)) one.remove()
  place.hidden = !ids.length
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-cite]')
  const off = event.target.closest('[name=uncite]')
  const cited = document.getElementById('compose')?.elements.cited
  if (off && cited) {
    event.preventDefault()
    cited.value = cited.value.split(' ').filter((id) => id && id !== off.value).join(' ')
    field()?.dispatchEvent(new Event('input', { bubbles: true }))
    field()?.focus()
    return showSources()
  }
  const list = document.querySelector('#cited-sources ul')
  if (!button || !list) return
  const have = [...list.children].some((one) => one.dataset.source === button.dataset.cite)
  if (!have) {
    const one = document.createElement('li')
    one.className = 'cited__one'
    one.dataset.source = button.dataset.cite
    const take = document.createElement('button')
    Object.assign(take, { type: 'button', className: 'link-button', name: 'uncite', value: button.dataset.cite, textContent: 'Take off' })
    take.setAttribute('aria-label', `Take off ${button.dataset.sourceTitle}`)
    one.append(button.dataset.sourceTitle + ' ', take)
    list.append(one)
  }
  setTimeout(showSources)
})
document.getElementById('compose')?.addEventListener('submit', () => setTimeout(showSources))

// ---- the floor keeps itself fresh, but never under somebody's fingers

const FLOOR_SECONDS = 5
async function refreshFloor () {
  const now = document.getElementById('floor-now')
  if (!now || document.visibilityState !== 'visible' || now.contains(document.activeElement)) return
  try {
    const response = await fetch(location.href, { credentials: 'same-origin', headers: { 'x-desk-refresh': '1' } })
    if (!response.ok || response.redirected) return
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('floor-now')
    if (fresh && !now.contains(document.activeElement)) now.replaceChildren(...document.importNode(fresh, true).childNodes)
  } catch { /* the next round tries again; the line above says when the connection is lost */ }
}
if (document.getElementById('floor-now')) setInterval(refreshFloor, FLOOR_SECONDS * 1000)
