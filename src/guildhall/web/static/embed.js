// Puts the council's assistant on any page of the council: a button, and the conversation in a frame beside it.
// Usage: <script src="https://ask.council.example/embed.js" async></script>; data-lang="pl" opens it in a language.
(() => {
  const script = document.currentScript
  const home = new URL(script.src).origin
  const language = script.dataset.lang || document.documentElement.lang.slice(0, 2) || 'en'
  const spoken = GUILDHALL_WORDS
  const words = spoken[language] || spoken.en || Object.values(spoken)[0]
  const style = `
    :host { all: initial; }
    .launcher, .close { font: 700 19px/1.3 Arial, Helvetica, sans-serif; cursor: pointer; border: 2px solid transparent; }
    .launcher { position: fixed; z-index: 2147483000; inset-inline-end: 20px; inset-block-end: 20px; padding: 12px 20px;
      color: GUILDHALL_TEXT; background: GUILDHALL_COLOUR; box-shadow: 0 2px 0 #0b0c0c, 0 4px 14px rgb(0 0 0 / 30%); }
    .launcher:focus-visible, .close:focus-visible { outline: 3px solid #ffdd00; outline-offset: 0; color: #0b0c0c; background: #ffdd00;
      box-shadow: inset 0 0 0 2px #0b0c0c; }
    .panel { position: fixed; z-index: 2147483001; inset-inline-end: 20px; inset-block-end: 20px; display: flex; flex-direction: column;
      width: min(30rem, calc(100vw - 40px)); height: min(46rem, calc(100vh - 40px)); background: #fff; border: 2px solid #0b0c0c; }
    .panel[hidden] { display: none; }
    .bar { display: flex; align-items: center; justify-content: space-between; gap: 10px; padding: 8px 8px 8px 15px;
      color: GUILDHALL_TEXT; background: GUILDHALL_COLOUR; font: 700 19px/1.3 Arial, Helvetica, sans-serif; }
    .bar h2 { margin: 0; font: inherit; }
    .close { padding: 6px 12px; color: #0b0c0c; background: #fff; font-size: 16px; }
    iframe { flex: 1; width: 100%; border: 0; background: #fff; }
    @media (max-width: 40rem) { .panel { inset: 0; width: auto; height: auto; border: 0; } }
    @media (forced-colors: active) { .launcher, .close { border-color: ButtonText; } }
  `

  function make (name, properties = {}) {
    return Object.assign(document.createElement(name), properties)
  }

  function mount () {
    const host = make('div')
    host.lang = words.lang
    host.dir = words.dir
    const root = host.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(style)
    root.adoptedStyleSheets = [sheet]
    const launcher = make('button', { type: 'button', className: 'launcher', textContent: words.open })
    launcher.setAttribute('aria-expanded', 'false')
    launcher.setAttribute('aria-haspopup', 'dialog')
    const panel = make('section', { className: 'panel', hidden: true })
    panel.setAttribute('role', 'dialog')
    panel.setAttribute('aria-label', words.title)
    const bar = make('div', { className: 'bar' })
    const close = make('button', { type: 'button', className: 'close', textContent: words.close })
    bar.append(make('h2', { textContent: words.title }), close)
    panel.append(bar)
    root.append(launcher, panel)
    document.body.append(host)
    let frame = null

    function show () {
      if (!frame) {
        frame = make('iframe', { title: words.title, src: `${home}/?embed=1&lang=${words.lang}` })
        panel.append(frame)
      }
      panel.hidden = false
      launcher.hidden = true
      launcher.setAttribute('aria-expanded', 'true')
      close.focus()
    }

    function hide () {
      if (panel.hidden) return
      panel.hidden = true
      launcher.hidden = false
      launcher.setAttribute('aria-expanded', 'false')
      launcher.focus()
    }

    launcher.addEventListener('click', show)
    close.addEventListener('click', hide)
    root.addEventListener('keydown', (event) => { if (event.key === 'Escape') hide() })
    window.addEventListener('message', (event) => {
      if (!frame || event.source !== frame.contentWindow) return
      if (event.data === 'guildhall:close') hide()
      if (event.data === 'guildhall:exit') location.replace('GUILDHALL_EXIT')
    })
  }

  if (document.body) mount()
  else document.addEventListener('DOMContentLoaded', mount)
})()
