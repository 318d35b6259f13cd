import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type ValidationContext,
} from 'graphql'

/** Levels of fields, the outermost and the innermost counted (otp §6.8). */
const deepest = 6
/** Each of these may cost a run of argon2 or scrypt. */
const mostPasswords = 3
const bearsPassword = new Set([
  'registerUser',
  'signInUser',
  'addDevice',
  'addOtp',
  'otps',
  'changeDevicePassword',
  'importOtps',
])

type Size = { depth: number; passwords: number }

/**
 * Refuse an operation that is too deep, or that would have too many passwords checked, before any of it runs. Fragments
 * count where they are spread; introspection has no depth (design §6). Aliases, tokens and cost are graphql-armor's.
 */
export function limitOperation(context: ValidationContext): ASTVisitor {
  const fragments = new Map<string, Size>()

  function sizeOf(selection: SelectionNode): Size {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return sizeOfFragment(selection.name.value)
    const inner = sizeOfAll(selection.selectionSet?.selections ?? [])
    if (selection.kind === Kind.INLINE_FRAGMENT) return inner
    const name = selection.name.value
    if (name.startsWith('__')) return { depth: 1, passwords: 0 }
    return { depth: inner.depth + 1, passwords: inner.passwords + (isPasswordField(selection) ? 1 : 0) }
  }

  function isPasswordField(field: SelectionNode): boolean {
    // `Device.otps` shares a name with `Query.otps`, but takes no password.
    return field.kind === Kind.FIELD && bearsPassword.has(field.name.value) && (field.arguments ?? []).length > 0
  }

  function sizeOfAll(selections: readonly SelectionNode[]): Size {
    const sizes = selections.map(sizeOf)
    return {
      depth: sizes.reduce((deep, { depth }) => Math.max(deep, depth), 0),
      passwords: sizes.reduce((sum, { passwords }) => sum + passwords, 0),
    }
  }

  /** Each fragment is looked at once; a circle, which another rule refuses, ends at 0. */
  function sizeOfFragment(name: string): Size {
    const known = fragments.get(name)
    if (known) return known
    fragments.set(name, { depth: 0, passwords: 0 })
    const size = sizeOfAll(context.getFragment(name)?.selectionSet.selections ?? [])
    fragments.set(name, size)
    return size
  }

  return {
    OperationDefinition(operation: OperationDefinitionNode) {
      const { depth, passwords } = sizeOfAll(operation.selectionSet.selections)
      const nodes = { nodes: operation }
      if (depth > deepest) context.reportError(new GraphQLError(`Query depth limit of ${deepest} exceeded.`, nodes))
      if (passwords > mostPasswords)
        context.reportError(
          new GraphQLError(`At most ${mostPasswords} fields that take a password are answered in one request.`, nodes),
        )
    },
  }
}
