// Keeps a half-written form: every 20 seconds, if it changed, its fields go to `data-draft-url`,
// marked as no sign of a person at work. Passwords and files are never sent.
for (const form of document.querySelectorAll('form[data-draft-url]')) {
  const fields = () => {
    const kept = new URLSearchParams()
    for (const [name, value] of new FormData(form)) {
      const secret = form.querySelector(`[autocomplete$="password"][name="${CSS.escape(name)}"]`)
      if (typeof value === 'string' && !secret) kept.append(name, value)
    }
    return kept.toString()
  }
  let last = fields()
  const keep = async () => {
    const now = fields()
    if (now === last || form.dataset.sent) return
    const said = form.querySelector('[data-draft-status]')
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: 'POST',
        body: now,
        keepalive: now.length < 60000,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Belisha-Background': '1' }
      })
      if (!answer.ok) throw new Error(answer.status)
      last = now
      if (said) said.textContent = 'Draft kept'
    } catch {
      if (said) said.textContent = 'The draft could not be kept: send the form or copy what you wrote'
    }
  }
  setInterval(keep, 20000)
  document.addEventListener('visibilitychange', () => { if (document.hidden) keep() })
}
