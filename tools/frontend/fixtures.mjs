// Copies the named fixtures of each component: what crates/ui's golden tests compare with.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const wanted = {
  'back-link': ['default', 'with custom text and link'],
  breadcrumbs: ['default', 'with last breadcrumb as current page', 'with collapse on mobile'],
  button: ['default', 'secondary', 'warning', 'link', 'name', 'value', 'prevent double click'],
  'character-count': ['default', 'with hint and error', 'with maxwords'],
  checkboxes: ['with hint', 'with divider and None', 'with error message', 'with pre-checked values'],
  'date-input': ['default', 'with values', 'with error message and hint', 'with error on month input'],
  details: ['default'],
  'error-message': ['default', 'id'],
  'error-summary': ['default'],
  'exit-this-page': ['default'],
  fieldset: ['default', 'as page heading l', 'with describedBy'],
  'file-upload': ['with error message and hint', 'allows multiple files'],
  input: ['default', 'with hint text', 'with error and hint', 'with label as page heading', 'with prefix', 'with suffix', 'with width-4 class', 'with autocomplete attribute', 'value'],
  'inset-text': ['default', 'with html'],
  'notification-banner': ['default', 'with type as success'],
  pagination: ['default', 'with many pages', 'first page', 'last page', 'with prev and next only'],
  panel: ['default', 'title with no body text'],
  'password-input': ['default', 'with error message', 'with new-password autocomplete'],
  radios: ['with hint', 'inline', 'with a divider', 'with fieldset and error message', 'with conditional item checked'],
  select: ['with hint text and error message'],
  'skip-link': ['default'],
  'summary-list': ['default', 'with actions'],
  table: ['with head and caption'],
  tag: ['default', 'grey', 'red', 'green'],
  'task-list': ['default'],
  textarea: ['default', 'with hint and error message', 'with default value', 'with custom rows'],
  'warning-text': ['default']
}

const [from, to] = process.argv.slice(2)
mkdirSync(to, { recursive: true })
for (const [component, names] of Object.entries(wanted)) {
  const all = JSON.parse(readFileSync(`${from}/${component}/fixtures.json`, 'utf8')).fixtures
  const kept = names.map((name) => {
    const found = all.find((fixture) => fixture.name === name)
    if (!found) throw new Error(`${component} has no fixture called "${name}"`)
    return { name, options: found.options, html: found.html }
  })
  writeFileSync(`${to}/${component}.json`, JSON.stringify(kept, null, 2) + '\n')
}
