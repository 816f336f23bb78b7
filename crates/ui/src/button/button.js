// A second press while the first is on its way does nothing. The button is not disabled,
// so that its name and value are still sent.
for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', (event) => {
    const button = event.submitter
    if (button?.dataset.preventDoubleClick !== 'true') return
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = 'true'
    button.setAttribute('aria-disabled', 'true')
  })
}
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent
    form.querySelectorAll('[aria-disabled]').forEach((button) => button.removeAttribute('aria-disabled'))
  }
})
// A link that looks like a button answers to the space bar like one.
addEventListener('keydown', (event) => {
  const link = event.key === ' ' && event.target.closest?.('a[role="button"]')
  if (link) {
    event.preventDefault()
    link.click()
  }
})
