{
  const summary = document.querySelector('[data-module="govuk-error-summary"]')
  if (summary) {
    summary.tabIndex = -1
    summary.focus()
    // The label comes into view with the field, not only the box.
    summary.addEventListener('click', (event) => {
      const link = event.target.closest('a[href^="#"]')
      const field = link && document.getElementById(link.hash.slice(1))
      if (!field) return
      event.preventDefault()
      const box = field.matches('input, select, textarea') ? field : field.querySelector('input') ?? field
      const words = box.closest('fieldset')?.querySelector('legend') ?? document.querySelector(`label[for="${CSS.escape(box.id)}"]`)
      ;(words ?? box).scrollIntoView()
      if (box === field && !box.matches('input, select, textarea, a, button')) box.tabIndex = -1
      box.focus({ preventScroll: true })
    })
  }
}
