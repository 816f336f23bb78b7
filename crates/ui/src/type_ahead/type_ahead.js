for (const box of document.querySelectorAll('[data-suggestions-url]')) {
  let pause
  box.addEventListener('input', () => {
    clearTimeout(pause)
    pause = setTimeout(async () => {
      const typed = box.value.trim()
      if (typed.length < 2) return
      const answer = await fetch(`${box.dataset.suggestionsUrl}?q=${encodeURIComponent(typed)}`).catch(() => null)
      if (!answer?.ok || box.value.trim() !== typed) return
      const lines = (await answer.text()).split('\n').filter(Boolean)
      box.list.replaceChildren(...lines.map((line) => new Option('', line)))
    }, 200)
  })
}
