// Keeps what someone typed into a form marked with data-keep until the server says that it was stored. The mark names the
// place: one per note and step. Private windows and full disks may refuse storage; the form then simply works without it.
//
// Each sending has a name of its own. The server repeats it in a cookie once the answers are stored: shared/platform/web/arrival.py.

const PREFIX = 'lessons-unsent:'
const DAYS_KEPT = 30
const ARRIVED = /(?:^|; )arrived=(\w+)/

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

function forgetWhatArrived () {
  const sending = document.cookie.match(ARRIVED)?.[1]
  if (!sending) return
  forget((key, kept) => kept?.sending === sending)
  document.cookie = 'arrived=; Path=/; Max-Age=0; SameSite=Lax'
}

function fields (form) {
  return [...form.querySelectorAll('textarea, select, input:not([type=hidden])')]
}

function isTick (field) {
  return field.type === 'checkbox' || field.type === 'radio'
}

// Every field by its name, with all that was typed or ticked: nothing, if it was cleared.
function typed (form) {
  const texts = {}
  for (const field of fields(form)) {
    texts[field.name] ??= []
    if (!isTick(field) || field.checked) texts[field.name].push(field.value)
  }
  return texts
}

function keep (form, key, sending) {
  const { mark, version } = form.elements
  write(key, { at: Date.now(), sending, mark: mark?.value, version: version?.value, texts: typed(form) })
}

function putBack (field, texts) {
  const before = isTick(field) ? field.checked : field.value
  if (isTick(field)) field.checked = texts.includes(field.value)
  else field.value = texts[0]
  return before !== (isTick(field) ? field.checked : field.value)
}

function restore (form, { mark, version, texts }) {
  const changed = fields(form).filter((field) => texts[field.name] && putBack(field, [texts[field.name]].flat()))
  const shown = form.elements.mark
  // What is put back was typed over what its own page showed, and not over this. Only a new part is new on either.
  if (changed.length && mark && shown && !shown.value.startsWith('new.')) shown.value = mark
  // Nor over what others did to a case since: the server then tells of that, before it stores anything.
  if (changed.length && Number(version) < Number(form.dataset.changed)) form.elements.version.value = version
  for (const field of changed) field.closest('details')?.setAttribute('open', '')
  const notice = document.querySelector('[data-restored]')
  if (changed.length && notice) notice.hidden = false
}

// The field is made here: without this script nothing is kept, and the server has nothing to tell.
function nameSending (form) {
  const field = form.querySelector('[name=sending]') ?? document.createElement('input')
  Object.assign(field, { type: 'hidden', name: 'sending', value: Date.now().toString(36) + Math.random().toString(36).slice(2) })
  form.append(field)
  return field.value
}

export function keepUnsentText () {
  const form = document.querySelector('form[data-keep]')
  const done = document.querySelector('[data-kept-done]')?.dataset.keptDone
  forget((key, kept) => Date.now() - (kept?.at ?? 0) > DAYS_KEPT * 86400000)
  forgetWhatArrived()
  forget((key) => done && key.startsWith(`${PREFIX}${done}/`))
  if (!form) return
  const key = PREFIX + form.dataset.keep
  const kept = read(key)
  // What the server sends back after an error is newer.
  if (kept && !form.dataset.answered) restore(form, kept)
  form.addEventListener('input', () => keep(form, key))
  form.addEventListener('submit', () => keep(form, key, nameSending(form)))
}
