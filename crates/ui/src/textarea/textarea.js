// Counts down while typing; says so to a screen reader once the typing pauses.
for (const group of document.querySelectorAll('[data-module="govuk-character-count"]')) {
  const box = group.querySelector('textarea')
  const shown = group.querySelector('.govuk-character-count__message')
  const words = group.dataset.maxwords !== undefined
  const most = Number(words ? group.dataset.maxwords : group.dataset.maxlength)
  const heard = document.createElement('div')
  heard.className = 'govuk-visually-hidden'
  heard.setAttribute('aria-live', 'polite')
  shown.after(heard)
  let pause
  const count = () => {
    // Browsers send line breaks as two characters; the server counts one, and so does this.
    const used = words ? (box.value.match(/\S+/g) ?? []).length : [...box.value].length
    const left = most - used
    const unit = (words ? 'word' : 'character') + (Math.abs(left) === 1 ? '' : 's')
    shown.textContent = left < 0 ? `You have ${-left} ${unit} too many` : `You have ${left} ${unit} remaining`
    shown.classList.toggle('govuk-error-message', left < 0)
    box.classList.toggle('govuk-textarea--error', left < 0 || group.classList.contains('govuk-form-group--error'))
    clearTimeout(pause)
    pause = setTimeout(() => { heard.textContent = shown.textContent }, 1000)
  }
  box.addEventListener('input', count)
  if (box.value) count()
}
