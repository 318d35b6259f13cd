import { gzipSync } from 'node:zlib'
import {
  buildClientSchema,
  buildSchema,
  type GraphQLObjectType,
  type GraphQLSchema,
  getIntrospectionQuery,
  printType,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshEmail, graphql, messagesOf, password, pin, post, signUp } from '#e2e/support/otp.ts'
import { contractSdl } from '#e2e/support/otp-sdl.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let url: string
beforeAll(async () => {
  server = await startServer()
  url = server.url
})
afterAll(() => server?.[Symbol.asyncDispose]())

test('the six requests of seeds/002 work word for word', async () => {
  await using fresh = await startServer()
  const say = async (query: string, token?: string) => {
    const answer = await fetch(`${fresh.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify({ query }),
    })
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    return [answer.status, await answer.text()]
  }
  const email = 'some.user@gmail.com'
  const account = `email: "${email}", password: "${password}"`
  expect(await say(`mutation { registerUser(${account}) { email } }`)).toEqual([
    200,
    '{"data":{"registerUser":{"email":"some.user@gmail.com"}}}',
  ])
  const [status, signedIn] = await say(`mutation { signInUser(${account}) { token user { email } } }`)
  const token = JSON.parse(String(signedIn)).data.signInUser.token
  expect(token).toMatch(/^[A-Za-z0-9+/]{24}--[A-Za-z0-9+/]{16}--[A-Za-z0-9+/]{22}==$/)
  expect([status, signedIn]).toEqual([
    200,
    `{"data":{"signInUser":{"token":"${token}","user":{"email":"some.user@gmail.com"}}}}`,
  ])
  expect(await say('mutation { addDevice(name: "iPhone XS Max", password: "123456") { id name } }', token)).toEqual([
    200,
    '{"data":{"addDevice":{"id":"1","name":"iPhone XS Max"}}}',
  ])
  const secret = 'LhBcxADNq0NrcPlxwP5skw'
  const otp = `account: "Okta", secret: "${secret}", device_id: 1, password: "123456"`
  expect(await say(`mutation { addOtp(${otp}) { id account } }`, token)).toEqual([
    200,
    '{"data":{"addOtp":{"id":"1","account":"Okta"}}}',
  ])
  expect(await say('{ devices { id name } }', token)).toEqual([
    200,
    '{"data":{"devices":[{"id":"1","name":"iPhone XS Max"}]}}',
  ])
  expect(await say('{ otps(device_id: 1, password: "123456") { id account secret } }', token)).toEqual([
    200,
    `{"data":{"otps":[{"id":"1","account":"Okta","secret":"${secret}"}]}}`,
  ])
})

describe('transport (otp §1)', () => {
  const devices = '{ devices { id } }'
  const anonymous = {
    data: { devices: null },
    errors: [{ message: 'Authentication required.', locations: [{ line: 1, column: 3 }], path: ['devices'] }],
  }

  test('forms and variables as text are taken', async () => {
    const ada = await signUp(url)
    const id = await ada.addDevice()
    const query = 'query ($id: Int!, $pin: String!) { otps(device_id: $id, password: $pin) { id } }'
    const variables = JSON.stringify({ id, pin })
    const Authorization = ada.token
    expect((await post(url, JSON.stringify({ query, variables }), { Authorization })).answer).toEqual({
      data: { otps: [] },
    })
    const form = new URLSearchParams({ query, variables }).toString()
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
    expect((await post(url, form, { Authorization, ...type })).answer).toEqual({ data: { otps: [] } })
  })

  test('the operation name decides among several operations', async () => {
    const query = 'query a { devices { id } } mutation b { signInUser { token } }'
    const say = async (operationName?: unknown) => (await post(url, JSON.stringify({ query, operationName }))).answer
    expect(await say()).toEqual({ errors: [{ message: 'An operation name is required' }] })
    expect(await say('')).toEqual({ errors: [{ message: 'An operation name is required' }] })
    expect(await say('b')).toEqual({ data: { signInUser: null } })
    expect((await say('a')).errors).toMatchObject([{ message: 'Authentication required.', path: ['devices'] }])
    expect(await say('c')).toEqual({ errors: [{ message: 'No operation named "c"' }] })
  })

  test('no query is an error like others, also in a body of another media type', async () => {
    const none = { errors: [{ message: 'No query string was present' }] }
    for (const body of [
      '{}',
      '{"query":null}',
      '{"query":""}',
      '{"query":7}',
      '[]',
      '[{"query":"{devices{id}}"}]',
      '',
    ]) {
      const { status, answer } = await post(url, body)
      expect([body, status, answer]).toEqual([body, 200, none])
    }
    expect((await post(url, devices, { 'Content-Type': 'application/graphql' })).answer).toEqual(none)
    expect((await post(url, JSON.stringify({ query: devices }), { 'Content-Type': 'text/plain' })).answer).toEqual(none)
  })

  test('syntax and validation errors are 200, malformed JSON is 400', async () => {
    for (const query of ['{', '{ devicez { id } }', 'subscription { x }', '{ devices }', 'fragment f on User { id }']) {
      const { status, answer } = await graphql(url, query)
      expect([query, status]).toEqual([query, 200])
      expect(answer).not.toHaveProperty('data')
      expect(answer.errors?.length).toBe(1)
      for (const error of answer.errors ?? [])
        for (const name of Object.keys(error)) expect(['message', 'locations', 'path']).toContain(name)
    }
    for (const body of ['{', '{"query": "', '"x"', 'null', '{"query":"{devices{id}}","variables":"{"}', '\xff\xfe']) {
      const { status, answer } = await post(url, Buffer.from(body, 'latin1'))
      expect([body, status, typeof answer.errors?.[0]?.message]).toEqual([body, 400, 'string'])
    }
  })

  test('names are not camelised and no name is suggested', async () => {
    const { answer } = await graphql(url, '{ otps(deviceId: 1, password: "x") { id } }')
    expect(answer).not.toHaveProperty('data')
    expect(JSON.stringify(answer)).not.toContain('Did you mean')
    expect(messagesOf(await graphql(url, '{ device { id } }'))).toEqual([
      'Cannot query field "device" on type "Query".',
    ])
  })

  test('only POST, and nothing of a browser’s explorer', async () => {
    const say = (method: string) =>
      fetch(`${url}/graphql?query={__typename}`, { method, headers: { Accept: 'text/html' } })
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await say(method)
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'OPTIONS, POST'])
      expect(await answer.json()).toEqual({ errors: [{ message: 'Method not allowed' }] })
    }
    const options = await say('OPTIONS')
    expect([options.status, options.headers.get('allow')]).toEqual([200, 'OPTIONS, POST'])
    expect([...options.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('what a client accepts changes nothing', async () => {
    for (const Accept of ['text/html', 'application/graphql-response+json', 'text/event-stream', 'multipart/mixed']) {
      const { status, headers, answer } = await post(url, JSON.stringify({ query: devices }), { Accept })
      expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
      expect(answer).toEqual(anonymous)
    }
  })

  test('a body over 100 KiB is 413, inflated ones as well', async () => {
    const query = `{ devices { id } } #${'x'.repeat(100 * 1024)}`
    const big = await post(url, JSON.stringify({ query }))
    expect([big.status, big.answer]).toEqual([413, { errors: [{ message: 'Payload too large' }] }])
    const zipped = await post(url, gzipSync(JSON.stringify({ query })), { 'Content-Encoding': 'gzip' })
    expect(zipped.status).toBe(413)
    const small = await post(url, gzipSync(JSON.stringify({ query: devices })), { 'Content-Encoding': 'gzip' })
    expect([small.status, small.answer]).toEqual([200, anonymous])
  })

  test('the token is the last word of Authorization, and a bad one is nobody’s', async () => {
    const { token } = await signUp(url)
    for (const header of [token, `Bearer ${token}`, `Token ${token}`, `bearer   ${token}`, `a b c ${token}  `])
      expect((await graphql(url, devices, {}, header)).answer).toEqual({ data: { devices: [] } })
    const [a = '', b, c] = token.split('--')
    const last = token.at(-3) === 'A' ? 'B' : 'A'
    for (const header of [
      'Bearer',
      'x',
      `Bearer ${a}--${b}`,
      `${b}--${a}--${c}`,
      `${token.slice(0, -3)}${last}==`,
      `${token}x`,
      '--',
      'Basic YTpi',
    ])
      expect((await graphql(url, devices, {}, header)).answer).toEqual(anonymous)
    const registered = await graphql(
      url,
      `mutation { registerUser(email: "${freshEmail()}", password: "x") { id } }`,
      {},
      'x--y--z',
    )
    expect(registered.answer.errors).toBeUndefined()
  })
})

describe('the schema (otp §2)', () => {
  test('introspection gives the contract’s types, names and nullability, and only additions', async () => {
    const { answer } = await graphql(url, getIntrospectionQuery())
    const ours = buildClientSchema(answer.data)
    const contract = buildSchema(contractSdl)
    const types = Object.values(contract.getTypeMap()).filter(({ name }) => !name.startsWith('__'))
    for (const type of types.filter(({ name }) => name !== 'Mutation')) {
      const same = ours.getType(type.name)
      expect(same && printType(same)).toBe(printType(type))
    }
    const mutations = (schema: GraphQLSchema) => printType(schema.getMutationType() as GraphQLObjectType).split('\n')
    expect(mutations(ours)).toEqual(expect.arrayContaining(mutations(contract)))
    expect(Object.keys(ours.getTypeMap()).sort()).toEqual(Object.keys(contract.getTypeMap()).sort())
  })

  test('__typename works, also in the deepest introspection', async () => {
    const typename = await graphql(url, '{ __typename } ')
    expect(typename.answer).toEqual({ data: { __typename: 'Query' } })
    const deep = '{ __type(name: "Query") { fields { type { ofType { ofType { ofType { ofType { name } } } } } } } }'
    expect((await graphql(url, deep)).answer.errors).toBeUndefined()
  })

  test('/docs and the API description say what the server can see', async () => {
    const docs = await (await fetch(`${url}/docs`)).text()
    expect(docs).toContain('/graphql')
    expect(docs).toContain('NOT encrypted before they arrive')
  })
})
