import { createHash } from 'node:crypto'
import type { Endpoint } from '#server/http/endpoint.ts'
import type { Route } from '#server/http/route-table.ts'

const style = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --accent: light-dark(#9a3412, #fdba74) }
body { font: 1rem/1.55 system-ui, sans-serif; max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; background: light-dark(#fffdfa, #1a1614); color: light-dark(#292018, #f1e9e2) }
h1 { font-size: 1.6rem; margin-bottom: .25rem } h2 { margin-top: 2.5rem; text-transform: capitalize; border-bottom: 1px solid var(--line); padding-bottom: .3rem }
article { padding: .9rem 0; border-bottom: 1px solid var(--line) } h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere }
code, .method { font-family: ui-monospace, monospace; font-size: .92em } .method { color: var(--accent); font-weight: 700; margin-right: .5em }
p { margin: .3rem 0 } dl { display: grid; grid-template-columns: auto 1fr; gap: .15rem .9rem; margin: .5rem 0 0 } dt { font-family: ui-monospace, monospace } dd { margin: 0 }
a { color: var(--accent) }`

const styleHash = createHash('sha256').update(style).digest('base64')

/** Every endpoint on one page that loads nothing from anywhere; /openapi.json is the same for machines. */
export function renderDocs(routes: Route[], version: string): Response {
  const served = routes.filter((route) => !route.path.endsWith('*'))
  const surfaces = [...new Set(served.map((route) => route.surface.name))]
  const sections = surfaces.map((name) => {
    const articles = served
      .filter((route) => route.surface.name === name)
      .flatMap((route) =>
        Object.entries(route.methods).map(([method, endpoint]) => article(method, route.path, endpoint)),
      )
    return `<section><h2>${escapeHtml(name)}</h2>${articles.join('')}</section>`
  })
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Hearthkeep API</title><style>${style}</style></head><body><main><h1>Hearthkeep API</h1><p>Version ${escapeHtml(version)}. The same for machines: <a href="/openapi.json">/openapi.json</a>, <a href="/openapi.yaml">/openapi.yaml</a>.</p>${sections.join('')}</main></body></html>`
  return new Response(html, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(html)),
      'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'; base-uri 'none'`,
    },
  })
}

function article(method: string, path: string, { spec }: Endpoint): string {
  const answers = Object.entries(spec.answers).map(([status, answer]) => {
    const words = typeof answer === 'string' ? answer : answer.description
    return `<dt>${status}</dt><dd>${withCode(words)}</dd>`
  })
  return `<article><h3><span class="method">${escapeHtml(method)}</span><code>${escapeHtml(path)}</code></h3><p>${withCode(spec.summary)}</p>${spec.description ? `<p>${withCode(spec.description)}</p>` : ''}<dl>${answers.join('')}</dl></article>`
}

function withCode(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
}
