// An answer shows and hides the questions that belong to it; "None" clears the others.
{
  const boxes = [...document.querySelectorAll('.govuk-radios__input, .govuk-checkboxes__input')]
  const follow = (box) => {
    const id = box.dataset.ariaControls ?? box.getAttribute('aria-controls')
    const revealed = id && document.getElementById(id)
    if (!revealed) return
    box.setAttribute('aria-controls', id)
    box.removeAttribute('data-aria-controls')
    // A radio may not say that it is expanded; a checkbox may.
    if (box.type === 'checkbox') box.setAttribute('aria-expanded', String(box.checked))
    const kind = box.type === 'radio' ? 'radios' : 'checkboxes'
    revealed.classList.toggle(`govuk-${kind}__conditional--hidden`, !box.checked)
  }
  for (const box of boxes) {
    box.addEventListener('change', () => {
      const others = boxes.filter((other) => other !== box && other.name === box.name && other.form === box.form)
      if (box.type === 'checkbox' && box.checked) {
        const exclusive = box.dataset.behaviour === 'exclusive'
        for (const other of others) if (exclusive || other.dataset.behaviour === 'exclusive') other.checked = false
      }
      for (const each of [box, ...others]) follow(each)
    })
    follow(box)
  }
  // Coming back by the browser's button restores answers after this has run.
  addEventListener('pageshow', () => boxes.forEach(follow))
}
