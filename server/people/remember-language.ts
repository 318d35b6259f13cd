import type { Context } from '#server/context.ts'
import type { Language } from '#server/kit/language.ts'
import { readAccount, updateLanguage } from './store.ts'

/** Write to somebody in this language from now on. A sign-in to the pages says it by itself (`openWebSession`). */
export async function rememberLanguage(ctx: Pick<Context, 'db'>, accountId: string, language: Language): Promise<void> {
  if (readAccount(ctx.db.read, accountId)?.language === language) return
  await ctx.db.write((tx) => updateLanguage(tx, accountId, language))
}
