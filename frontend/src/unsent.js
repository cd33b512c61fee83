// Keeps what someone typed into a form marked with data-keep until the server has it. The mark names the place: one per
// note and step. Private windows and full disks may refuse storage; the form then simply works without it.

const PREFIX = 'lessons-unsent:'
const DAYS_KEPT = 30

function read (key) {
  try {
    return JSON.parse(window.localStorage.getItem(key))
  } catch {
    return null
  }
}

function write (key, value) {
  try {
    window.localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // Nowhere to keep it.
  }
}

function forget (isDone) {
  try {
    for (const key of Object.keys(window.localStorage)) {
      if (key.startsWith(PREFIX) && isDone(key, read(key))) window.localStorage.removeItem(key)
    }
  } catch {
    // Nowhere to look.
  }
}

function texts (form) {
  return [...form.querySelectorAll('textarea, input[type=text]')]
}

function keep (form, key, sent) {
  write(key, { at: Date.now(), sent, texts: Object.fromEntries(texts(form).map((field) => [field.name, field.value])) })
}

function restore (form, kept) {
  let restored = false
  for (const field of texts(form)) {
    const text = kept[field.name]
    // What the server sends back after an error is newer.
    if (text && text !== field.value && !form.dataset.answered) {
      field.value = text
      restored = true
    }
  }
  const notice = document.querySelector('[data-restored]')
  if (restored && notice) notice.hidden = false
}

export function keepUnsentText () {
  const form = document.querySelector('form[data-keep]')
  const key = form && PREFIX + form.dataset.keep
  const done = document.querySelector('[data-kept-done]')?.dataset.keptDone
  forget((other, kept) => Date.now() - (kept?.at ?? 0) > DAYS_KEPT * 86400000)
  // What was sent and led to another page than its own has arrived.
  forget((other, kept) => kept?.sent && other !== key)
  forget((other) => done && other.startsWith(`${PREFIX}${done}/`))
  if (!form) return
  const kept = read(key)
  if (kept) restore(form, kept.texts)
  form.addEventListener('input', () => keep(form, key, false))
  form.addEventListener('submit', () => keep(form, key, true))
}
