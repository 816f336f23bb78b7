// Blanks the page at once, then leaves without an entry to come back to. Shift three times does the same;
// Escape would stop the next page from loading.
{
  const way = document.querySelector('.govuk-js-exit-this-page-button')
  if (way) {
    const heard = document.createElement('div')
    heard.className = 'govuk-visually-hidden'
    heard.setAttribute('role', 'status')
    document.body.append(heard)
    const leave = () => {
      const blank = document.createElement('div')
      blank.className = 'belisha-exit-blank'
      blank.setAttribute('role', 'alert')
      blank.textContent = 'Loading.'
      document.body.append(blank)
      document.title = 'Loading'
      location.replace(way.href)
    }
    document.querySelectorAll('.govuk-js-exit-this-page-button, .govuk-js-exit-this-page-skiplink').forEach((link) =>
      link.addEventListener('click', (event) => {
        event.preventDefault()
        leave()
      })
    )
    let presses = 0
    let alone = false
    let forget
    addEventListener('keyup', (event) => {
      if (event.key !== 'Shift' || !alone) return
      clearTimeout(forget)
      presses += 1
      if (presses === 3) {
        presses = 0
        return leave()
      }
      heard.textContent = presses === 1 ? 'Shift, press 2 more times to exit.' : 'Shift, press 1 more time to exit.'
      forget = setTimeout(() => {
        presses = 0
        heard.textContent = 'Exit this page expired.'
      }, 5000)
    })
    // Shift held for a capital letter or a selection is no call for help.
    addEventListener('keydown', (event) => {
      alone = event.key === 'Shift'
      if (!alone) presses = 0
    })
    addEventListener('pageshow', () => document.querySelectorAll('.belisha-exit-blank').forEach((blank) => blank.remove()))
  }
}
