import { EnvelopArmorPlugin } from '@escape.tech/graphql-armor'
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  ProvidedRequiredArgumentsRule,
  type ValidationRule,
  validate as validateDocument,
} from 'graphql'
import { createSchema, createYoga, type Plugin } from 'graphql-yoga'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { limitOperation } from './limit-operation.ts'
import type { Operation } from './read-operation.ts'
import { requireArguments } from './require-arguments.ts'
import { resolvers } from './resolvers.ts'
import { isTooLarge, type Visit } from './visit.ts'
import { typeDefs } from './wire.ts'

/** GraphQL's own rules, one of them in our words, and our limits. */
const validation: Plugin = {
  onValidate({ addValidationRule, setValidationFn }) {
    addValidationRule(limitOperation)
    setValidationFn((schema: GraphQLSchema, document: DocumentNode, rules: readonly ValidationRule[]) =>
      validateDocument(
        schema,
        document,
        rules.map((rule) => (rule === ProvidedRequiredArgumentsRule ? requireArguments : rule)),
        { hideSuggestions: true },
      ),
    )
  },
}

/**
 * Yoga for its parser, executor and plugins. Its HTTP side is not used, for ours reads bodies, and this protocol says
 * 200 to errors too; neither is its cache of documents, which may hold passwords written into the query.
 */
const yoga = createYoga<Visit>({
  schema: createSchema<Visit>({ typeDefs, resolvers }),
  plugins: [
    validation,
    EnvelopArmorPlugin({
      blockFieldSuggestion: { enabled: false },
      maxTokens: { n: 1_000 },
      maxAliases: { n: 15 },
      maxDirectives: { n: 20 },
      costLimit: { maxCost: 5_000, flattenFragments: true },
      // `limitOperation` does it, and knows that introspection has no depth.
      maxDepth: { enabled: false },
    }),
  ],
  parserAndValidationCache: false,
  maskedErrors: false,
  graphiql: false,
  landingPage: false,
  logging: false,
})

/** What a client is told: no extensions, no stack, and nothing of an error that is not ours (otp §3). */
export type Told = {
  answer: { data?: unknown; errors?: Array<{ message: string; locations?: unknown; path?: unknown }> }
  /** What went wrong underneath, in the order of the errors. */
  problems: Problem[]
}

/** Carry out one GraphQL request. Whatever is wrong with it, there is an answer. */
export async function runOperation(operation: Operation, visit: Visit): Promise<Told> {
  const { data, errors } = await resultOf(operation, visit)
  const problems = (errors ?? []).flatMap((error) => problemBehind(error) ?? [])
  if (!errors?.length) return { answer: { data }, problems }
  const told = errors.map(({ message, locations, path }, at) => ({
    message: problemBehind(errors[at])?.code === 'server.failed' ? 'Internal server error' : message,
    locations,
    path,
  }))
  return { answer: data === undefined ? { errors: told } : { data, errors: told }, problems }
}

async function resultOf({ query, variables, operationName }: Operation, visit: Visit): Promise<ExecutionResult> {
  if (query === null) return refused('No query string was present')
  const { schema, parse, validate, contextFactory, execute } = yoga.getEnveloped(visit)
  try {
    const document = parse(query) as DocumentNode
    const errors = validate(schema, document) as readonly GraphQLError[]
    if (errors.length > 0) return { errors }
    const refusal = refuseName(document, operationName)
    if (refusal) return refused(refusal)
    const contextValue = await contextFactory()
    const result = (await execute({
      schema,
      document,
      contextValue,
      variableValues: variables,
      operationName: operationName ?? undefined,
    })) as ExecutionResult
    return isTooLarge(visit) ? refused('The answer is too large.') : result
  } catch (error) {
    // The parser and graphql-armor's rules throw theirs.
    if (error instanceof GraphQLError && !error.originalError) return { errors: [error] }
    throw error
  }
}

function refuseName(document: DocumentNode, operationName: string | null): string | null {
  if (getOperationAST(document, operationName)) return null
  if (operationName !== null) return `No operation named ${JSON.stringify(operationName)}`
  const isAny = document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  return isAny ? 'An operation name is required' : 'The document has no operation'
}

function refused(message: string): ExecutionResult {
  return { errors: [new GraphQLError(message)] }
}

/** Ours as it is, GraphQL's own none, anything else a failure of this server. */
function problemBehind(error: unknown): Problem | null {
  let at = error
  while (at instanceof GraphQLError && at.originalError) at = at.originalError
  if (isProblem(at)) return at
  return at instanceof GraphQLError ? null : new Problem('server.failed', { cause: at })
}
