import { z } from 'zod'
import type { AndroidApp } from '#server/config/lan-env.ts'
import type { Context } from '#server/context.ts'
import { json } from '#server/http/answers.ts'
import { type Endpoint, endpoint } from '#server/http/endpoint.ts'
import type { Route } from '#server/http/route-table.ts'
import { Problem } from '#server/kit/problem.ts'
import { operations as surface } from './errors.ts'

/** Browsers and stores ask again and again; what they read changes with a restart at most. */
const headers = { 'Cache-Control': 'public, max-age=300' }

const relatedOrigins = z.object({ origins: z.array(z.string()) })
const assetLinks = z.array(
  z.object({
    relation: z.array(z.string()),
    target: z.object({
      namespace: z.literal('android_app'),
      package_name: z.string(),
      sha256_cert_fingerprints: z.array(z.string()),
    }),
  }),
)
const siteAssociation = z.object({ webcredentials: z.object({ apps: z.array(z.string()) }) })

type WellKnown = { name: string; summary: string; schema: z.ZodType; read(ctx: Context): unknown | null }

/** What others may read about which origins and apps belong to this server; each is 404 until it is told of any. */
export const wellKnownRoutes: Route[] = [
  route('webauthn', {
    name: 'relatedOrigins',
    summary: 'Other origins that may use this server’s passkeys (WebAuthn 3 §5.11), from `HEARTHKEEP_RP_ORIGINS`',
    schema: relatedOrigins,
    read({ config }) {
      const origins = (config.relyingParty.origins ?? []).filter((origin) => origin.startsWith('https://'))
      return origins.length > 0 ? { origins: [...new Set(origins)] } : null
    },
  }),
  route('assetlinks.json', {
    name: 'assetLinks',
    summary: 'Android apps that share this server’s passkeys (Digital Asset Links), from `HEARTHKEEP_ANDROID_APPS`',
    schema: assetLinks,
    read: ({ config }) => (config.apps.android.length > 0 ? assetLinksOf(config.apps.android) : null),
  }),
  route('apple-app-site-association', {
    name: 'appleAppSiteAssociation',
    summary: 'Apple apps that share this server’s passkeys (Associated Domains), from `HEARTHKEEP_APPLE_APPS`',
    schema: siteAssociation,
    read: ({ config }) => (config.apps.apple.length > 0 ? { webcredentials: { apps: config.apps.apple } } : null),
  }),
]

function route(file: string, known: WellKnown): Route {
  return { path: `/.well-known/${file}`, surface, methods: { GET: serve(known) } }
}

function serve({ name, summary, schema, read }: WellKnown): Endpoint {
  return endpoint({
    surface,
    name,
    summary,
    answers: { 200: { description: 'JSON as the specification has it', schema }, 404: 'none is set' },
    handle({ ctx }) {
      const found = read(ctx)
      if (found === null) throw new Problem('not_found')
      return json(200, found, headers)
    },
  })
}

/** One statement an app, however many certificates sign it. Both relations, as Android's Credential Manager asks. */
function assetLinksOf(apps: AndroidApp[]): z.infer<typeof assetLinks> {
  const byPackage = Map.groupBy(apps, ({ packageName }) => packageName)
  return [...byPackage].map(([name, signed]) => ({
    relation: ['delegate_permission/common.handle_all_urls', 'delegate_permission/common.get_login_creds'],
    target: {
      namespace: 'android_app',
      package_name: name,
      sha256_cert_fingerprints: [...new Set(signed.map(({ fingerprint }) => fingerprint))],
    },
  }))
}
