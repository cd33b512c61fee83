// Builds shared/platform/web/static: one style sheet for each direction and one script, named after their content, each also
// compressed. `manifest.json` tells the templates the names.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'

import { buildSync } from 'esbuild'
import rtlcss from 'rtlcss'
import { compile } from 'sass'

const target = new URL('../shared/platform/web/static/', import.meta.url)

function styles () {
  const { css } = compile('src/app.scss', { style: 'compressed', loadPaths: ['.'], quietDeps: true })
  // rtlcss mirrors text-align and floats, but leaves logical properties alone, as it should.
  return { 'app.css': css, 'app.rtl.css': rtlcss.process(css) }
}

function script () {
  const { outputFiles } = buildSync({ entryPoints: ['src/app.js'], bundle: true, minify: true, write: false, format: 'esm', target: 'es2020' })
  return { 'app.js': outputFiles[0].text }
}

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const manifest = {}
const icon = { 'icon.svg': readFileSync('src/icon.svg', 'utf8') }
for (const [name, text] of Object.entries({ ...styles(), ...script(), ...icon })) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
  const hashed = name.replace(/\.(css|js|svg)$/, `.${hash}.$1`)
  manifest[name] = hashed
  writeFileSync(new URL(hashed, target), text)
  writeFileSync(new URL(`${hashed}.gz`, target), gzipSync(text, { level: 9 }))
  writeFileSync(new URL(`${hashed}.br`, target), brotliCompressSync(text))
}
writeFileSync(new URL('manifest.json', target), JSON.stringify(manifest, null, 2))
