// Prints vendor.lock: each package with its npm integrity, each committed file with its SHA-256.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'

const [root] = process.argv.slice(2)
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
for (const name of Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).devDependencies).sort()) {
  const entry = packages[`node_modules/${name}`]
  console.log(`package ${name} ${entry.version} ${entry.integrity}`)
}
for (const folder of ['assets/vendor', 'fixtures']) {
  for (const file of readdirSync(`${root}/${folder}`).sort()) {
    const digest = createHash('sha256').update(readFileSync(`${root}/${folder}/${file}`)).digest('hex')
    console.log(`file ${folder}/${file} ${digest}`)
  }
}
