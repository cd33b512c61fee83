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
    if (value === null) window.localStorage.removeItem(key)
    else window.localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // Nowhere to keep it.
  }
}

function forgetOld () {
  try {
    for (const key of Object.keys(window.localStorage)) {
      if (key.startsWith(PREFIX) && Date.now() - (read(key)?.at ?? 0) > DAYS_KEPT * 86400000) write(key, null)
    }
  } catch {
    // Nowhere to look.
  }
}

function texts (form) {
  return [...form.querySelectorAll('textarea, input[type=text]')]
}

function restore (form, kept) {
  let restored = false
  for (const field of texts(form)) {
    const text = kept[field.name]
    // Only into what the server left empty or unchanged: what it sends back after an error is newer.
    if (text && text !== field.value && field.value === field.defaultValue && !form.dataset.answered) {
      field.value = text
      restored = true
    }
  }
  const notice = document.querySelector('[data-restored]')
  if (restored && notice) notice.hidden = false
}

export function keepUnsentText () {
  forgetOld()
  for (const done of document.querySelectorAll('[data-kept-done]')) write(PREFIX + done.dataset.keptDone, null)
  for (const form of document.querySelectorAll('form[data-keep]')) {
    const key = PREFIX + form.dataset.keep
    const kept = read(key)
    if (kept) restore(form, kept.texts)
    form.addEventListener('input', () => {
      write(key, { at: Date.now(), texts: Object.fromEntries(texts(form).map((field) => [field.name, field.value])) })
    })
  }
}
