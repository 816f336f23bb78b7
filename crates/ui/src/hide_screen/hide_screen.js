// Covers everything, title included; the rest of the page is out of reach until it is uncovered.
for (const button of document.querySelectorAll('[data-module="belisha-hide-screen"]')) {
  button.addEventListener('click', (event) => {
    event.preventDefault()
    const title = document.title
    const behind = [...document.body.children]
    const cover = document.createElement('div')
    cover.className = 'belisha-cover'
    cover.setAttribute('role', 'dialog')
    cover.setAttribute('aria-modal', 'true')
    cover.setAttribute('aria-label', 'Screen hidden')
    const restore = document.createElement('button')
    restore.type = 'button'
    restore.className = 'govuk-button govuk-button--secondary'
    restore.textContent = 'Show the page again'
    restore.addEventListener('click', () => {
      cover.remove()
      behind.forEach((part) => { part.inert = false })
      document.title = title
      button.focus()
    })
    cover.append(restore)
    behind.forEach((part) => { part.inert = true })
    document.body.append(cover)
    document.title = 'Screen hidden'
    restore.focus()
  })
}
