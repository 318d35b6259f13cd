import { z } from 'zod'

/**
 * What Next's client sends of its place in the app (`FlightRouterState`, Next 16.4). Next answers 500 to one that it
 * cannot read, so it is checked here first and refused as the client's fault.
 */
const parameterKinds = 'c ci(..)(..) ci(.) ci(..) ci(...) oc d di(..)(..) di(.) di(..) di(...)'.split(' ')

const segment = z.union([
  z.string(),
  z.tuple([z.string(), z.string(), z.enum(parameterKinds), z.array(z.string()).nullable()]),
])

const tree: z.ZodType = z.tuple([
  segment,
  z.record(
    z.string(),
    z.lazy(() => tree),
  ),
  z.tuple([z.string(), z.string()]).nullish(),
  z.enum(['refetch', 'inside-shared-layout', 'metadata-only']).nullish(),
  z.number().nullish(),
  z.string().optional(),
])

const longest = 40_000

export function isRouterTree(header: string): boolean {
  if (header.length > longest) return false
  try {
    return tree.safeParse(JSON.parse(decodeURIComponent(header))).success
  } catch {
    // Bad JSON or encoding, or nested deeper than the stack.
    return false
  }
}
