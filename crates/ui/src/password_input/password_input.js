for (const group of document.querySelectorAll('[data-module="govuk-password-input"]')) {
  const box = group.querySelector('input')
  const toggle = group.querySelector('button')
  const heard = document.createElement('div')
  heard.className = 'govuk-visually-hidden'
  heard.setAttribute('aria-live', 'polite')
  box.after(heard)
  toggle.hidden = false
  const show = (visible) => {
    box.type = visible ? 'text' : 'password'
    toggle.textContent = visible ? 'Hide' : 'Show'
    toggle.setAttribute('aria-label', visible ? 'Hide password' : 'Show password')
  }
  toggle.addEventListener('click', () => {
    show(box.type === 'password')
    heard.textContent = box.type === 'text' ? 'Your password is visible' : 'Your password is hidden'
  })
  // A browser would remember the text of a visible box.
  box.form?.addEventListener('submit', () => show(false))
}
