// The open page while a person may come or has come: what happens in the conversation arrives here as it happens.
// Every item has a name (`data-key`), so that what comes twice stands there once. Nothing is kept in the browser.

const SILENT_FOR = 40000 // two heartbeats and a bit: then the connection is taken for dead
const TYPING_EVERY = 3000
const TYPING_LASTS = 6000
const ANNOUNCE_EVERY = 45000
const LONGEST_PAUSE = 15000

export class LivePage {
  constructor ({ log, askForm, eventsOf, becomeSensitive, startComponents }) {
    Object.assign(this, { log, askForm, eventsOf, becomeSensitive, startComponents })
    this.textarea = document.getElementById('message')
    this.panel = document.getElementById('owner-place')
    this.more = document.getElementById('owner-more')
    this.people = document.getElementById('people')
    this.connection = document.getElementById('connection')
    this.moved = document.getElementById('moved')
    this.seq = Number(log.dataset.seq) || 0
    this.seenByStaff = 0
    this.told = 0 // how far the other side knows that we have read
    this.unread = 0
    this.title = document.title
    this.wanted = false
    this.lastEvent = 0
    this.lastTyped = 0
    this.lastMoved = 0
    this.position = ''
    this.sending = ''
    this.panelKey = document.getElementById('owner')?.dataset.panel ?? ''
    this.textarea?.addEventListener('input', () => this.onTyping())
    document.addEventListener('visibilitychange', () => this.onVisible())
    window.addEventListener('online', () => this.hurry())
    window.addEventListener('pageshow', () => this.hurry())
    window.addEventListener('pagehide', () => this.controller?.abort())
    this.readyPanel()
    if (log.dataset.live) this.start()
  }

  get withPerson () { return Boolean(this.askForm?.dataset.withPerson) }

  // Listening: the loop goes on until nobody is expected any more, and survives sleep, lost networks and restarts.

  start () {
    if (this.wanted) return
    this.wanted = true
    this.listen()
  }

  stop () {
    this.wanted = false
    this.controller?.abort()
    this.say('')
  }

  async listen () {
    let failures = 0
    while (this.wanted) {
      try {
        await this.once(() => { failures = 0 })
      } catch { /* tried again below */ }
      clearTimeout(this.watchdog)
      if (!this.wanted) return
      failures += 1
      if (failures > 1) this.say(this.connection.dataset.words)
      await this.pause(Math.min(LONGEST_PAUSE, 300 * 2 ** failures) * (0.5 + Math.random()))
    }
  }

  async once (heard) {
    this.controller = new AbortController()
    const token = this.askForm.querySelector('input[name="token"]')?.value ?? ''
    const headers = { accept: 'text/event-stream', 'last-event-id': String(this.seq), 'state-key': this.log.dataset.stateKey }
    if (document.documentElement.classList.contains('embedded')) headers['conversation-token'] = token // its cookie may be blocked
    this.watch()
    const response = await fetch(this.log.dataset.address, { headers, credentials: 'same-origin', cache: 'no-store', signal: this.controller.signal })
    if (response.status === 204) {
      this.stop()
      return
    }
    if (!response.ok) throw new Error('not now')
    for await (const [event, data, id] of this.eventsOf(response)) {
      this.watch()
      heard()
      this.say('')
      this.take(event, data)
      if (id) this.seq = Math.max(this.seq, Number(id))
    }
  }

  watch () {
    this.lastEvent = Date.now()
    clearTimeout(this.watchdog)
    this.watchdog = setTimeout(() => this.controller.abort(), SILENT_FOR)
  }

  pause (milliseconds) {
    return new Promise((resolve) => {
      this.wake = resolve
      setTimeout(resolve, milliseconds)
    })
  }

  // Back from sleep, or from another page: do not wait for a dead connection to be noticed.
  hurry () {
    if (!this.wanted) return
    if (Date.now() - this.lastEvent > SILENT_FOR / 2) this.controller?.abort()
    this.wake?.()
  }

  say (words) {
    if (this.connection.textContent !== words) this.connection.textContent = words
  }

  // What comes.

  take (event, data) {
    if (event === 'items') data.items.forEach((item) => this.put(item))
    else if (event === 'owner') this.apply(data, true)
    else if (event === 'place') this.move(data)
    else if (event === 'seen') this.markSeen(data.seq)
    else if (event === 'typing') this.showWriting()
    else if (event === 'over') this.stop()
  }

  put (item) {
    const known = this.log.querySelector(`[data-key="${CSS.escape(item.key)}"]`)
    if (known?.dataset.streaming || (!known && item.key === this.sending)) return // this page is drawing it itself
    const made = document.createRange().createContextualFragment(item.html.trim()).firstElementChild
    if (known && known.dataset.state === 'done' && item.state === 'done') {
      known.dataset.first = item.first
      this.grow(known, made)
      this.markSeen(this.seenByStaff)
      return
    }
    if (known) {
      known.replaceWith(made)
    } else {
      const after = [...this.log.children].find((other) => Number(other.dataset.first || Infinity) > item.first)
      this.log.insertBefore(made, after ?? null)
      this.showAsked()
    }
    this.freshen()
    this.nameLatest()
    if (item.message && !known) this.arrived(made)
    this.markSeen(this.seenByStaff)
  }

  // An answer that somebody had to check first comes after the turn was done. What stands there stays, so that it is not read out again.
  grow (known, made) {
    const [there, whole] = [known, made].map((turn) => turn.querySelector('.turn__blocks'))
    const added = there && whole ? [...whole.children].slice(there.children.length) : []
    if (!added.length) return
    there.append(...added)
    known.querySelector('.turn__after')?.replaceWith(made.querySelector('.turn__after') ?? '')
    this.freshen()
    this.arrived(known)
  }

  showAsked () {
    document.querySelectorAll('[data-when-asked]').forEach((element) => { element.hidden = false })
  }

  nameLatest () {
    this.log.querySelector('#latest')?.removeAttribute('id')
    if (this.log.lastElementChild) this.log.lastElementChild.id = 'latest'
  }

  arrived (article) {
    this.hideWriting()
    if (document.hidden) {
      this.unread += 1
      this.showTitle()
    } else {
      article.scrollIntoView({ block: 'nearest' })
    }
    if (document.getElementById('sound')?.checked) beep()
    this.tellSeen()
  }

  markSeen (seq) {
    this.seenByStaff = Math.max(this.seenByStaff, seq)
    this.log.querySelectorAll('[data-status="sent"]').forEach((status) => {
      const first = Number(status.closest('.turn').dataset.first || Infinity)
      if (first > this.seenByStaff) return
      status.dataset.status = 'seen'
      status.textContent = this.log.dataset.seen
    })
  }

  move (data) {
    const place = document.getElementById('place')
    if (!place) return
    if (place.innerHTML.trim() !== data.html.trim()) place.innerHTML = data.html
    const steps = data.position !== this.position && this.position !== ''
    this.position = data.position
    if (!steps || (Date.now() - this.lastMoved < ANNOUNCE_EVERY && data.position !== '1')) return
    this.lastMoved = Date.now()
    this.moved.textContent = place.textContent.trim()
  }

  // Who has the conversation now. What was typed into the panel's forms stays, and so does the focus.
  apply (state, pushed = false) {
    if (state.sensitive) this.becomeSensitive()
    const changed = state.panel_key !== this.panelKey
    if (changed) this.draw(state.panel, state.more)
    if (changed && !document.getElementById('place')) {
      this.moved.textContent = '' // a place in a queue they left is not left lying for a screen reader
      this.position = ''
    }
    this.panelKey = state.panel_key
    this.log.dataset.stateKey = state.state_key
    if (changed || !touched(this.people)) {
      if (this.peopleHtml !== state.people) this.people.innerHTML = state.people
      this.peopleHtml = state.people
    }
    this.askForm.dataset.withPerson = state.with_person ? '1' : ''
    const label = this.askForm.querySelector('label[for="message"]')
    const hint = document.getElementById('message-hint')
    if (label) label.innerHTML = state.label
    if (hint) hint.innerHTML = state.hint
    this.freshen()
    if (!pushed && state.live) this.start()
  }

  draw (panel, more) {
    const places = [this.panel, this.more]
    const all = (selector) => places.flatMap((place) => [...place.querySelectorAll(selector)])
    const typed = all('input:not([type="hidden"]), textarea').map((field) => [field.id, field.value, field.checked])
    const open = all('details[open]').map((details) => details.id)
    const active = document.activeElement
    const focused = places.some((place) => place.contains(active)) ? active.closest('[id]').id : ''
    this.panel.innerHTML = panel
    this.more.innerHTML = more
    for (const [id, value, checked] of typed) {
      const field = id && document.getElementById(id)
      if (field) Object.assign(field, { value, checked })
    }
    open.forEach((id) => document.getElementById(id)?.setAttribute('open', ''))
    if (focused && !document.getElementById(focused)?.matches('div')) document.getElementById(focused)?.focus()
    if (focused && document.activeElement === document.body) (document.getElementById('owner') ?? this.textarea)?.focus()
    this.readyPanel()
  }

  readyPanel () {
    const sound = document.querySelector('.owner__sound')
    if (sound && window.AudioContext) sound.hidden = false
  }

  // A pushed panel carries no fresh ids: the forms keep those of the page.
  freshen () {
    for (const name of ['token', 'attempt']) {
      const value = this.askForm.querySelector(`input[name="${name}"]`).value
      document.querySelectorAll(`input[name="${name}"]`).forEach((input) => { input.value = value })
    }
  }

  showWriting () {
    const writing = document.querySelector('#writing span')
    if (!writing) return
    writing.hidden = false
    clearTimeout(this.writingTimer)
    this.writingTimer = setTimeout(() => this.hideWriting(), TYPING_LASTS)
  }

  hideWriting () {
    const writing = document.querySelector('#writing span')
    if (writing) writing.hidden = true
  }

  // What goes: that we write, and how far we have read.

  onTyping () {
    if (!this.withPerson || !this.textarea.value || Date.now() - this.lastTyped < TYPING_EVERY) return
    this.lastTyped = Date.now()
    this.sign({ writing: '1' })
  }

  tellSeen () {
    clearTimeout(this.seenTimer)
    this.seenTimer = setTimeout(() => {
      const last = [...this.log.querySelectorAll('[data-message]')].at(-1)
      const seq = Number(last?.dataset.first || 0)
      if (document.hidden || seq <= this.told) return
      this.told = seq
      this.sign({ seen: String(seq) })
    }, 250)
  }

  sign (fields) {
    const data = new FormData(this.askForm)
    const body = new URLSearchParams({ ...fields, token: data.get('token'), embed: data.get('embed') })
    fetch('/live', { method: 'POST', body, credentials: 'same-origin' }).catch(() => { this.told = 0 })
  }

  onVisible () {
    if (document.hidden) return
    this.unread = 0
    this.showTitle()
    this.hurry()
    this.tellSeen()
  }

  // A page that may have to be left quickly says nothing in its title.
  showTitle () {
    if (!document.querySelector('[data-exit]')?.hidden) return
    if (!this.unread && this.shownTitle !== document.title) return
    if (!this.shownTitle) this.title = document.title
    document.title = this.unread ? this.log.dataset.newMessage.replace('0', String(this.unread)) : this.title
    this.shownTitle = this.unread ? document.title : ''
  }
}

function touched (root) {
  return [...root.querySelectorAll('input:not([type="hidden"]), textarea')].some((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked)
}

function beep () {
  const audio = new AudioContext()
  const tone = audio.createOscillator()
  const volume = audio.createGain()
  tone.frequency.value = 660
  volume.gain.setValueAtTime(0.15, audio.currentTime)
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4)
  tone.connect(volume).connect(audio.destination)
  tone.start()
  tone.stop(audio.currentTime + 0.4)
  tone.onended = () => audio.close()
}
