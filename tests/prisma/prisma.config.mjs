// Prisma's command line on its engine's WebAssembly build: the native one is not on the npm registry.
import { PrismaPg } from '@prisma/adapter-pg'

// pg_type.oid of char, name and name[], which the adapter refuses (prisma/orm#27403), and of the text that they are.
const AS_TEXT = { 18: 25, 19: 25, 1003: 1009 }

class Engine extends PrismaPg {
  async connect() {
    const adapter = await super.connect()
    const ask = adapter.performIO.bind(adapter)
    adapter.performIO = async (query) => {
      const result = await ask(query)
      for (const field of result.fields) field.dataTypeID = AS_TEXT[field.dataTypeID] ?? field.dataTypeID
      return result
    }
    // Whole, as the native engine sends it; the adapter splits it at every semicolon.
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script).catch((error) => adapter.onError(error))
    }
    return adapter
  }
}

export default {
  schema: 'schema.prisma',
  migrations: { path: process.env.PRISMA_TEST_MIGRATIONS },
  experimental: { adapter: true },
  engine: 'js',
  // One connection, as the native engine has: the lock is the session's.
  adapter: async () => new Engine({ connectionString: process.env.DATABASE_URL, max: 1 }),
}
