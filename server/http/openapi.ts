import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import type { Route } from './route-table.ts'

type Json = Record<string, unknown>

/** The OpenAPI 3.1 description of every wire endpoint, from the same schemas that validate (design §2). */
export function describeApi(routes: Route[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    if (route.path.endsWith('*')) continue
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    const methods: Json = {}
    for (const [method, endpoint] of Object.entries(route.methods))
      methods[method.toLowerCase()] = describe(endpoint, route)
    paths[path] = methods
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Backup Service',
      version,
      description: 'Hearthkeep: the backup APIs of a family’s apps, on one home server.',
    },
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        basic: { type: 'http', scheme: 'basic' },
      },
    },
  }
}

function describe({ spec }: Endpoint, route: Route): Json {
  const params = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  return {
    operationId: spec.name,
    tags: [spec.surface.name],
    summary: spec.summary,
    ...(spec.description ? { description: spec.description } : {}),
    ...(spec.security ? { security: [{ [spec.security]: [] }] } : {}),
    ...(params.length > 0 ? { parameters: params } : {}),
    ...describeBody(spec),
    responses: Object.fromEntries(
      Object.entries(spec.answers).map(([status, answer]) => [status, describeAnswer(answer)]),
    ),
  }
}

function describeBody({ body, fields, takes, parts, streams }: Endpoint['spec']): Json {
  if (fields) {
    const content = { schema: schemaOf(fields, 'input') }
    const types = { 'application/json': content, 'application/x-www-form-urlencoded': content }
    return { requestBody: { required: true, content: types } }
  }
  const shape = body?.json ?? takes
  if (shape || parts) return { requestBody: { required: true, content: contentOf(shape, parts) } }
  if (streams)
    return { requestBody: { required: true, content: { [streams]: { schema: { type: 'string', format: 'binary' } } } } }
  return {}
}

function contentOf(shape: z.ZodType | undefined, parts: z.ZodType | undefined): Json {
  const json = shape ? { 'application/json': { schema: schemaOf(shape, 'input') } } : {}
  if (!parts) return json
  const properties = { payload: schemaOf(parts, 'input'), backup: { type: 'string', format: 'binary' } }
  const schema = { type: 'object', properties, required: ['payload', 'backup'] }
  return { ...json, 'multipart/form-data': { schema } }
}

function describeAnswer(answer: Endpoint['spec']['answers'][number]): Json {
  if (typeof answer === 'string') return { description: answer }
  if (!answer.schema) return { description: answer.description }
  return {
    description: answer.description,
    content: { [answer.mediaType ?? 'application/json']: { schema: schemaOf(answer.schema, 'output') } },
  }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
