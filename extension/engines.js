// Reads what was searched for from the address of an engine.

// The engine and the term, on an engine whose searches the policy looks at; none for any other page.
export function searchOf(href, engines) {
  if (!URL.canParse(href)) return undefined;
  const url = new URL(href);
  for (const engine of engines) {
    if (!engine.watched || !engine.names.includes(url.hostname) || !engine.paths.includes(url.pathname)) continue;
    for (const name of engine.terms) {
      const term = url.searchParams.get(name)?.trim();
      if (term) return { engine: engine.key, term };
    }
  }
  return undefined;
}
