// The advisers' desk with a script: what changes is read again at once, what is written is sent until it is known to have arrived, once.
// Without it every form still works. Words that wait for a connection stay in this tab only (sessionStorage), and go once they are sent.

const body = document.body
const main = document.getElementById('main-content')
const open = body.dataset.open
const seconds = (n) => n * 1000
const QUIET = seconds(40) // a stream that says nothing for so long is dead: it beats every 15 seconds
const GIVE_UP = seconds(8)
document.documentElement.classList.add('scripted')

// ---- asking the server

class SignedOut extends Error {}

async function ask (path, options = {}) {
  const response = await fetch(path, { credentials: 'same-origin', signal: AbortSignal.timeout(GIVE_UP), ...options })
  if (response.redirected && new URL(response.url).pathname.startsWith('/console/sign-in')) throw new SignedOut()
  if (response.status >= 500) throw new Error('the server is in trouble')
  return response
}

function post (path, fields, options = {}) {
  const headers = { accept: 'application/json' }
  return ask(path, { method: 'POST', headers, body: new URLSearchParams({ token: body.dataset.token, ...fields }), ...options })
}

// ---- the line that says how the connection is

const line = document.getElementById('line')
function say (words) {
  line.textContent = words
  line.hidden = !words
}
function sayConnection (state) {
  if (body.dataset.connection === 'out') return
  body.dataset.connection = state
  if (state === 'out') say('You are signed out. What you wrote is kept. Load the page to sign in again.')
  else say(state === 'lost' ? 'Reconnecting… What you write is kept, and sent when there is a connection.' : '')
}

// ---- replacing what has changed, and nothing else: focus, unfolded parts and half-filled forms stay

const changedByHand = new WeakSet()
document.addEventListener('input', (event) => { for (let node = event.target; node; node = node.parentElement) changedByHand.add(node) })

function morph (from, to) {
  if (from.nodeName !== to.nodeName) return from.replaceWith(document.importNode(to, true))
  if (from.nodeType === Node.TEXT_NODE) {
    if (from.data !== to.data) from.data = to.data
    return
  }
  if (from.nodeType !== Node.ELEMENT_NODE || from.isEqualNode(to)) return
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name) && name !== 'open' && name !== 'hidden') from.removeAttribute(name)
  for (const { name, value } of [...to.attributes]) if (name !== 'open' && from.getAttribute(name) !== value) from.setAttribute(name, value)
  morphChildren(from, to)
}

function morphChildren (from, to) {
  const named = new Map([...from.children].filter((child) => child.id).map((child) => [child.id, child]))
  let place = from.firstChild
  for (const wanted of [...to.childNodes]) {
    const known = wanted.id ? named.get(wanted.id) : place && !place.id && !wanted.id && place.nodeName === wanted.nodeName ? place : null
    if (!known) from.insertBefore(document.importNode(wanted, true), place)
    else {
      if (known === place) place = place.nextSibling
      else from.insertBefore(known, place)
      morph(known, wanted)
    }
  }
  while (place) {
    const next = place.nextSibling
    if (!place.dataset?.pending) place.remove()
    place = next
  }
}

function take (page) {
  const alarmed = document.querySelector('.alarm')?.id
  for (const fresh of page.querySelectorAll('[data-live]')) {
    const shown = document.getElementById(fresh.id)
    if (!shown || changedByHand.has(shown)) continue
    if (fresh.id === 'thread') thread.take(shown, fresh)
    else morph(shown, fresh)
  }
  composer?.take(page.getElementById('composer'))
  translations.ask()
  const alarm = document.querySelector('.alarm')?.id
  if (alarm && alarm !== alarmed) sound([988, 740, 988])
  tick()
  showTitle()
}

// ---- reading again: one at a time, and once more if something happened meanwhile

class Reader {
  constructor (read, pause) {
    this.read = read
    this.pause = pause
    this.running = false
    this.again = false
  }

  async now () {
    if (this.running) {
      this.again = true
      return
    }
    this.running = true
    try {
      await this.read()
    } catch (error) {
      if (error instanceof SignedOut) sayConnection('out')
      else sayConnection('lost')
    }
    await new Promise((resolve) => setTimeout(resolve, this.pause))
    this.running = false
    if (this.again) {
      this.again = false
      this.now()
    }
  }
}

const parser = new DOMParser()
const looking = () => document.visibilityState === 'visible' && document.hasFocus()
const page = new Reader(async () => {
  if (!main?.dataset.conversation) return
  await composer?.flush()
  const headers = { 'x-desk-refresh': '1', 'x-desk-seen': looking() ? '1' : '0', 'x-desk-writes': composer?.section.dataset.state ?? '' }
  const response = await ask(location.pathname, { headers })
  const fresh = parser.parseFromString(await response.text(), 'text/html')
  if (!composer && fresh.getElementById('main-content').dataset.part !== main.dataset.part) {
    return response.ok ? location.reload() : location.assign('/desk?said=gone') // what was offered is taken, by me elsewhere or by somebody else
  }
  take(fresh)
}, 50)
const list = new Reader(async () => {
  if (!document.getElementById('list')) return
  const response = await ask(`/desk/list?open=${encodeURIComponent(open)}&back=${encodeURIComponent(location.pathname)}`, { headers: { 'x-desk-refresh': '1' } })
  take(parser.parseFromString(await response.text(), 'text/html'))
}, 400)
const readAll = () => main?.dataset.conversation ? page.now() : list.now()

// ---- the thread

const thread = {
  column: document.querySelector('.column--main'),

  take (shown, fresh) {
    const last = shown.lastElementChild?.id
    const atEnd = this.isAtEnd()
    morph(shown, fresh)
    if (shown.lastElementChild?.id === last) return
    if (atEnd) this.toEnd()
    else this.newer(true)
  },

  isAtEnd () {
    return !this.column || this.column.scrollHeight - this.column.scrollTop - this.column.clientHeight < 120
  },

  toEnd () {
    this.column?.scrollTo({ top: this.column.scrollHeight })
    this.newer(false)
  },

  newer (is) {
    const button = document.getElementById('newer')
    if (button) button.hidden = !is
  }
}

// ---- translations: asked for by themselves, once for each newest message that waits; what comes of it the stream brings

const translations = {
  asked: new Set(),

  async ask () {
    const form = document.getElementById('translate')
    if (!form || this.asked.has(form.dataset.newest)) return
    this.asked.add(form.dataset.newest)
    try {
      await post(form.getAttribute('action'), {}, { signal: AbortSignal.timeout(seconds(120)) })
    } catch (error) {
      if (error instanceof SignedOut) return sayConnection('out')
    }
    page.now()
  }
}

// ---- writing

const OUTBOX = 'guildhall-desk-outbox'
const TYPED = 'guildhall-desk-typed:' // and the path: what could not be kept on the server yet
const SETTLED = [400, 404, 409, 410] // the server has looked at it, and trying again will change nothing

// What is on its way: in this tab until the server says it has it. The server knows each by its id, so trying again sends nothing twice.
const outbox = {
  all () {
    const kept = JSON.parse(sessionStorage.getItem(OUTBOX) ?? '[]')
    return kept.filter((each) => each.me === body.dataset.me) // somebody else's words are not ours to send
  },
  keep (all) {
    if (all.length) sessionStorage.setItem(OUTBOX, JSON.stringify(all))
    else sessionStorage.removeItem(OUTBOX)
  },
  add (message) { this.keep([...this.all(), message]) },
  drop (id) { this.keep(this.all().filter((each) => each.id !== id)) }
}

function freshId () {
  const bytes = crypto.getRandomValues(new Uint8Array(15))
  return 'mess_' + [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

const delivery = {
  running: false,
  wait: seconds(1),
  timer: 0,

  async run () {
    if (this.running) return
    this.running = true
    clearTimeout(this.timer)
    try {
      for (let next = outbox.all()[0]; next; next = outbox.all()[0]) {
        await composer?.settled
        await this.deliver(next)
      }
      this.wait = seconds(1)
    } catch (error) {
      if (error instanceof SignedOut) sayConnection('out')
      else {
        this.mark('Not sent yet: no connection. It is sent as soon as there is one.')
        this.timer = setTimeout(() => this.run(), this.wait)
        this.wait = Math.min(this.wait * 2, seconds(15))
      }
    }
    this.running = false
  },

  async deliver ({ id, path, fields }) {
    const response = await post(path, { ...fields, id })
    const said = (response.headers.get('content-type') ?? '').startsWith('application/json') ? await response.json() : {}
    if (!response.ok && !SETTLED.includes(response.status)) throw new Error('refused for now')
    if (!response.ok) {
      outbox.drop(id)
      document.getElementById('e-' + id)?.remove()
      composer?.giveBack(path, fields, said.why ?? 'This could not be sent. Load the page again, then send it once more.')
    } else {
      outbox.drop(id)
    }
    page.now()
  },

  mark (words) {
    for (const { id } of outbox.all()) {
      const state = document.querySelector(`#e-${CSS.escape(id)} .entry__state`)
      if (state) state.textContent = words
    }
  }
}

class Composer {
  constructor (section) {
    this.section = section
    this.settled = Promise.resolve()
    this.timer = 0
    this.since = 0
    this.read()
  }

  read () {
    this.form = document.getElementById('compose')
    this.field = document.getElementById('write')
    if (!this.form) return
    this.form.addEventListener('submit', (event) => this.onSubmit(event))
    this.form.addEventListener('change', () => this.onMode())
    this.field.addEventListener('input', () => this.onTyped())
    this.kept = this.field.value
    this.onMode(false)
    if (this.pending().some(({ fields }) => fields.text === this.field.value)) this.field.value = this.kept = ''
    for (const message of this.pending()) this.show(message)
    this.bringBack()
  }

  // What was typed while there was no network, or no session, and the page was loaded again.
  bringBack () {
    const { me, text, mode } = JSON.parse(sessionStorage.getItem(TYPED + this.path) ?? '{}')
    if (me !== body.dataset.me || text === this.field.value) return
    if ([...this.form.elements.mode].some?.((way) => way.value === mode)) this.form.elements.mode.value = mode
    this.field.value = text
    this.onMode()
  }

  get path () { return this.form?.getAttribute('action') }
  get mode () { return this.form.elements.mode.value }
  pending () { return outbox.all().filter((each) => each.path === this.path) }

  onMode (typed = true) {
    const note = this.mode === 'note'
    this.section.classList.toggle('composer--note', note)
    document.getElementById('send').textContent = note ? 'Write the note' : 'Send to the resident'
    if (typed && this.field.value) this.onTyped()
  }

  // Kept half a second after the last key, and every two and a half seconds of typing on.
  onTyped () {
    document.querySelector('.translated')?.remove() // it was of other words
    clearTimeout(this.timer)
    this.since ||= Date.now()
    this.timer = setTimeout(() => this.flush(true), Math.max(0, Math.min(500, this.since + 2500 - Date.now())))
  }

  flush (even = false) {
    clearTimeout(this.timer)
    this.since = 0
    if (!this.form || (!even && this.field.value === this.kept)) return this.settled
    const fields = { text: this.field.value, mode: this.mode, cited: this.form.elements.cited.value }
    const path = this.path
    this.settled = this.settled.then(async () => {
      try {
        await this.keep(fields)
        this.kept = fields.text
        sessionStorage.removeItem(TYPED + path)
        this.say('')
      } catch (error) {
        sessionStorage.setItem(TYPED + path, JSON.stringify({ me: body.dataset.me, ...fields }))
        if (error instanceof SignedOut) return sayConnection('out')
        this.say('Kept in this tab only: no connection')
        this.timer = setTimeout(() => this.flush(), seconds(3))
      }
    })
    return this.settled
  }

  async keep (fields) {
    const response = await post(this.form.dataset.draft, fields, { keepalive: fields.text.length < 4000 })
    if (!response.ok) throw new Error('not kept')
  }

  // The page goes away: there is no time to wait for what is on its way.
  flushNow () {
    if (!this.form || this.field.value === this.kept) return
    const fields = { text: this.field.value, mode: this.mode, cited: this.form.elements.cited.value }
    this.keep(fields).catch(() => {})
  }

  say (words) { document.getElementById('kept').textContent = words }

  trouble (words) {
    const place = document.getElementById('trouble')
    if (!place) return
    place.textContent = words
    place.hidden = !words
  }

  onSubmit (event) {
    if (event.submitter?.hasAttribute('formaction')) return
    event.preventDefault()
    const text = this.field.value.trim()
    if (!text) return this.trouble('Write something first')
    clearTimeout(this.timer)
    sessionStorage.removeItem(TYPED + this.path)
    this.trouble('')
    const { cited, wording, mention } = this.form.elements
    const fields = { text, mode: this.mode, cited: cited.value, wording: wording.value, mention: mention?.value ?? '' }
    const message = { id: freshId(), me: body.dataset.me, path: this.path, fields }
    outbox.add(message)
    this.clear()
    this.show(message)
    thread.toEnd()
    delivery.run()
  }

  clear () {
    this.field.value = this.kept = ''
    for (const name of ['cited', 'wording', 'mention']) if (this.form.elements[name]) this.form.elements[name].value = ''
    changedByHand.delete(this.field)
  }

  show ({ id, fields }) {
    const shown = document.getElementById('thread')
    if (!shown || document.getElementById('e-' + id)) return
    const entry = document.createElement('article')
    entry.id = 'e-' + id
    entry.className = `entry entry--mine entry--${fields.mode === 'note' ? 'note' : 'message'}`
    entry.dataset.pending = 'yes'
    entry.innerHTML = '<h3 class="entry__who">You</h3><p class="entry__words" dir="auto"></p><p class="entry__state">Sending…</p>'
    entry.querySelector('.entry__words').textContent = fields.text
    shown.append(entry)
  }

  // It was refused: the words come back to where they were written.
  giveBack (path, fields, why) {
    if (path !== this.path) return
    this.trouble(why.charAt(0).toUpperCase() + why.slice(1))
    this.field.value = [fields.text, this.field.value].filter(Boolean).join('\n\n')
    this.flush(true)
  }

  insert (text, { cite, wording, to }) {
    const { cited, mode } = this.form.elements
    if (to === 'resident' && mode.value === 'note') {
      if (this.field.value.trim()) return this.trouble('You are writing a private note. Send it or clear it first, so that it does not go to the resident')
      mode.value = 'send'
      this.onMode(false)
    }
    const before = this.field.value.slice(0, this.field.selectionStart)
    const gap = before && !before.endsWith('\n') ? '\n\n' : ''
    this.field.setRangeText(gap + text, this.field.selectionStart, this.field.selectionEnd, 'end')
    if (cite) cited.value = [...new Set([...cited.value.split(' ').filter(Boolean), cite])].join(' ')
    if (wording) this.form.elements.wording.value = wording
    this.field.focus()
    this.onTyped()
  }

  // Whether they may still write changed: who lost the conversation keeps their words, and can send nothing.
  take (fresh) {
    if (!fresh || fresh.dataset.state === this.section.dataset.state) return
    const words = this.field?.value ?? ''
    clearTimeout(this.timer)
    this.section.dataset.state = fresh.dataset.state
    this.section.className = fresh.className
    this.section.replaceChildren(...document.importNode(fresh, true).childNodes)
    this.read()
    if (this.field && words && !this.field.value) this.field.value = words
    document.querySelectorAll('.column--side, #alarm').forEach((each) => { each.hidden = fresh.dataset.state === 'locked' })
  }
}

const section = document.getElementById('composer')
const composer = section ? new Composer(section) : null

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-insert]')
  if (!button || !composer?.form) return
  event.preventDefault()
  composer.insert(button.dataset.insert, button.dataset)
})
// A form that sends what stands in the field, in other words: what is on its way to be kept arrives first, and nothing is kept after.
document.addEventListener('submit', async (event) => {
  if (!event.target.matches('[data-sends]') || !composer?.form) return
  event.preventDefault()
  clearTimeout(composer.timer)
  await composer.settled
  sessionStorage.removeItem(TYPED + composer.path)
  composer.clear()
  event.target.submit()
})
// A button of the composer that leads to another page takes the words along. Keeping them once more would overwrite what it did with them.
document.addEventListener('submit', (event) => {
  if (!composer?.form || event.target !== composer.form || !event.submitter?.hasAttribute('data-tool')) return
  setTimeout(() => { if (!event.defaultPrevented) composer.kept = composer.field.value })
})
addEventListener('pagehide', () => composer?.flushNow())
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') composer?.flush()
})

// ---- the live stream

const live = {
  source: null,
  heard: Date.now(),
  last: '',
  covered: null,

  open () {
    this.source?.close()
    const query = new URLSearchParams({ open, after: this.last })
    const source = this.source = new EventSource(`/desk/live?${query}`)
    const on = (name, act) => source.addEventListener(name, (event) => {
      this.heard = Date.now()
      if (event.lastEventId) this.last = event.lastEventId
      act(event.data ? JSON.parse(event.data) : {})
    })
    on('hello', () => this.isBack())
    on('everything', () => { this.isBack(); readAll() })
    on('beat', () => {})
    on('list', () => { if (this.covered !== this.last) list.now() })
    on('offered', () => { list.now(); sound([660, 880]) })
    on('conversation', (told) => this.conversation(told))
    on('typing', () => showTyping())
    on('ended', () => { source.close(); sayConnection('out') })
    source.onerror = () => sayConnection('lost')
  },

  isBack () {
    const wasAway = body.dataset.connection === 'lost'
    sayConnection('open')
    if (wasAway) readAll()
    delivery.run()
  },

  conversation ({ id, kind }) {
    if (kind === 'UtteranceReceived') {
      sound([740])
      if (id === open) hideTyping()
    }
    if (id !== main?.dataset.conversation) return list.now()
    this.covered = this.last // the page brings its list along
    page.now()
  },

  // After sleep, or when the network came back: at once, not when the browser next thinks of it.
  check () {
    if (body.dataset.connection !== 'out' && (Date.now() - this.heard > QUIET || this.source?.readyState === EventSource.CLOSED)) {
      this.heard = Date.now()
      sayConnection('lost')
      this.open()
    }
  }
}

let looked = Date.now()
setInterval(() => {
  if (Date.now() - looked > seconds(30)) live.heard = 0 // this computer slept
  looked = Date.now()
  live.check()
}, seconds(5))
addEventListener('online', () => { live.heard = 0; live.check(); delivery.run() })
addEventListener('offline', () => sayConnection('lost'))
addEventListener('pageshow', (event) => { if (event.persisted) { live.open(); readAll() } })
addEventListener('pagehide', () => live.source?.close())
addEventListener('focus', () => { if (main?.dataset.conversation) page.now() })

// ---- notices

let typingTimer = 0
function showTyping () {
  const place = document.getElementById('typing')
  if (!place) return
  place.hidden = false
  clearTimeout(typingTimer)
  typingTimer = setTimeout(hideTyping, seconds(6))
}
function hideTyping () {
  const place = document.getElementById('typing')
  if (place) place.hidden = true
}

const title = document.title
function showTitle () {
  const waiting = Number(document.getElementById('list')?.dataset.waiting ?? 0)
  document.title = waiting ? `(${waiting}) ${title}` : title
}

let tones
function sound (notes) {
  if (body.dataset.sound !== 'on') return
  tones ??= new AudioContext()
  if (tones.state === 'suspended') tones.resume()
  notes.forEach((frequency, number) => {
    const [note, volume] = [tones.createOscillator(), tones.createGain()]
    const at = tones.currentTime + number * 0.16
    note.frequency.value = frequency
    volume.gain.setValueAtTime(0.12, at)
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.15)
    note.connect(volume).connect(tones.destination)
    note.start(at)
    note.stop(at + 0.16)
  })
}

// ---- times that go on

function inWords (milliseconds) {
  const minutes = Math.round(milliseconds / 60000)
  if (minutes < 1) return 'under a minute'
  const parts = [[Math.floor(minutes / 1440), 'day'], [Math.floor(minutes % 1440 / 60), 'hour'], [minutes % 60, 'minute']]
  return parts.filter(([n]) => n).slice(0, 2).map(([n, name]) => `${n} ${name}${n === 1 ? '' : 's'}`).join(' ')
}

// The server's clock counts, not this computer's.
const ahead = Date.now() - Date.parse(body.dataset.now)
function tick () {
  const now = Date.now() - ahead
  for (const place of document.querySelectorAll('[data-since]')) {
    const words = inWords(now - Date.parse(place.dataset.since))
    if (place.textContent !== words) place.textContent = words
  }
  for (const place of document.querySelectorAll('[data-until]')) {
    const left = Math.ceil((Date.parse(place.dataset.until) - now) / 1000)
    place.textContent = left > 0 ? `${left} seconds to decide` : 'The time to decide is over'
  }
}
setInterval(tick, 1000)

// ---- keys

const keys = document.getElementById('keys-overlay')
const isField = (node) => node.matches?.('input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]')
const isShown = (node) => node.checkVisibility?.() ?? node.offsetParent !== null

function step (by) {
  const rows = [...document.querySelectorAll('[data-row]')]
  const here = rows.findIndex((row) => row.getAttribute('aria-current'))
  const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by]
  next?.click()
}

function press (key) {
  if (key === 'j' || key === 'k') return step(key === 'j' ? 1 : -1) ?? true
  if (key === '?') {
    if (keys.open) keys.close()
    else keys.showModal()
    return true
  }
  const found = [...document.querySelectorAll('[data-key]')].filter((node) => node.dataset.key === key && isShown(node)).pop()
  if (!found) return false
  if (found.matches('[data-unfold]')) {
    found.parentElement.open = true
    const first = found.parentElement.querySelector('input:not([type=hidden]), textarea, select, button, a')
    ;(first ?? found).focus()
  } else if (found.matches('[name=mode]')) {
    found.checked = true
    composer.onMode()
    composer.field.focus()
  } else if (isField(found) || found.matches('.status__button')) found.focus()
  else found.click()
  return true
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target === composer?.field) {
    event.preventDefault()
    composer.form?.requestSubmit()
    return
  }
  if (event.key === 'Escape' && isField(event.target)) {
    event.target.blur()
    main?.focus({ preventScroll: true })
    return
  }
  const alone = !(event.ctrlKey || event.metaKey || event.altKey)
  if (!alone || body.dataset.keys !== 'on' || isField(event.target) || event.key.length !== 1) return
  if (keys.open && event.key !== '?') return
  if (press(event.key)) event.preventDefault()
})

// ---- signing out takes with it what this tab holds; what is not sent yet is worth a second thought

document.querySelector('[action="/console/sign-out"]')?.addEventListener('submit', (event) => {
  if (outbox.all().length && !event.target.dataset.asked) {
    event.preventDefault()
    event.target.dataset.asked = 'yes'
    return say('A message is not sent yet. Sign out again to throw it away.')
  }
  sessionStorage.clear()
})

// ---- begin

document.getElementById('newer')?.addEventListener('click', () => thread.toEnd())
if (main?.dataset.conversation) {
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView()
  else if (!document.querySelector('#brief-fold[open]')) thread.toEnd()
  if (location.hash.startsWith('#panel-')) document.getElementById(location.hash.slice(1)).open = true
}
tick()
showTitle()
delivery.run()
translations.ask()
if (main && document.getElementById('list')) live.open()
body.dataset.ready = 'yes'
