// The resident's page with a script: the reply arrives block by block. Without it every form still works.
// Nothing is kept in the browser: no storage, no history of the conversation.

const script = document.querySelector('script[data-govuk]')
const { ErrorSummary, ExitThisPage } = await import(script.dataset.govuk)
const { LivePage } = script.dataset.live ? await import(script.dataset.live) : {}
document.body.classList.add('js-enabled', 'govuk-frontend-supported')

const log = document.getElementById('conversation')
const askForm = document.getElementById('ask')
const embedded = document.documentElement.classList.contains('embedded')

// Leaving quickly: the title and the page go at once, the cookie goes with a beacon, and the page leaves the history.
class QuickExit extends ExitThisPage {
  exitPage () {
    if (document.querySelector('[data-exit]')?.hidden) return
    document.title = askForm?.dataset.sensitiveTitle ?? ''
    document.body.classList.add('govuk-exit-this-page-hide-content')
    const away = this.$root.dataset.to
    fetch('/exit', { method: 'POST', keepalive: true, credentials: 'same-origin' }).catch(() => {})
    if (embedded) window.parent.postMessage('guildhall:exit', '*') // the launcher takes the whole page away
    else window.location.replace(away)
  }
}

// Whoever has gone on to write meanwhile stays where they write.
function mayTakeFocus (place) {
  const active = document.activeElement
  return active === document.body || Boolean(place?.contains(active))
}

function startComponents (root) {
  root.querySelectorAll('[data-module="govuk-error-summary"]').forEach((element) => new ErrorSummary(element))
}

const exit = document.querySelector('[data-module="govuk-exit-this-page"]')
if (exit) new QuickExit(exit)
startComponents(document)

const printButton = document.querySelector('[data-print]')
if (printButton) {
  printButton.hidden = false
  printButton.addEventListener('click', () => window.print())
}

if (embedded) {
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') window.parent.postMessage('guildhall:close', '*')
  })
}

// Server-sent events over fetch: yields [event, data, id].
async function * eventsOf (response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const records = (rest + value).split('\n\n')
    rest = records.pop()
    for (const record of records) {
      const lines = record.split('\n')
      const event = lines.find((line) => line.startsWith('event: '))
      const data = lines.find((line) => line.startsWith('data: '))
      const id = lines.find((line) => line.startsWith('id: '))
      if (event && data) yield [event.slice(7), JSON.parse(data.slice(6)), id?.slice(4)]
    }
  }
}

class Conversation {
  constructor () {
    this.textarea = document.getElementById('message')
    this.waiting = document.getElementById('waiting')
    this.errors = document.getElementById('errors')
    this.people = document.getElementById('people')
    this.busy = false
    this.next = null
    this.lost = null
    this.live = new LivePage({ log, askForm, eventsOf, startComponents, becomeSensitive: () => this.becomeSensitive() })
    window.addEventListener('online', () => { // what could not be sent goes now; sent twice it is one message, by its id
      if (this.lost !== null && this.lost === this.textarea?.value) askForm.requestSubmit()
    })
    document.addEventListener('submit', (event) => this.onSubmit(event))
    this.textarea?.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) askForm.requestSubmit()
    })
  }

  onSubmit (event) {
    const form = event.target
    if (form.matches('[data-feedback]')) this.sendFeedback(event)
    if (form.matches('[data-part]')) this.sendPart(event)
    if (!form.matches('[data-stream]')) return
    event.preventDefault()
    const submitter = event.submitter ?? undefined
    if (this.busy) { // sent while a reply is on its way: it goes next
      this.next = () => form.isConnected && form.requestSubmit(submitter)
      return
    }
    const address = submitter?.getAttribute('formaction') ?? form.action
    this.send(address, new FormData(form, submitter), form === askForm)
  }

  async send (address, fields, fromAskForm) {
    const typed = fromAskForm ? this.textarea?.value ?? '' : null
    this.setBusy(true)
    this.errors.replaceChildren()
    this.lost = null
    this.live.sending = fields.get('attempt') ?? ''
    try {
      const response = await this.post(address, fields)
      const kind = response.headers.get('content-type') ?? ''
      if (response.ok && kind.startsWith('text/event-stream')) await this.show(response, typed)
      else if (kind.startsWith('application/json')) this.refuse(await response.json())
      else throw new Error('unexpected reply')
    } catch {
      await this.resume(typed)
    }
    this.live.sending = ''
    this.setBusy(false)
    const next = this.next
    this.next = null
    next?.()
  }

  post (address, fields) {
    return fetch(address, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { accept: 'text/event-stream' },
      credentials: 'same-origin'
    })
  }

  async show (response, typed) {
    let turn = null
    let finished = false
    for await (const [event, data] of eventsOf(response)) {
      if (event === 'turn') turn = this.addTurn(data.html)
      else if (event === 'block') this.addBlock(turn, data)
      else if (event === 'done') {
        this.finish(turn, data, typed)
        finished = true
      } else if (event === 'failed') {
        this.refuse(data)
        finished = true
      }
    }
    if (!finished) throw new Error('cut off')
  }

  addTurn (html) {
    log.querySelector('#latest')?.removeAttribute('id')
    log.insertAdjacentHTML('beforeend', html)
    const turn = log.lastElementChild
    turn.id = 'latest'
    turn.dataset.streaming = '1'
    turn.scrollIntoView({ block: 'start' })
    document.querySelectorAll('[data-when-asked]').forEach((element) => { element.hidden = false })
    document.getElementById('trial-asks')?.remove() // asked once, before anything is said
    return turn
  }

  addBlock (turn, data) {
    if (data.sensitive) this.becomeSensitive()
    turn.querySelector('.turn__reply').hidden = false
    turn.querySelector('.turn__blocks').insertAdjacentHTML('beforeend', data.html)
  }

  finish (turn, data, typed) {
    turn.querySelector('.turn__after').innerHTML = data.html
    turn.dataset.key = data.key
    turn.dataset.first = data.first
    turn.dataset.state = 'done'
    delete turn.dataset.streaming
    const status = turn.querySelector('[data-status="sending"]')
    if (status) Object.assign(status, { textContent: log.dataset.sent }).dataset.status = 'sent'
    this.live.apply(data)
    this.live.markSeen(0)
    document.getElementById('trial-place').innerHTML = data.trial
    this.clear(typed)
    this.textarea?.closest('.govuk-form-group--error')?.classList.remove('govuk-form-group--error')
    document.getElementById('message-error')?.remove()
    this.refresh(data)
  }

  // What was typed while the reply came stays.
  clear (typed) {
    if (typed !== null && this.textarea?.value === typed) this.textarea.value = ''
  }

  becomeSensitive () {
    document.title = askForm.dataset.sensitiveTitle
    document.querySelectorAll('[data-exit]').forEach((element) => { element.hidden = false })
  }

  // New form token and attempt id, so that the next send is a new turn of the same conversation.
  refresh (data) {
    for (const name of ['token', 'attempt']) {
      if (data[name] === undefined) continue
      document.querySelectorAll(`input[name="${name}"]`).forEach((input) => { input.value = data[name] })
    }
  }

  refuse (data) {
    this.errors.innerHTML = data.html
    startComponents(this.errors)
    this.refresh(data)
  }

  // The connection broke: what the server has is shown again, and the words stay until they are known to be there.
  async resume (typed) {
    const words = typed ?? ''
    const attempt = this.live.sending
    const before = log.querySelectorAll('.turn__words').length
    try {
      await new Promise((resolve) => setTimeout(resolve, 400))
      const response = await fetch(location.pathname + location.search, { credentials: 'same-origin' })
      const page = new DOMParser().parseFromString(await response.text(), 'text/html')
      const fresh = page.getElementById('conversation')
      if (!response.ok || !fresh) throw new Error('no page')
      const said = [...fresh.querySelectorAll('.turn__words')]
      const named = attempt && fresh.querySelector(`[data-key="${CSS.escape(attempt)}"]`)
      const arrived = named || (said.length >= before && said.at(-1)?.textContent.trim() === words.trim())
      log.innerHTML = fresh.innerHTML
      if (!arrived) page.querySelector('#ask input[name="attempt"]').value = attempt // sent again it is the same message
      this.takePage(page)
      if (arrived && typed !== null) {
        this.clear(typed)
        return
      }
    } catch {
      log.querySelectorAll('[data-streaming]').forEach((turn) => turn.remove())
    }
    this.sayConnectionLost()
  }

  // The parts of a page that was loaded in the background: everything but the box to write in.
  takePage (page) {
    this.live.draw(page.getElementById('owner-place').innerHTML, page.getElementById('owner-more').innerHTML)
    this.live.panelKey = page.getElementById('owner')?.dataset.panel ?? ''
    this.people.innerHTML = page.getElementById('people').innerHTML
    this.live.peopleHtml = undefined
    document.getElementById('trial-place').innerHTML = page.getElementById('trial-place').innerHTML
    if (!page.getElementById('trial-asks')) document.getElementById('trial-asks')?.remove()
    log.dataset.stateKey = page.getElementById('conversation').dataset.stateKey
    for (const name of ['token', 'attempt']) this.refresh({ [name]: page.querySelector(`#ask input[name="${name}"]`).value })
    if (page.querySelector('[data-exit]:not([hidden])')) this.becomeSensitive()
    const form = page.getElementById('ask')
    askForm.dataset.withPerson = form.dataset.withPerson
    for (const place of ['label[for="message"]', '#message-hint']) {
      const [old, made] = [askForm.querySelector(place), form.querySelector(place)]
      if (old && made) old.innerHTML = made.innerHTML
    }
    if (page.getElementById('conversation').dataset.live) this.live.start()
  }

  // A form beside the conversation: sent without loading the page again, so that nothing typed elsewhere is lost.
  async sendPart (event) {
    event.preventDefault()
    const form = event.target
    if (form.dataset.sending) return
    form.dataset.sending = '1'
    const place = form.closest('details')?.id ?? (form.id || 'owner')
    try {
      const response = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form, event.submitter)), credentials: 'same-origin' })
      const page = new DOMParser().parseFromString(await response.text(), 'text/html')
      if (!page.getElementById('owner-place')) throw new Error('no page')
      const stays = mayTakeFocus(form) || mayTakeFocus(document.getElementById(place))
      for (const article of page.getElementById('conversation').children) {
        this.live.put({ key: article.dataset.key, first: Number(article.dataset.first), state: article.dataset.state, html: article.outerHTML })
      }
      this.takePage(page)
      this.errors.innerHTML = page.getElementById('errors').innerHTML
      startComponents(this.errors)
      if (stays && !this.errors.firstElementChild) (document.getElementById(place) ?? document.getElementById('owner') ?? this.textarea)?.focus()
    } catch {
      delete form.dataset.sending
      this.sayConnectionLost()
    }
  }

  sayConnectionLost () {
    this.lost = this.textarea?.value || null
    const summary = document.createElement('div')
    summary.className = 'govuk-error-summary'
    summary.dataset.module = 'govuk-error-summary'
    summary.innerHTML = '<div role="alert"><h2 class="govuk-error-summary__title"></h2><div class="govuk-error-summary__body"><ul class="govuk-list govuk-error-summary__list"><li><a href="#message"></a></li></ul></div></div>'
    summary.querySelector('h2').textContent = askForm.dataset.errorHeading
    summary.querySelector('a').textContent = askForm.dataset.networkWords
    this.errors.replaceChildren(summary)
    startComponents(this.errors)
  }

  async sendFeedback (event) {
    event.preventDefault()
    const form = event.target
    const place = form.closest('.feedback')
    try {
      const response = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form, event.submitter)), credentials: 'same-origin' })
      if (!response.ok) throw new Error('refused')
    } catch {
      return
    }
    const thanks = document.createElement('p')
    thanks.className = 'feedback__thanks'
    thanks.setAttribute('role', 'status')
    thanks.textContent = form.dataset.thanks
    const stays = mayTakeFocus(place)
    place.replaceChildren(thanks)
    if (stays) place.focus()
  }

  setBusy (busy) {
    this.busy = busy
    log.setAttribute('aria-busy', String(busy))
    this.waiting.textContent = busy && !this.live.withPerson ? this.waiting.dataset.words : ''
  }
}

if (askForm && window.TextDecoderStream) new Conversation()
