import {
  type ASTVisitor,
  type FieldNode,
  GraphQLError,
  isRequiredArgument,
  ProvidedRequiredArgumentsRule,
  type ValidationContext,
} from 'graphql'

/** GraphQL's rule on required arguments, in the words that otp §3 gives for fields. */
export function requireArguments(context: ValidationContext): ASTVisitor {
  const theirs = ProvidedRequiredArgumentsRule(context)
  return {
    ...theirs,
    Field: {
      leave(field: FieldNode) {
        const given = new Set(field.arguments?.map(({ name }) => name.value))
        const missing = (context.getFieldDef()?.args ?? [])
          .filter((argument) => isRequiredArgument(argument) && !given.has(argument.name))
          .map(({ name }) => name)
        if (missing.length === 0) return
        const words = `Field '${field.name.value}' is missing required arguments: ${missing.join(', ')}`
        context.reportError(new GraphQLError(words, { nodes: field }))
      },
    },
  }
}
